"""What befalls a room or an account outside our doing: hold, tell the coordinator, go on when it is right again."""

from __future__ import annotations

from typing import Any

from bot.domain.events import AccessRevoked, ChatMigrated, ReachabilityChanged, RoomChange, RoomChanged
from bot.domain.ids import LaneId, SeatId
from bot.services import notices, settle
from bot.services.unit import Unit
from storage import lanes, seats

Row = dict[str, Any]


def changed(unit: Unit, event: RoomChanged) -> None:
    """Somebody came or went, or the room was archived. It counts whoever did it."""
    place = event.origin.place
    for seat in seats.at_place(unit.tx, place.platform, place.workspace, place.chat, place.topic):
        if seat["state"] not in ("opening", "open", "held"):
            continue
        owner = event.account is not None and event.account.user == seat["user_ref"]
        match event.change:
            case RoomChange.MEMBER_JOINED if not owner and seat["state"] == "open":
                _hold(unit, seat, "wrong_members", "wrong_members")
            case RoomChange.MEMBER_LEFT if owner:
                _hold(unit, seat, "wrong_members", "wrong_members")
            case RoomChange.BOT_REMOVED | RoomChange.ARCHIVED:
                _hold(unit, seat, "room_gone", "room_lost")
            case RoomChange.MEMBER_LEFT | RoomChange.MEMBER_JOINED | RoomChange.BOT_ADDED | RoomChange.UNARCHIVED:
                _try_again(unit, seat)
            case RoomChange.TOPIC_RENAMED:
                pass
    unit.wake("outbox")


def reachability(unit: Unit, event: ReachabilityChanged) -> None:
    """The person blocked the bot, or lets it write again."""
    if event.origin.sender is None:
        return
    if event.reachable:
        settle.reachable_again(unit, event.origin.sender)
    else:
        settle.unreachable(unit, event.origin.sender, "blocked")


def migrated(unit: Unit, event: ChatMigrated) -> None:
    """A chat got a new id."""
    place = event.origin.place
    seats.move_chat(unit.tx, place.platform, place.workspace, place.chat, event.chat)
    unit.audit(0, "service", "chat.migrated", platform=place.platform)


def revoked(unit: Unit, event: AccessRevoked) -> None:
    """A workspace took back the bot's token."""
    place = event.origin.place
    notices.alert(unit, "access_revoked", f"{place.platform}:{place.workspace or 'bot'}")


def _hold(unit: Unit, seat: Row, reason: str, incident: str) -> None:
    seats.hold(unit.tx, seat["id"], reason)
    lanes.pause(unit.tx, notices.lane_of_seat(unit, SeatId(seat["id"])), reason)
    unit.audit(seat["case_id"], "service", "seat.held", seat=seat["id"], reason=reason)
    notices.alert(unit, incident, seat["ref"])


def _try_again(unit: Unit, seat: Row) -> None:
    """It may be right again: the next send checks the members before anything leaves."""
    if seat["state"] != "held":
        return
    seats.release(unit.tx, seat["id"])
    lanes.resume(unit.tx, LaneId(notices.lane_of_seat(unit, SeatId(seat["id"]))), unit.now)
    unit.audit(seat["case_id"], "service", "seat.released", seat=seat["id"])
    for kind in ("wrong_members", "room_lost"):
        notices.resolved(unit, kind, seat["ref"])
