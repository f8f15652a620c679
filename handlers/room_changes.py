"""What befalls a room or an account outside our doing: hold, tell the coordinator, go on when it is right again."""

from __future__ import annotations

from bot.domain.events import AccessRevoked, ChatMigrated, ReachabilityChanged, RoomChange, RoomChanged
from bot.services import holds, notices, settle
from bot.services.unit import Unit
from storage import seats


def changed(unit: Unit, event: RoomChanged) -> None:
    """Somebody came or went, or the room was archived. It counts whoever did it."""
    place = event.origin.place
    for seat in seats.at_place(unit.tx, place.platform, place.workspace, place.chat, place.topic):
        if seat["state"] not in ("opening", "open", "held"):
            continue
        owner = event.account is not None and event.account.user == seat["user_ref"]
        match event.change:
            case RoomChange.MEMBER_JOINED if not owner and seat["state"] == "open":
                holds.hold(unit, seat, "wrong_members", "wrong_members")
            case RoomChange.MEMBER_LEFT if owner:
                holds.hold(unit, seat, "wrong_members", "wrong_members")
            case RoomChange.BOT_REMOVED | RoomChange.ARCHIVED:
                holds.hold(unit, seat, "room_gone", "room_lost")
            case RoomChange.DELETED:
                holds.make_anew(unit, seat)
            case RoomChange.MEMBER_LEFT | RoomChange.MEMBER_JOINED | RoomChange.BOT_ADDED | RoomChange.UNARCHIVED:
                holds.release(unit, seat)
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
    notices.alert(unit, "access_revoked", notices.service_name(place))
