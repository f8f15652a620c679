"""Which message a reply is about: one of the same case, or none, since what is answered may be quoted."""

from __future__ import annotations

from bot.domain.addresses import Place
from bot.domain.ids import CaseId, MessageId
from bot.services.unit import Unit
from storage import history, messages


def named(unit: Unit, case_id: CaseId, place: Place, native: str) -> MessageId | None:
    """The message of a case that a native one stands for: source, copy, a correction, or its line in a short note."""
    row = messages.at(unit.tx, place.platform, place.workspace, place.chat, native)
    if row is None:
        delivery = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, native)
        told = None if delivery is None else history.restated(delivery)
        row = None if told is None else messages.get(unit.tx, told)
    return MessageId(row["id"]) if row is not None and row["case_id"] == case_id else None
