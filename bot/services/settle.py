"""Settling a claim: what the platform answered becomes the delivery's state, and the lane goes on, waits or stops."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.codec import load
from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.ids import CaseId, LaneId
from bot.domain.outbound import Edit, Post
from bot.domain.rules import MINUTE, backoff
from bot.services import bundles, holds, moving, notices, outbox, pacing, parcels, removing, rooms
from bot.services.claims import Claim, Step
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, deliveries, lanes, messages, moves, seats

Row = dict[str, Any]
PAUSING = frozenset({Reason.BLOCKED, Reason.NOT_STARTED, Reason.NO_SUCH_PERSON})
WAITING = frozenset({Reason.ACCESS_REVOKED, Reason.MISSING_SCOPE})
LOST_ROOM = frozenset({Reason.ROOM_GONE, Reason.NO_TOPICS, Reason.BOT_REMOVED, Reason.WRONG_MEMBERS})
DIRECT = "direct"
"""A seat's `resume` that says: no room of its own serves, use the private chat itself."""
HARMLESS = frozenset({Reason.TARGET_GONE, Reason.TOO_OLD})


@dataclass(frozen=True, slots=True)
class Marked:
    """Where to put the delivered mark: the sender's own message, in the sender's own room."""

    place: Place
    owner: Account
    native: str


def sent(unit: Unit, claim: Claim, native: str, place: Place, more: Sequence[str] = ()) -> Marked | None:
    """It stands on the platform, with `more` an album's others; returns where the mark goes if its message is whole."""
    if claim.delivery is None:
        return None
    post = claim.payload if isinstance(claim.payload, Post) else None
    mentioned = post is not None and post.mention  # noted here, so that a try that failed uses none up
    said = post is not None and post.message is not None
    lane = lanes.settled(unit.tx, claim.lane, claim.fence, claim.seq, unit.now, mentioned=mentioned, said=said)
    if lane is None:
        return None
    if lane["ready_at"] is not None:
        unit.wake("outbox")  # for what stands behind it
    sent = partial(deliveries.mark_sent, unit.tx, claim.delivery, unit.now, native, place.chat, place.topic)
    moved = not sent()
    if moved and not sent(moved=True):
        return None
    row: Row = {"id": claim.delivery, "lane_id": claim.lane, "message_id": claim.message, "part": claim.part}
    if claim.message is not None and claim.seat is not None and claim.kind == "post":
        bundles.stands(unit, row, claim.seat, (native, *more), (place.platform, place.workspace, place.chat))
    unit.audit(claim.case or 0, "service", "delivery.sent", delivery=row["id"], kind=claim.kind, tries=claim.attempts)
    if lane["revoked"]:
        notices.resolved(unit, "access_revoked", notices.service_name(claim.owner))
    if claim.kind == "close_room" and claim.seat is not None:
        seats.close(unit.tx, claim.seat, unit.now)
    if not lane["chat"] and claim.seat is None:
        lanes.set_chat(unit.tx, claim.lane, place.chat)
    if moved and (again := deliveries.get(unit.tx, claim.delivery)) is not None:
        moving.arrived(unit, again)
    return None if (message := parcels.settle_message(unit, row, "sent")) is None else _mark_of(unit, message)


def room_opened(unit: Unit, claim: Claim, place: Place, *, shared: bool) -> None:
    """The seat's room exists and was verified; what waits for it may go."""
    if claim.seat is None or not lanes.holds(unit.tx, claim.lane, claim.fence):
        return
    seat = seats.get(unit.tx, claim.seat)
    if seat is None or seat["state"] != "opening":
        return
    seats.open_room(unit.tx, claim.seat, place.chat, place.topic, shared=shared)
    unit.audit(seat["case_id"], "service", "room.opened", seat=claim.seat, side=seat["side"], shared=shared)
    lane = lanes.get(unit.tx, claim.lane)
    if shared:
        notices.to_seat(unit, seat, say("room.shared", ref=seat["ref"]))
    if lane is not None and int(lane["head_seq"]) > 1:  # the room was made anew: its card has to stand there again
        notices.to_seat(unit, seat, say("room.made_anew"))
        card = deliveries.newest_card(unit.tx, claim.lane, rooms.CARD)
        if card is None or card["state"] == "sent":
            rooms.post_card(unit, seat)
    lanes.wait(unit.tx, claim.lane, unit.now, failed=False)
    for kind in ("room_lost", "wrong_members"):
        notices.resolved(unit, kind, seat["ref"])


