"""One person's Telegram as data for the page: topics, messages, buttons, keyboard, menu."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram import Act, FakeTelegram, Message
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram.state import Bot, Chat

JSON = dict[str, Any]


def view(telegram: FakeTelegram, person: TelegramPerson) -> JSON:
    """Everything on this person's screen; moments in seconds since the epoch."""
    bot = telegram.bot()
    chat = bot.chats[person.id]
    waiting = {
        (update.raw.get("message") or update.raw.get("edited_message") or {}).get("message_id")
        for update in bot.queue.pending
    }
    return {
        "id": str(person.id),
        "name": person.account.first_name,
        "bot": bot.account.username,
        "started": chat.started and not chat.blocked,
        "topics": [{"id": one.id, "name": one.name, "colour": f"#{one.colour:06x}"} for one in person.topics],
        "messages": [_message(chat, one, waiting) for one in chat.messages.values()],
        "keyboard": person.keyboard,
        "commands": _commands(bot, person.id),
        "toast": _toast(telegram, person),
    }


def _message(chat: Chat, message: Message, waiting: set[int | None]) -> JSON:
    shown: JSON = {
        "id": message.message_id,
        "topic": message.topic or 0,
        "mine": not message.by_bot,
        "at": message.date,
        "text": message.text,
        "entities": message.entities,
        "edited": message.edit_date is not None and not message.by_bot,
        "silent": message.silent,
        "pinned": message.message_id in chat.pinned,
        "taken": message.message_id not in waiting,
        "album": message.album,
        "reactions": [{"emoji": emoji, "mine": who == chat.id} for who, emoji in message.reactions.items()],
        "buttons": [
            [{"label": one.label, "data": one.data, "url": one.url, "style": one.style} for one in row]
            for row in message.buttons
        ],
    }
    if message.reply_to is not None:
        replied = message.reply_to
        shown["reply"] = {"id": replied.message_id, "mine": not replied.by_bot, "text": _first_line(replied)}
    if message.media is not None:
        file = message.media.file
        shown["file"] = {
            "kind": message.media.kind,
            "name": file.name or message.media.kind,
            "size": file.size,
            "url": f"/file/telegram/{file.file_id}",
        }
    if message.service is not None:
        shown["service"] = _service(message)
    return shown


def _first_line(message: Message) -> str:
    if message.text:
        return message.text.splitlines()[0][:120]
    return message.media.kind if message.media is not None else ""


def _service(message: Message) -> JSON:
    service = message.service or {}
    if "forum_topic_created" in service:
        return {"kind": "topic", "name": service["forum_topic_created"]["name"]}
    if "forum_topic_edited" in service:
        return {"kind": "renamed", "name": service["forum_topic_edited"].get("name", "")}
    if "pinned_message" in service:
        return {"kind": "pinned"}
    return {"kind": "other"}


def _commands(bot: Bot, person: int) -> list[JSON]:
    """The menu beside the input line: the person's own, else the one of all private chats, else the default."""
    for scope in (f"chat:{person}", "all_private_chats", "default"):
        found = bot.commands.get((scope, "en")) or bot.commands.get((scope, ""))
        if found:
            return [{"name": one["command"], "about": one["description"]} for one in found]
    return []


def _toast(telegram: FakeTelegram, person: TelegramPerson) -> JSON | None:
    """The newest toast or alert, by its number in the list of everything seen."""
    shown = telegram.truth.of(person.id, kinds=(Act.TOAST, Act.ALERT))
    return {"seq": shown[-1].seq, "text": shown[-1].text, "alert": shown[-1].kind is Act.ALERT} if shown else None
