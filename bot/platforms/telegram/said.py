"""What Telegram's answer to a send says of the message: the four values we keep, and nothing else of it is read."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message

from bot.domain.errors import Unknown
from bot.platforms.telegram.shapes import child, integer


@dataclass(frozen=True, slots=True)
class Said:
    """A message of ours, and where it stands. Replies in groups have a `thread` too, which is no topic."""

    number: int
    chat: int
    thread: int | None
    in_topic: bool


def of_library(message: Message) -> Said:
    """What the library has read."""
    thread, in_topic = message.message_thread_id, message.is_topic_message is True
    return Said(message.message_id, message.chat_id, thread, in_topic)


def told(answer: object) -> Said:
    """What the plain JSON says. `Unknown` where it is no message: then nobody knows whether there is one."""
    if isinstance(answer, dict):
        number, chat = integer(answer, "message_id"), integer(child(answer, "chat") or {}, "id")
        if number is not None and chat is not None:
            thread, in_topic = integer(answer, "message_thread_id"), answer.get("is_topic_message") is True
            return Said(number, chat, thread, in_topic)
    raise Unknown("unreadable")