def not_sent(unit: Unit, claim: Claim, error: NotSent) -> None:
    """Certain that nothing happened: back to the queue, after the wait the platform asked for or our own back-off."""
    row = _current(unit, claim)
    if row is None and claim.delivery is not None:
        return
    if row is not None:
        _put_back(unit, claim, error.detail)
    elif not lanes.holds(unit.tx, claim.lane, claim.fence):
        return
    until = _later(unit, claim, error.retry_after)
    if error.paced and claim.place is not None:
        pacing.blocked(unit, claim.place.platform, claim.place.workspace, claim.place.chat, error.retry_after or 1.0)
    lanes.wait(unit.tx, claim.lane, until, failed=not error.paced)


def in_doubt(unit: Unit, claim: Claim, detail: str) -> None:
    """Nobody can say whether it happened: ask the platform after the grace, or send again and say so."""
    if claim.delivery is None:  # making a room is taken up again from what was committed on the way
        if lanes.holds(unit.tx, claim.lane, claim.fence):
            lanes.wait(unit.tx, claim.lane, _later(unit, claim, None), failed=True)
        return
    row = _current(unit, claim)
    if row is None:
        return
    deliveries.mark_uncertain(unit.tx, row["id"], detail)
    parcels.in_doubt(unit, row)
    unit.audit(row["case_id"] or 0, "service", "delivery.uncertain", delivery=row["id"])
    lanes.wait(unit.tx, claim.lane, _later(unit, claim, None), failed=True)


def faulted(unit: Unit, claim: Claim, detail: str) -> None:
    """Our own fault while sending: in doubt for a few tries, then parked."""
    row = _current(unit, claim)
    if row is not None and row["attempts"] >= unit.rules.poison_attempts:
        refused(unit, claim, Refused(Reason.OTHER, detail))
    else:
        in_doubt(unit, claim, detail)


def refused(unit: Unit, claim: Claim, error: Refused) -> None:
    """Certain and lasting: pause, make the room anew, wait for the service's own access, or park the delivery."""
    row = _current(unit, claim)
    if not lanes.holds(unit.tx, claim.lane, claim.fence) or (row is None and claim.delivery is not None):
        return
    seat = seats.get(unit.tx, claim.seat) if claim.seat is not None else None
    reason = error.reason
    if reason is Reason.MIGRATED and seat is not None:
        seats.move_chat(unit.tx, claim.owner.platform, claim.owner.workspace, seat["chat"], error.moved_to)
        _requeue(unit, claim, reason.value, unit.now)
    elif reason in PAUSING:
        _requeue(unit, claim, reason.value, unit.now)
        unreachable(unit, claim.owner, reason.value)
    elif reason in WAITING:
        _requeue(unit, claim, reason.value, unit.now + MINUTE)
        notices.alert(unit, "access_revoked", notices.service_name(claim.owner))
    elif reason in LOST_ROOM and seat is not None and seat["state"] in ("leaving", "closed"):
        _let_go(unit, claim, seat, reason)
    elif row is None and seat is not None:
        lanes.wait(unit.tx, claim.lane, _later(unit, claim, None), failed=True)
        holds.not_opened(unit, seat, reason, claim.resume)
    elif row is not None and reason in LOST_ROOM and seat is not None:
        _requeue(unit, claim, reason.value, unit.now)
        if unit.capabilities[claim.owner.platform].room_in_chat and reason is not Reason.WRONG_MEMBERS:
            lost_twice = row["error"] in {one.value for one in LOST_ROOM}  # the new room does not serve either
            seats.reopen(unit.tx, seat["id"], resume=DIRECT if lost_twice else "")
        else:
            holds.refused(unit, seat, reason)
    elif row is not None:
        _park(unit, claim, reason)


def _let_go(unit: Unit, claim: Claim, seat: Row, reason: Reason) -> None:
    """The room of somebody who has left is gone: so is the seat, and it never comes to life again."""
    row = _current(unit, claim)
    if row is not None:
        parcels.void(unit, row, reason.value)
        lanes.advance(unit.tx, claim.lane, unit.now)
    seats.close(unit.tx, seat["id"], unit.now)


def _park(unit: Unit, claim: Claim, reason: Reason) -> None:
    row = _current(unit, claim)
    if row is None:
        return
    lanes.advance(unit.tx, claim.lane, unit.now)
    if reason in HARMLESS and row["kind"] in ("edit", "delete", "pin"):
        deliveries.mark_void(unit.tx, row["id"], unit.now, reason.value)
        if isinstance(claim.payload, Edit) and claim.payload.card:
            _stand_again(unit, claim, claim.payload)
        elif claim.seat is not None:
            removing.not_done(unit, claim.seat, row, claim.payload, reason)
        return
    if not bundles.apart(unit, row, claim.payload, reason):
        parcels.park(unit, claim.lane, row, reason.value, _subject(unit, claim))


