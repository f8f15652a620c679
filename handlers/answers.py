"""How handlers answer: at once where the platform lets us, else as a message where the person is."""

from __future__ import annotations

from typing import Any

from bot.domain.events import Origin
from bot.domain.ids import PersonId
from bot.domain.outbound import Reply, Toast
from bot.services import notices
from bot.services.unit import Unit
from storage import accounts

Row = dict[str, Any]


def who(unit: Unit, origin: Origin) -> Row:
    """The person behind an event that the router has already let through."""
    sender = origin.sender
    row = accounts.find(unit.tx, sender.platform, sender.workspace, sender.user) if sender is not None else None
    if row is None:
        raise LookupError("nobody we know sent this event")
    return row


def answer(unit: Unit, origin: Origin, person: Row, text: str) -> Reply | None:
    """One line to the person who did something, where they did it."""
    if origin.live:
        return Toast(text)
    notices.to_place_of(unit, PersonId(person["person_id"]), origin, text)
    return None
