"""Rooms that are not right: their seats are held, looked at again by the clock, and opened, or made anew, in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.errors import Reason
from bot.domain.ids import LaneId, SeatId
from bot.domain.rules import HOUR, MINUTE
from bot.services import notices
from bot.services.unit import Unit
from storage import lanes, seats

Row = dict[str, Any]
EVERY = HOUR
"""Between two looks at a room that is held."""
SOON = MINUTE
"""Until the first look at a room that seems to be gone: its platform may still say what became of it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A held seat whose room is to be looked at."""

    seat: SeatId
    place: Place
    owner: Account


def hold(unit: Unit, seat: Row, reason: str, incident: str, *, look: int = EVERY) -> None:
    """Nothing goes to this room until it is right; the coordinators are told once. First look after `look` (µs)."""
    seats.hold(unit.tx, seat["id"], reason, unit.now + look)
    lanes.pause(unit.tx, notices.lane_of_seat(unit, seat), reason)
    unit.audit(seat["case_id"], "service", "seat.held", seat=seat["id"], reason=reason)
    notices.alert(unit, incident, seat["ref"])


def refused(unit: Unit, seat: Row, reason: Reason) -> None:
    """A send found the room not right, or gone."""
    if seat["state"] == "opening":  # given up while this was under way: another is being made
        return
    unsaid = reason is Reason.ROOM_GONE and seat["state"] != "held"  # the event that tells what became of it may come
    hold(unit, seat, reason.value, _incident(reason), look=SOON if unsaid else EVERY)


def not_opened(unit: Unit, seat: Row, reason: Reason, resume: str) -> None:
    """A room could not be made or is not private: nothing was said in it, so it is tried again until it can."""
    if reason is Reason.ROOM_GONE and resume.startswith("id:"):  # what an earlier try made is no more
        seats.set_resume(unit.tx, seat["id"], "")
    unit.audit(seat["case_id"], "service", "room.not_opened", seat=seat["id"], reason=reason.value)
    notices.alert(unit, _incident(reason), seat["ref"])


def release(unit: Unit, seat: Row) -> None:
    """It may be right again: the next send checks the members before anything leaves."""
    if seat["state"] != "held":
        return
    seats.release(unit.tx, seat["id"])
    _go_on(unit, seat, "seat.released")
    for kind in ("wrong_members", "room_lost"):
        notices.resolved(unit, kind, seat["ref"])


def make_anew(unit: Unit, seat: Row) -> None:
    """The room will not come back: the lane's next claim makes another, and says so there."""
    if seat["state"] not in ("opening", "open", "held"):
        return
    seats.reopen(unit.tx, seat["id"])
    _go_on(unit, seat, "room.given_up")


def due(unit: Unit, limit: int = 20) -> list[Probe]:
    """Held seats whose rooms are to be looked at now; each again in an hour, whatever comes of it."""
    found: list[Probe] = []
    for row in seats.take_probes(unit.tx, unit.now, unit.now + EVERY, limit):
        if not row["chat"]:  # it never had a room, so making one is the look
            release(unit, row)
            continue
        place = Place(row["platform"], row["workspace"], row["chat"], row["topic"])
        found.append(Probe(SeatId(row["id"]), place, Account(row["platform"], row["workspace"], row["user_ref"])))
    return found


def looked(unit: Unit, probe: Probe, *, there: bool) -> None:
    """The room is right, or it is no more (`there` False); counts only while the seat is held in that very room."""
    seat = seats.get(unit.tx, probe.seat)
    if seat is None or seat["state"] != "held":
        return
    if (seat["chat"], seat["topic"]) != (probe.place.chat, probe.place.topic):
        return
    if there:
        release(unit, seat)
    else:
        make_anew(unit, seat)


def look_now(unit: Unit, seat: Row) -> None:
    """Do not wait for the hour."""
    seats.probe_at(unit.tx, seat["id"], unit.now)
    unit.wake("rooms")


def _incident(reason: Reason) -> str:
    return "wrong_members" if reason is Reason.WRONG_MEMBERS else "room_lost"


def _go_on(unit: Unit, seat: Row, action: str) -> None:
    lane = LaneId(notices.lane_of_seat(unit, seat))
    lanes.resume(unit.tx, lane, unit.now)
    lanes.nudge(unit.tx, lane, unit.now)
    unit.audit(seat["case_id"], "service", action, seat=seat["id"])
    unit.wake("outbox")
