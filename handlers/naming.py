"""Which message is meant: by its number in this case, or the one a command replies to."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Place
from bot.domain.events import CommandReceived
from bot.services import replies
from bot.services.unit import Unit
from handlers.places import find_seat
from storage import messages

Row = dict[str, Any]


def named(unit: Unit, event: CommandReceived, person: Row, number: str) -> Row | None:
    """The message that `number` (as typed, maybe empty) or the reply of a command names; None if neither does."""
    number = number.strip().lstrip("#")
    if not number and event.reply_to is not None:
        return standing_at(unit, event.origin.place, event.reply_to)
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None or not number.isdecimal() or len(number) > 9:
        return None
    return messages.by_no(unit.tx, found.seat["case_id"], int(number))


def standing_at(unit: Unit, place: Place, native: str) -> Row | None:
    """The message that stands in a place, as the words of it are now; None for what is none."""
    message = messages.at(unit.tx, place.platform, place.workspace, place.chat, native)
    return None if message is None else replies.standing(unit, message)
