"""Catching up: which rooms to read again after an outage, from when, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.addresses import Account, Place
from bot.domain.ids import SeatId
from bot.ports.history import LOOK_BACK, Known, Wanted
from bot.services import notices
from bot.services.unit import Unit
from storage import history, inbox, seats


@dataclass(frozen=True, slots=True)
class SeatRoom:
    """A seat and its room."""

    seat: SeatId
    place: Place


def rooms(unit: Unit, platform: str) -> list[SeatRoom]:
    """Every room of a platform in which what a person says counts, oldest first."""
    return [
        SeatRoom(SeatId(row["id"]), Place(row["platform"], row["workspace"], row["chat"], row["topic"]))
        for row in history.rooms(unit.tx, platform)
    ]


def wanted(unit: Unit, room: SeatRoom) -> Wanted | None:
    """What to look for in a room; None if nobody's words count there any more."""
    seat = seats.get(unit.tx, room.seat)
    if seat is None or seat["state"] not in ("open", "held") or seat["chat"] != room.place.chat:
        return None
    seen = inbox.cursor(unit.tx, cursor_name(room.seat))
    since = int(seen) if seen is not None else int(seat["created_at"])
    return Wanted(
        room.place,
        Account(seat["platform"], seat["workspace"], seat["user_ref"]),
        since,
        tuple(
            Known(row["native_id"], int(row["edited_at"]), row["reply_to"] is not None, row["state"] != "withdrawn")
            for row in history.known(unit.tx, room.seat, since - LOOK_BACK)
        ),
    )


def cursor_name(seat: SeatId) -> str:
    """Under which the moment is kept up to which a seat's room was read; it moves in the inbox's own commits."""
    return f"seat:{seat}"


def cut(unit: Unit, room: SeatRoom) -> None:
    """A room held more than can be read again: the coordinators know that something of it may be missing."""
    seat = seats.get(unit.tx, room.seat)
    if seat is not None:
        unit.audit(seat["case_id"], "service", "room.read_in_part", seat=room.seat)
        notices.alert(unit, "history_cut", seat["ref"])
