"""Which seat an event belongs to: the room it came from, or the message it answers. Never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.case_states import OVER
from bot.domain.events import Origin
from bot.services import check_in_sheets, moving
from bot.services.unit import Unit
from storage import messages, seats

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The sender's own living seat, or why there is none: closed, left, moved, intruder, unbound, which (unclear)."""

    seat: Row | None
    why: str = ""
    went: str = ""
    """The app in which a case that moved goes on."""
    case_id: int | None = None
    """The case that is over, where its room was."""


def find_seat(unit: Unit, origin: Origin, person: Row, reply_to: str | None) -> Found:
    """The seat an event speaks for."""
    place = origin.place
    if not origin.direct:
        return _in_room(unit, origin, person)
    own = seats.of_person(unit.tx, person["person_id"])
    if reply_to is not None:
        named = _cases_of(unit, origin, reply_to)
        if len(named) > 1:  # a day's check-ins are about several
            return Found(None, "which" if own else "unbound")
        case_id = next(iter(named), None)
        answered = next((seat for seat in own if seat["case_id"] == case_id), None)
        if answered is not None:
            return Found(answered)
        if case_id is not None:
            # It names a case, and no other may be guessed, were it the only one left.
            former = seats.last_of_person(unit.tx, case_id, person["person_id"])
            return Found(None, "which" if own else "unbound") if former is None else _former(unit, former)
    shared = [
        seat
        for seat in own
        if seat["shared"]
        and (seat["platform"], seat["workspace"], seat["chat"]) == (place.platform, place.workspace, place.chat)
    ]
    if len(own) == 1 and len(shared) == 1:
        return Found(shared[0])
    return Found(None, "which" if own else "unbound")


def _in_room(unit: Unit, origin: Origin, person: Row) -> Found:
    place = origin.place
    rows = seats.at_place(unit.tx, place.platform, place.workspace, place.chat, place.topic)
    if not rows:
        return _being_opened(unit, origin, person)
    living = [seat for seat in rows if seat["state"] in ("opening", "open", "held")]
    if not living:
        mine = [seat for seat in rows if seat["person_id"] == person["person_id"]]
        if not mine:
            return Found(None, "intruder")
        return _former(unit, mine[0])
    seat = living[0]
    if seat["person_id"] != person["person_id"] or len(living) > 1:
        return Found(None, "intruder")
    return Found(seat)


def _former(unit: Unit, seat: Row) -> Found:
    """What became of a seat that its person has no more."""
    if seat["case_state"] in OVER:
        return Found(None, "closed", case_id=int(seat["case_id"]))
    went = moving.went_to(unit, seat)
    return Found(None, "left") if went is None else Found(None, "moved", went)


def _being_opened(unit: Unit, origin: Origin, person: Row) -> Found:
    """A room its person can already see while we are still making it: its id is committed before they are let in."""
    place = origin.place
    own = seats.of_person(unit.tx, person["person_id"])
    for seat in own:
        same = (seat["platform"], seat["workspace"]) == (place.platform, place.workspace)
        if seat["state"] == "opening" and same and seat["resume"] == f"id:{place.topic or place.chat}":
            return Found(seat)
    private = unit.capabilities[place.platform].room_in_chat and place.chat == person["user_ref"]
    return Found(None, "which" if own and private else "unbound")


def _cases_of(unit: Unit, origin: Origin, native: str) -> set[int]:
    """The cases that a message in a private chat is about; none if it is about no case."""
    place = origin.place
    message = messages.at(unit.tx, place.platform, place.workspace, place.chat, native)
    if message is not None:
        return {int(message["case_id"])}
    delivery = messages.delivery_at(unit.tx, place.platform, place.workspace, place.chat, native)
    if delivery is None:
        return set()
    if delivery["case_id"] is not None:
        return {int(delivery["case_id"])}
    return check_in_sheets.cases_on(unit, str(delivery["card"]))
