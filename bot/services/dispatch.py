"""Claiming a lane's head: the destination is read from the seat here, in the sending transaction, and nowhere else."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.codec import load
from bot.domain.errors import Reason
from bot.domain.ids import CaseId, DeliveryId, LaneId, MessageId, SeatId
from bot.domain.outbound import Delete, Edit, Pin, Post
from bot.services import bundles, notices, outbox, pacing, parcels, parents, rooms
from bot.services.claims import Claim, Claimed, Step
from bot.services.heads import Heads
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, deliveries, lanes, seats
from storage.errors import Corrupt, KeyGone

Row = dict[str, Any]
UNREADABLE = (Corrupt, KeyGone, ValueError, KeyError, TypeError)
"""What opening a damaged delivery may raise."""


def claim(unit: Unit, worker: str, limit: int, under_way: Iterable[pacing.Bot] = ()) -> Claimed:
    """Lease the heads of up to `limit` ready lanes and commit that their requests are about to leave.

    `under_way` are the bots of requests that have not been settled, one for each.
    """
    claims: list[Claim] = []
    buckets, full = pacing.Buckets(unit, Counter(under_way)), frozenset[pacing.Bot]()
    heads = Heads(unit, worker)
    while True:
        for lane in heads.ready(limit - len(claims), full):
            if lane["owner"] and int(lane["ready_at"]) > unit.now:  # leased before the clock was put back
                lanes.put_off(unit.tx, lane["id"], unit.now + unit.rules.lease)
            elif not buckets.closed(lane) and (taken := _take(unit, buckets, heads, lane)) is not None:
                claims.append(taken)
        heads.save()
        if buckets.full().keys() == full or len(claims) == limit:
            break
        full = frozenset(buckets.full())  # whoever goes by another bot is not kept by theirs
    buckets.save()
    opens = [*buckets.full().values(), lanes.next_ready(unit.tx, frozenset(buckets.full()))]
    leaving = tuple(one for one in claims if one.delivery not in heads.lost)
    return Claimed(leaving, min((at for at in opens if at), default=None), crowded=0 in opens)


def begin_again(unit: Unit, claim: Claim) -> Claim | None:
    """The platform does not have it: commit a fresh attempt under the same lease; None if the lease is lost."""
    if not lanes.holds(unit.tx, claim.lane, claim.fence) or claim.delivery is None:
        return None
    row = deliveries.get(unit.tx, claim.delivery)
    if row is not None:  # what has changed since the platform was asked
        seat = seats.get(unit.tx, claim.seat) if claim.seat is not None else None
        why = "withdrawn" if parcels.taken_back(unit, row) else parcels.stale(row, seat)
        if why:
            parcels.void(unit, row, why)
            lanes.advance(unit.tx, claim.lane, unit.now)
            return None
    if deliveries.mark_sending(unit.tx, [(claim.delivery, False)], unit.now):
        return None
    return dataclasses.replace(claim, step=Step.SEND, since=unit.now, attempts=claim.attempts + 1)


def _take(unit: Unit, buckets: pacing.Buckets, heads: Heads, lane: Row) -> Claim | None:
    head = int(lane["head_seq"])
    while True:
        row = heads.delivery(lane, head)
        if row is None:
            lanes.idle(unit.tx, lane["id"])
            return None
        if row["state"] in ("sent", "void", "failed"):
            lanes.advance(unit.tx, lane["id"], unit.now)
            head += 1
            continue
        seat = heads.seat(lane)
        why = parcels.stale(row, seat)
        if why:
            parcels.void(unit, row, why)
            lanes.advance(unit.tx, lane["id"], unit.now)
            head += 1
            continue
        break
    if seat is None and lane["purpose"] != lanes.ON_HOLD and _on_hold(unit, lane):
        lanes.pause(unit.tx, lane["id"], "locked")
        return None
    if seat is not None:
        if seat["person_locked"] or seat["account_state"] != "active":
            lanes.pause(unit.tx, lane["id"], "locked")
            return None
        if seat["state"] == "held":
            lanes.pause(unit.tx, lane["id"], str(seat["held_reason"]))
            return None
        if seat["state"] == "opening":
            return _open_room(unit, buckets, heads, lane, seat)
    try:
        return _send(unit, buckets, heads, lane, seat, row)
    except UNREADABLE:
        _unreadable(unit, lane, seat, row)
        return None


def _unreadable(unit: Unit, lane: Row, seat: Row | None, row: Row) -> None:
    """A delivery that cannot be opened must not stop every other one: it is parked at once."""
    lanes.advance(unit.tx, lane["id"], unit.now)
    subject = seat["ref"] if seat is not None else lane["platform"]
    try:
        unit.seal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], b"")
    except (Corrupt, KeyGone):  # the case's own key is lost: there is nothing left to tell its people with
        deliveries.mark_failed(unit.tx, row["id"], unit.now, Reason.OTHER.value)
        notices.alert(unit, "dead_letter", subject)
    else:
        parcels.park(unit, LaneId(lane["id"]), row, Reason.OTHER.value, subject)


def _on_hold(unit: Unit, lane: Row) -> bool:
    """Whether the account a lane ends at belongs to somebody on hold, whatever the lane itself was paused for."""
    account = accounts.find(unit.tx, lane["platform"], lane["workspace"], lane["user_ref"])
    return account is not None and bool(account["locked"])


def _owner(lane: Row) -> Account:
    return Account(lane["platform"], lane["workspace"], lane["user_ref"])


def _open_room(unit: Unit, buckets: pacing.Buckets, heads: Heads, lane: Row, seat: Row) -> Claim | None:
    if not buckets.admit(lane, chat=""):
        return None
    title = unit.unseal(seat["case_id"], "seat", "room_title_sealed", seat["id"], seat["room_title_sealed"])
    return Claim(
        step=Step.OPEN_ROOM,
        lane=LaneId(lane["id"]),
        fence=heads.lease(lane),
        owner=_owner(lane),
        seat=SeatId(seat["id"]),
        place=None,
        case=CaseId(seat["case_id"]),
        resume=seat["resume"],
        room_name=seat["room_name"],
        room_title=title.decode(),
    )


def _send(unit: Unit, buckets: pacing.Buckets, heads: Heads, lane: Row, seat: Row | None, row: Row) -> Claim | None:
    capabilities = unit.capabilities[lane["platform"]]
    doubt = row["state"] in ("sending", "uncertain")
    findable = capabilities.can_find and row["kind"] == "post"
    started = int(row["started_at"] or 0)
    if doubt and findable and unit.now < started + unit.rules.find_grace:
        if started > unit.now:  # the clock was put back meanwhile
            started = unit.now
            deliveries.count_from(unit.tx, row["id"], started)
        lanes.wait(unit.tx, lane["id"], started + unit.rules.find_grace, failed=False)
        return None
    if not (doubt and findable) and parcels.taken_back(unit, row):
        parcels.void(unit, row, "withdrawn")
        lanes.advance(unit.tx, lane["id"], unit.now)
        return None
    payload = load(
        outbox.TYPES[row["kind"]],
        unit.unseal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], row["payload_sealed"]),
    )
    if seat is not None:
        payload = rooms.as_it_is_now(unit, seat, payload)
    native, more, reply_to, resume = "", tuple[str, ...](), None, str(row["resume"])
    if isinstance(payload, Post):
        if payload.with_files:
            filed = bundles.with_files(unit, lane, seat, row, payload)
            if filed is None:
                return None
            payload = filed
        if payload.reply_to is not None and seat is not None:
            reply_to, payload = parents.resolve(unit, lane, seat, row, payload)
        payload = _dress(unit, lane, seat, row, payload, repeat=doubt and not findable)
    elif isinstance(payload, Edit | Delete | Pin):
        native = _native_target(unit, lane, payload)
        if not native:
            parcels.void(unit, row, "target_never_sent")
            lanes.advance(unit.tx, lane["id"], unit.now)
            return None
        more, resume = _others(unit, payload, native, resume)
        if isinstance(payload, Edit):
            payload = dataclasses.replace(payload, post=_dress(unit, lane, seat, row, payload.post, repeat=False))
    chat, topic = (lane["chat"], "") if seat is None else (seat["chat"], seat["topic"])
    if not buckets.admit(lane, chat=chat):
        return None
    if not (doubt and findable):
        heads.sends(row, repeated=doubt and row["kind"] == "post")
    return Claim(
        step=Step.FIND if doubt and findable else Step.SEND,
        lane=LaneId(lane["id"]),
        fence=heads.lease(lane),
        owner=_owner(lane),
        seat=None if seat is None else SeatId(seat["id"]),
        place=Place(lane["platform"], lane["workspace"], chat, topic) if chat else None,
        delivery=DeliveryId(row["id"]),
        seq=int(row["seq"]),
        case=None if row["case_id"] is None else CaseId(row["case_id"]),
        kind=row["kind"],
        message=None if row["message_id"] is None else MessageId(row["message_id"]),
        part=int(row["part"]),
        payload=payload,
        native=native,
        more=more,
        reply_to=reply_to,
        resume=resume,
        since=int(row["started_at"] or unit.now),
        attempts=int(row["attempts"]) + (0 if doubt and findable else 1),
    )


def _native_target(unit: Unit, lane: Row, payload: Edit | Delete | Pin) -> str:
    if isinstance(payload, Edit) and payload.card:
        row = deliveries.newest_card(unit.tx, lane["id"], payload.card)
    else:
        row = deliveries.get(unit.tx, payload.target) if payload.target is not None else None
    if row is not None and isinstance(payload, Edit) and not payload.tombstone and parcels.taken_back(unit, row):
        return ""  # an edit that waited must not show what was withdrawn after it
    return str(row["native_id"]) if row is not None and row["lane_id"] == lane["id"] else ""


def _others(unit: Unit, payload: Edit | Delete | Pin, native: str, resume: str) -> tuple[tuple[str, ...], str]:
    """What else a delivery to be deleted stands as, and the files that its send committed; else `resume`."""
    row = deliveries.get(unit.tx, payload.target) if isinstance(payload, Delete) else None
    if row is None or row["message_id"] is None:
        return (), resume
    natives = deliveries.natives(unit.tx, row["id"], row["message_id"])
    return tuple(one for one in natives if one != native), str(row["resume"])


def _dress(unit: Unit, lane: Row, seat: Row | None, row: Row, post: Post, *, repeat: bool) -> Post:
    """Add what is only known now: which case where a chat holds several, a gap, a repeat, a late arrival, a mention."""
    lines = [post.heading] if post.heading else []
    if seat is not None and seat["shared"] and seat["ref"] not in post.heading:
        lines = [" · ".join([seat["ref"], *lines])]
    if post.message is not None and row["late"]:
        lines.append(say("relay.late"))
    footer = post.footer
    if repeat or row["repeated"]:
        footer = "\n".join(filter(None, [footer, say("relay.repeat")]))
    if lane["gap_no"] and post.message is not None:
        lines.insert(0, say("relay.gap", no=int(lane["gap_no"])))
    # A send in doubt is judged as it was when it left: only what really carried a mention counts as one.
    at = int(row["started_at"]) if row["state"] in ("sending", "uncertain") else unit.now
    due = not 0 <= at - int(lane["mentioned_at"]) < unit.rules.mention_burst
    return dataclasses.replace(
        post, heading="\n".join(lines), footer=footer, mention=post.mention and due and not post.silent
    )
