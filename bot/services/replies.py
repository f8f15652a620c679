"""Which message a reply is about: one of the same case, or none, since what is answered may be quoted."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Place
from bot.domain.ids import CaseId, MessageId
from bot.services.unit import Unit
from storage import history, messages

Row = dict[str, Any]


def named(unit: Unit, case_id: CaseId, place: Place, native: str) -> MessageId | None:
    """The message of a case that a native one stands for: source, copy, a correction, or its line in a short note."""
    row = messages.at(unit.tx, place.platform, place.workspace, place.chat, native)
    if row is None:
        delivery = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, native)
        told = None if delivery is None else history.restated(delivery)
        row = None if told is None else messages.get(unit.tx, told)
    if row is None or row["case_id"] != case_id:
        return None
    return MessageId(standing(unit, row)["id"])


def standing(unit: Unit, message: Row) -> Row:
    """Where a message's words are now, in its own case: it may have been taken back and sent again without some."""
    while message["again_id"] is not None:
        again = messages.get(unit.tx, message["again_id"])
        assert again is not None
        if again["case_id"] != message["case_id"]:
            break
        message = again
    return message