def _stand_again(unit: Unit, claim: Claim, edit: Edit) -> None:
    """A standing card was deleted: post it again, the case's as it is by now."""
    seat = seats.get(unit.tx, claim.seat) if claim.seat is not None else None
    if seat is not None and edit.card == rooms.CARD:
        rooms.post_card(unit, seat)
    else:
        outbox.enqueue(unit, claim.lane, dataclasses.replace(edit.post, card=edit.card))


def _requeue(unit: Unit, claim: Claim, detail: str, until: int) -> None:
    _put_back(unit, claim, detail)
    lanes.wait(unit.tx, claim.lane, until, failed=until > unit.now)


def _put_back(unit: Unit, claim: Claim, detail: str) -> None:
    """Back to the queue; but a send in doubt whose look-up failed stays in doubt, or it would go out unasked."""
    if claim.delivery is None:
        return
    if claim.step is Step.FIND:
        deliveries.mark_uncertain(unit.tx, claim.delivery, detail)
    else:
        deliveries.mark_queued(unit.tx, claim.delivery, detail)


def unreachable(unit: Unit, owner: Account, reason: str) -> None:
    """Stop every lane that ends at this account until the person lets the bot write again."""
    for lane in lanes.of_user(unit.tx, owner.platform, owner.workspace, owner.user):
        lanes.pause(unit.tx, lane["id"], reason)
    account = accounts.find(unit.tx, owner.platform, owner.workspace, owner.user)
    if account is not None:
        accounts.set_reachable(unit.tx, account["id"], False)
        unit.audit(0, "service", "account.unreachable", account=account["id"], reason=reason)
        notices.alert(unit, "blocked", account["handle"])


def reachable_again(unit: Unit, owner: Account) -> None:
    """The person wrote, pressed Start or unblocked the bot: everything that waited for them goes on."""
    account = accounts.find(unit.tx, owner.platform, owner.workspace, owner.user)
    if account is None or account["reachable"] == 1:
        return
    accounts.set_reachable(unit.tx, account["id"], True)
    for lane in lanes.of_user(unit.tx, owner.platform, owner.workspace, owner.user):
        if lane["paused"] in {reason.value for reason in PAUSING}:
            lanes.resume(unit.tx, lane["id"], unit.now)
    notices.resolved(unit, "blocked", account["handle"])
    unit.wake("outbox")


def retry(unit: Unit, delivery_id: int) -> bool:
    """Send a dead letter again, at the end of its lane and marked late; False if there is none with this id."""
    row = deliveries.get(unit.tx, delivery_id)
    if row is None or row["state"] != "failed" or row["payload_sealed"] is None:
        return False
    body = unit.unseal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], row["payload_sealed"])
    deliveries.mark_void(unit.tx, row["id"], unit.now, "sent again")
    again = outbox.enqueue(
        unit,
        LaneId(row["lane_id"]),
        load(outbox.TYPES[row["kind"]], body),
        case_id=None if row["case_id"] is None else CaseId(row["case_id"]),
        epoch=int(row["case_epoch"]),
        late=True,
    )
    moves.set_card(unit.tx, again, row["card"])
    if row["message_id"] is not None:
        messages.set_state(unit.tx, row["message_id"], "waiting", unit.now)
    unit.audit(row["case_id"] or 0, "service", "delivery.retried", delivery=row["id"])
    return True


def _current(unit: Unit, claim: Claim) -> Row | None:
    """The claimed delivery while this claim still holds its lane and it is not settled."""
    return _unsettled(unit, claim) if lanes.holds(unit.tx, claim.lane, claim.fence) else None


def _unsettled(unit: Unit, claim: Claim) -> Row | None:
    row = None if claim.delivery is None else deliveries.get(unit.tx, claim.delivery)
    return row if row is not None and row["state"] in ("sending", "uncertain") else None


def _later(unit: Unit, claim: Claim, retry_after: float | None) -> int:
    if retry_after is not None:
        return unit.now + round(retry_after * 1_000_000)
    lane = lanes.get(unit.tx, claim.lane)
    return unit.now + backoff(unit.rules, 1 + int(lane["failures"] if lane else 0))


def _mark_of(unit: Unit, message: Row) -> Marked | None:
    seat = seats.get(unit.tx, message["seat_id"])
    if message["native_id"] is None or seat is None or seat["state"] != "open":
        return None
    platform, workspace = seat["platform"], seat["workspace"]
    return Marked(
        Place(platform, workspace, message["chat"], seat["topic"]),
        Account(platform, workspace, seat["user_ref"]),
        message["native_id"],
    )


def _subject(unit: Unit, claim: Claim) -> str:
    seat = seats.get(unit.tx, claim.seat) if claim.seat is not None else None
    return seat["ref"] if seat is not None else claim.owner.platform
