"""Commands, presses, shortcuts and modals as Slack sends them, and what it does with the app's answers."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.slack import blocks as kit
from bot.sandbox.slack import forms, payloads, views
from bot.sandbox.slack.calls_chat import content
from bot.sandbox.slack.errors import JSON, BadAnswerError, RefusedError
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.views import View
from bot.sandbox.slack.world import Channel, Kind, Message, Shortcut, User

ANSWER_TEXT = 40_000


# ---------------------------------------------------------------------------------------------------- payloads
def _base(team: Team, user: User, kind: str, view: View | None = None) -> JSON:
    workspace = team.workspace
    return {
        "type": kind,
        "team": {"id": workspace.id, "domain": workspace.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.id},
        "api_app_id": workspace.app_id,
        "token": payloads.VERIFICATION_TOKEN,
        "trigger_id": team.views.trigger(user.id, view),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(channel: Channel) -> JSON:
    names = {Kind.IM: "directmessage", Kind.PRIVATE: "privategroup", Kind.PUBLIC: channel.name}
    return {"id": channel.id, "name": names[channel.kind]}


def command(team: Team, user: User, name: str, text: str, channel: Channel) -> JSON:
    """A slash command: flat, all strings."""
    workspace = team.workspace
    return {
        "token": payloads.VERIFICATION_TOKEN,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": _channel(channel)["name"],
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": team.response_url(channel.id, user.id),
        "trigger_id": team.views.trigger(user.id),
    }


def action(team: Team, user: User, on: Message | View, block: JSON, element: JSON, state: JSON | None) -> JSON:
    """block_actions: a button pressed or a menu changed, in a message, a modal or App Home."""
    done = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
    done["action_ts"] = f"{team.now():.6f}"
    if element["type"] == "button":
        done |= {key: element[key] for key in ("text", "value", "style") if key in element}
    else:
        done |= {key: value for key, value in (state or {}).items() if key != "type"}
    if isinstance(on, View):
        body = _base(team, user, "block_actions", on)
        place: JSON = {"container": {"type": "view", "view_id": on.id}, "view": views.payload(team.workspace, on)}
        return body | place | {"actions": [done]}
    channel = team.workspace.channels[on.channel]
    hidden = bool(on.ephemeral_to)
    container = {"type": "message", "message_ts": on.ts, "channel_id": on.channel, "is_ephemeral": hidden}
    values: JSON = {}
    if state is not None:
        values = {block["block_id"]: {element["action_id"]: state}}
    body = _base(team, user, "block_actions") | {"container": container, "channel": _channel(channel)}
    if not hidden:
        body["message"] = payloads.message(team.workspace, on)
    link = team.response_url(on.channel, user.id, (on.ts, hidden))
    return body | {"state": {"values": values}, "response_url": link, "actions": [done]}


def shortcut(team: Team, user: User, entry: Shortcut, on: Message | None) -> JSON:
    """message_action or a global shortcut."""
    kind = "message_action" if entry.on_message else "shortcut"
    body = _base(team, user, kind) | {"callback_id": entry.callback_id, "action_ts": f"{team.now():.6f}"}
    if on is None:
        return body
    channel = team.workspace.channels[on.channel]
    return body | {
        "channel": _channel(channel),
        "message_ts": on.ts,
        "message": payloads.message(team.workspace, on),
        "response_url": team.response_url(on.channel, user.id, (on.ts, False)),
    }


def submission(team: Team, user: User, view: View) -> JSON:
    """view_submission."""
    body = _base(team, user, "view_submission", view)
    return body | {"view": views.payload(team.workspace, view), "response_urls": []}


def closing(team: Team, user: User, view: View, *, cleared: bool) -> JSON:
    """view_closed, for views that asked for it; it carries no trigger."""
    body = _base(team, user, "view_closed")
    del body["trigger_id"]
    return body | {"view": views.payload(team.workspace, view), "is_cleared": cleared}


# ----------------------------------------------------------------------------------------- answers to a modal
def after_submission(team: Team, view: View, answer: JSON | None) -> None:
    """Do what the app answered to a submission: close, clear, update, push, or show errors."""
    stack = team.views.stacks.get(view.user, [])
    if answer is None:
        team.views.drop(view)
        return
    kind = answer.get("response_action")
    try:
        if kind == "clear":
            team.views.drop(*stack)
        elif kind == "errors":
            view.errors = _errors(view, answer.get("errors"))
            team.views.shown(view)
        elif kind == "update":
            team.views.check(answer.get("view"), ("modal",), besides=view)
            team.views.replace(view, answer["view"])
        elif kind == "push":
            team.views.check(answer.get("view"), ("modal",))
            team.views.stack(view.user, answer["view"])
        else:
            raise BadAnswerError(f"a submission cannot be answered with {answer!r}")
    except RefusedError as error:
        raise BadAnswerError(f"the answer to a submission cannot be shown: {error.body}") from error


def _errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise BadAnswerError(f"errors must name input blocks of the view, not {errors!r}")
    if not all(isinstance(words, str) and words for words in errors.values()):
        raise BadAnswerError(f"errors must be words, not {errors!r}")
    return dict(errors)


def labelled(view: View) -> dict[str, str]:
    """The errors under a modal's inputs, by label."""
    inputs: Sequence[JSON] = [block for block in view.blocks if block["block_id"] in view.errors]
    return {forms.label_of(block): view.errors[block["block_id"]] for block in inputs}


# ------------------------------------------------------------------------------------------ response URLs
def use_link(team: Team, key: str, body: JSON) -> None:
    """Post to a response_url: at most five times in thirty minutes."""
    link = team.links.get(key)
    if link is None or link.uses <= 0:
        raise RefusedError("used_url")
    if team.now() > link.expires:
        raise RefusedError("expired_url")
    link.uses -= 1
    respond(team, team.workspace.channels[link.channel], link.user, body, link.source)


def respond(team: Team, channel: Channel, user: str, body: JSON, source: tuple[str, bool] | None = None) -> None:
    """Show an app's answer to what one person did: to them alone, to all, or in place of the message acted on."""
    unknown = set(body) - {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "mrkdwn",
        "unfurl_links",
        "unfurl_media",
        "metadata",
    }
    if unknown or body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise RefusedError("invalid_payload")
    original = _original(team, channel, source)
    if body.get("delete_original"):
        if original is not None and original.ephemeral_to:
            team.workspace.ephemerals.remove(original)
        elif original is not None:
            team.rooms.delete(original, team.workspace.bot_user)
        return
    text, blocks = content(body, ANSWER_TEXT)
    if body.get("replace_original") and original is not None:
        if original.ephemeral_to:
            original.text, original.blocks = text, kit.with_ids(blocks, team.rooms.ids.words())
            team.rooms.whispered(original)
        else:
            team.rooms.edit(original, team.workspace.bot_user, text, blocks)
    elif body.get("response_type") == "in_channel":
        team.rooms.post(channel, team.workspace.bot_user, text, blocks=blocks)
    else:
        team.rooms.whisper(channel, user, text, blocks, str(body.get("thread_ts", "")))


def _original(team: Team, channel: Channel, source: tuple[str, bool] | None) -> Message | None:
    if source is None:
        return None
    ts, hidden = source
    if hidden:
        return next((one for one in team.workspace.ephemerals if one.ts == ts), None)
    return channel.find(ts)
