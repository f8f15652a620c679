"""Which message a reply is about."""

from __future__ import annotations

from bot.domain.addresses import Place
from bot.domain.ids import MessageId
from bot.services.unit import Unit
from storage import history, messages


def named(unit: Unit, place: Place, native: str) -> MessageId | None:
    """The message that a native one stands for: its source or copy, a correction of it, or its line in a short note."""
    row = messages.at(unit.tx, place.platform, place.workspace, place.chat, native)
    if row is not None:
        return MessageId(row["id"])
    delivery = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, native)
    told = None if delivery is None else history.restated(delivery)
    return None if told is None else MessageId(told)
