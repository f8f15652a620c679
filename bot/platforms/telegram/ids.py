"""Telegram's ids as ours: numbers become strings, a topic is a `message_thread_id`, a workspace is always empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain.addresses import Account, Place
from bot.domain.errors import Reason, Refused

PLATFORM: Final = "telegram"


@dataclass(slots=True)
class Identity:
    """Who the bot is: `id` from its token; the rest from the latest getMe, empty until one succeeded."""

    id: int
    username: str = ""
    topics: bool = False
    """Threaded mode is on (`has_topics_enabled`)."""


def account(user: int | str) -> Account:
    """A person's account by numeric id."""
    return Account(PLATFORM, "", str(user))


def place(chat: int | str, topic: int | str | None = None) -> Place:
    """A chat, or a topic in it."""
    return Place(PLATFORM, "", str(chat), str(topic or ""))


def queue(where: Place) -> str:
    """The inbox queue of a chat or topic: `telegram||chat|topic`."""
    return f"{PLATFORM}||{where.chat}|{where.topic}"


def chat_number(where: Place) -> int:
    """The chat id on the wire; raises `Refused(OTHER)` for a place that is not Telegram's."""
    return number(where.chat)


def topic_number(where: Place) -> int | None:
    """The `message_thread_id` on the wire, None for the whole chat."""
    return number(where.topic) if where.topic else None


def number(native: str) -> int:
    """A native id on the wire; raises `Refused(OTHER)` if it is no number."""
    try:
        return int(native)
    except ValueError:
        raise Refused(Reason.OTHER, "not_a_telegram_id") from None


def cursor_name(bot: int) -> str:
    """The name of the poller's cursor; its value is the next `offset`."""
    return f"{PLATFORM}:{bot}"


def seen_name(bot: int) -> str:
    """The name of the cursor that holds when the poller last heard from Telegram, in µs."""
    return f"{PLATFORM}:{bot}:seen"


def update_key(bot: int, update: int) -> str:
    """An update's own key. Update ids are counted per bot."""
    return f"update:{bot}:{update}"


def message_key(bot: int, chat: str, message: int) -> str:
    """A new message's key. A private chat counts its messages per bot, so the bot is part of it."""
    return f"message:{bot}:{chat}:{message}"


def edit_key(bot: int, chat: str, message: int, edited: int, digest: str) -> str:
    """An edit's key. `edit_date` has seconds, and two edits may share one: the content's digest tells them apart."""
    return f"edit:{bot}:{chat}:{message}:{edited}:{digest}"


def odd_key(bot: int, digest: str) -> str:
    """The key of a body without an update id."""
    return f"odd:{bot}:{digest}"
