"""Which message a reply is about: one of the same case, or none, since what is answered may be quoted."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Place
from bot.domain.ids import CaseId, MessageId
from bot.services.unit import Unit
from storage import history, lanes, messages

Row = dict[str, Any]


def named(unit: Unit, case_id: CaseId, place: Place, native: str) -> MessageId | None:
    """The message of a case that a native one stands for: source, copy, a correction, or its line in a short note."""
    found = shown(unit, place, native)
    if found is None or found[0]["case_id"] != case_id:
        return None
    return MessageId(standing(unit, found[0])["id"])


def shown(unit: Unit, place: Place, native: str) -> tuple[Row, int] | None:
    """The message that a native one stands for, as `named`, and the seat in whose room it stands."""
    row = messages.at(unit.tx, place.platform, place.workspace, place.chat, native)
    if row is not None:
        return row, int(row["part_seat_id"])
    delivery = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, native)
    told = None if delivery is None else history.restated(delivery)
    message = None if told is None else messages.get(unit.tx, told)
    lane = None if delivery is None or message is None else lanes.get(unit.tx, delivery["lane_id"])
    if message is None or lane is None or lane["seat_id"] is None:
        return None
    return message, int(lane["seat_id"])


def standing(unit: Unit, message: Row) -> Row:
    """Where a message's words are now, in its own case: it may have been taken back and sent again without some."""
    while message["again_id"] is not None:
        again = messages.get(unit.tx, message["again_id"])
        assert again is not None
        if again["case_id"] != message["case_id"]:
            break
        message = again
    return message
