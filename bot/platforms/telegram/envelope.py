"""One update as the durable inbox wants it: its keys, its queue, its own JSON; nothing here understands content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.platforms.telegram.ids import PLATFORM, edit_key, message_key, odd_key, place, queue, update_key
from bot.platforms.telegram.shapes import Json, child, integer, string, topic_of
from bot.platforms.telegram.wire import dumps
from bot.ports.inbound import RawUpdate

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""What we ask Telegram for, by name; its default leaves reactions out."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`query` is the id of a button press that waits for its answer, else empty; `id` None in a malformed update."""

    raw: RawUpdate
    id: int | None
    query: str = ""
    sound: bool = True
    """It has the shape of an update; if not it is kept all the same."""


def seal(bot: int, update: object) -> Envelope:
    """The envelope of one update as parsed JSON, whatever it is. Never raises."""
    body = _body(update)
    if not isinstance(update, dict) or (number := integer(update, "update_id")) is None:
        return Envelope(_raw((odd_key(bot, _digest(body)),), "", "", body), None, sound=False)
    keys = [update_key(bot, number)]
    query = child(update, "callback_query")
    for kind in ALLOWED_UPDATES:
        event = child(update, kind)
        if event is not None:
            break
    else:
        return Envelope(_raw(tuple(keys), "", "", body), number, sound=False)
    source = (child(event, "message") or {}) if query is event else event
    chat = _chat(source)
    message = integer(event, "message_id")
    if chat and message is not None and kind == "message":
        keys.append(message_key(bot, chat, message))
    elif chat and message is not None and kind == "edited_message":
        edited = integer(event, "edit_date") or 0
        keys.append(edit_key(bot, chat, message, edited, _digest(_content(event))))
    raw = _raw(tuple(keys), chat, topic_of(source), body)
    waiting = string(query, "id") if query is not None else ""
    return Envelope(raw, number, waiting, sound=bool(chat or waiting))


def _raw(keys: tuple[str, ...], chat: str, topic: str, body: bytes) -> RawUpdate:
    return RawUpdate(PLATFORM, "", keys, queue(place(chat, topic)), body)


def _chat(source: Json) -> str:
    chat = child(source, "chat")
    number = integer(chat, "id") if chat is not None else None
    return "" if number is None else str(number)


def _content(message: Json) -> bytes:
    named = ("text", "entities", "caption", "caption_entities", "photo", "document", "video", "animation", "audio")
    return _body([message.get(name) for name in named])


def _body(value: object) -> bytes:
    try:
        return dumps(value)
    except RecursionError:
        return b"null"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
