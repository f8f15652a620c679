"""Reading Telegram's JSON without trusting it: what is missing or of another type is simply not there.

`Update.de_json` would do, at 90 µs an update against 2, and raises for the whole update when one field is odd.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.addresses import Account, Place
from bot.platforms.telegram.ids import account, place

Json = Mapping[str, Any]
_LATEST: Final = 1 << 33
_BEYOND: Final = 1 << 63


def child(parent: Json, key: str) -> Json | None:
    """An object inside an object."""
    value = parent.get(key)
    return value if isinstance(value, dict) else None


def items(parent: Json, key: str) -> tuple[Json, ...]:
    """The objects of a list."""
    value = parent.get(key)
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def integer(parent: Json, key: str) -> int | None:
    """A whole number of at most 63 bits and a sign, as every store can hold; True is none."""
    value = parent.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BEYOND else None


def string(parent: Json, key: str) -> str:
    """A string, empty if there is none."""
    value = parent.get(key)
    return value if isinstance(value, str) else ""


def microseconds(parent: Json, key: str) -> int:
    """Unix seconds as µs; 0 if unsaid, or beyond any date that could be meant."""
    seconds = integer(parent, key) or 0
    return seconds * 1_000_000 if 0 < seconds < _LATEST else 0


def topic_of(message: Json) -> str:
    """The topic a message is in. Replies in groups carry a `message_thread_id` too, which is no topic."""
    thread = integer(message, "message_thread_id")
    return str(thread) if thread and message.get("is_topic_message") is True else ""


def place_of(message: Json) -> Place | None:
    """The chat or topic of anything that has a `chat`; None for channels and for what has none."""
    chat = child(message, "chat")
    if chat is None or string(chat, "type") not in ("private", "group", "supergroup"):
        return None
    number = integer(chat, "id")
    return None if number is None else place(number, topic_of(message))


def is_private(message: Json) -> bool:
    """In a person's own chat with the bot."""
    chat = child(message, "chat")
    return chat is not None and string(chat, "type") == "private"


def person_of(event: Json, key: str = "from") -> Account | None:
    """The person behind an event; None for bots, and for whoever writes in the name of a chat."""
    user = child(event, key)
    if user is None or user.get("is_bot") is True or child(event, "sender_chat") is not None:
        return None
    number = integer(user, "id")
    return None if number is None else account(number)


def is_bot(event: Json) -> bool:
    """Sent by a bot, ourselves included."""
    user = child(event, "from")
    return user is not None and user.get("is_bot") is True
