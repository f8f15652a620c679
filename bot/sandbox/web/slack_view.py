"""One person's Slack as data for the page: channels, messages with their blocks, threads, modal, App Home."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import Channel, Message
from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.slack.views import View
from bot.sandbox.slack.world import File, Kind, Workspace

JSON = dict[str, Any]


def view(workspace: Workspace, person: SlackPerson) -> JSON:
    """Everything on this person's screen; moments are Slack's own ts."""
    direct = workspace.dm(person.id)
    places = [one for one in person.rooms if not one.archived]
    return {
        "id": person.id,
        "team": workspace.name,
        "users": {one.id: one.real_name for one in workspace.users.values()},
        "bot": workspace.bot_user,
        "channels": [
            {
                "id": one.id,
                "name": one.name,
                "topic": one.topic,
                "members": len(one.members),
                "messages": _messages(workspace, person, one),
            }
            for one in places
        ],
        "direct": {
            "id": "DM" if direct is None else direct.id,
            "messages": [] if direct is None else _messages(workspace, person, direct),
        },
        "modal": _view(person.modal),
        "home": _view(person.home),
        "commands": sorted(workspace.commands),
        "shortcuts": [{"id": one.callback_id, "name": one.name} for one in workspace.shortcuts if one.on_message],
        "warnings": list(person.warnings),
    }


def _messages(workspace: Workspace, person: SlackPerson, channel: Channel) -> list[JSON]:
    whispered = [one for one in workspace.ephemerals if one.ephemeral_to == person.id and one.channel == channel.id]
    shown = sorted([*channel.standing(), *whispered], key=lambda one: [int(part) for part in one.ts.split(".")])
    return [_message(channel, person, one) for one in shown]


def _message(channel: Channel, person: SlackPerson, message: Message) -> JSON:
    return {
        "ts": message.ts,
        "user": message.user,
        "app": message.from_bot,
        "mine": message.user == person.id,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edited is not None,
        "thread": message.thread_ts if message.is_reply else "",
        "broadcast": message.broadcast,
        "system": message.system,
        "whisper": bool(message.ephemeral_to),
        "pinned": kind_has_pins(channel) and message.ts in channel.pins,
        "files": [_file(one) for one in message.files],
        "reactions": [
            {"name": name, "count": len(users), "mine": person.id in users}
            for name, users in message.reactions.items()
            if users
        ],
    }


def kind_has_pins(channel: Channel) -> bool:
    """Pins of a direct message are not drawn."""
    return channel.kind is not Kind.IM


def _file(file: File) -> JSON:
    return {
        "id": file.id,
        "name": file.title or file.name,
        "size": file.size,
        "gone": file.deleted,
        "picture": file.mimetype.startswith("image/"),
        "url": f"/file/slack/{file.id}",
    }


def _view(shown: View | None) -> JSON | None:
    """A modal or App Home; its errors stand by block_id, what was entered as `values`."""
    if shown is None:
        return None
    body = shown.body
    return {
        "id": shown.id,
        "hash": shown.hash,
        "title": shown.title,
        "submit": body.get("submit", {}).get("text", ""),
        "close": body.get("close", {}).get("text", ""),
        "blocks": shown.blocks,
        "values": shown.values(),
        "errors": shown.errors,
    }
