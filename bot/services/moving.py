"""Moving a seat to another of its person's platforms in mid-case: the same parties, another room.

The case's epoch stays, since nobody new takes part. What had not reached the old room goes to the new one, in order;
what is in doubt there is made anew here and says that it may be a repeat, unless it turns out in time to have arrived.
"""

from __future__ import annotations

from typing import Any

from bot.domain.codec import load
from bot.domain.ids import CaseId, LaneId, MessageId, PersonId, SeatId
from bot.domain.outbound import Edit, Post
from bot.domain.problems import Problem
from bot.services import checkins, notices, outbox, relay, restating, rooms, summaries
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, cases, deliveries, drafts, lanes, messages, moves, seats

Row = dict[str, Any]
_STAY = ("edit", "delete")
"""What is about a message that stands in the old room goes there, before the room is closed."""


def destinations(unit: Unit, seat: Row) -> list[Row]:
    """The person's other accounts that a seat can move to: active, on another platform, known to be reachable."""
    rows = accounts.of_person(unit.tx, seat["person_id"])
    return [row for row in rows if row["state"] == "active" and row["platform"] != seat["platform"]]


def hindrance(unit: Unit, seat: Row, account: Row) -> Problem | None:
    """Why a seat cannot move to this account now."""
    label = unit.capabilities[account["platform"]].label
    if seat["case_state"] == "closed" or seat["state"] not in ("opening", "open", "held"):
        return Problem.of("move.problem.over")
    if account["person_id"] != seat["person_id"] or account["state"] != "active" or seat["person_locked"]:
        return Problem.of("move.problem.not_yours")
    if account["platform"] == seat["platform"]:
        return Problem.of("move.problem.there", ref=seat["ref"], platform=label)
    # Where a room lies in the person's own chat, the bot cannot write before they have.
    heard = account["reachable"] == 1 or not unit.capabilities[account["platform"]].room_in_chat
    if not heard or account["reachable"] == 0:
        return Problem.of("move.problem.not_started", platform=label)
    return None


def move(unit: Unit, seat_id: SeatId, account_id: int) -> Problem | None:
    """Take a seat to another account of its person; nothing is lost and nothing doubled without saying so."""
    first = seats.get(unit.tx, seat_id)
    account = accounts.get(unit.tx, account_id)
    case = None if first is None else cases.lock(unit.tx, first["case_id"])
    lane = moves.lock_lane(unit.tx, seat_id)
    seat = seats.get(unit.tx, seat_id)
    if seat is None or account is None or case is None or lane is None:
        return Problem.of("move.problem.over")
    problem = hindrance(unit, seat, account)
    if problem is not None:
        return problem
    case_id, side, person_id = CaseId(case["id"]), str(seat["side"]), PersonId(seat["person_id"])
    label = unit.capabilities[account["platform"]].label
    left_label = unit.capabilities[seat["platform"]].label
    waiting = moves.unsettled(unit.tx, lane["id"])
    for row in waiting:
        if row["state"] == "queued" and row["kind"] not in _STAY:
            deliveries.mark_void(unit.tx, row["id"], unit.now, "moved")
    rooms.leave_seat(unit, seat, say("move.left", ref=seat["ref"], platform=label))
    rooms.take_seat(unit, case_id, side, person_id, account=account)
    new = seats.of_case(unit.tx, case_id, side)
    assert new is not None
    moves.set_seat_moved(unit.tx, seat_id, new["id"])
    unit.audit(case_id, f"person:{person_id}", "seat.changed_platform", seat=seat_id, to=new["id"], side=side)
    summaries.post_move(unit, new, case, left_label)
    _take_along(unit, LaneId(lane["id"]), new, waiting)
    _ask_anew(unit, case_id, side, person_id)
    other = seats.of_case(unit.tx, case_id, relay.OTHER[side])
    if other is not None:
        notices.to_seat(unit, other, say("move.other", name=new["person_name"], ref=new["ref"], platform=label))
    unit.wake("outbox")
    return None


def arrived(unit: Unit, row: Row) -> None:
    """A delivery in doubt did reach the old room: it need not be made in the new one, if it was not begun there."""
    message = messages.get(unit.tx, row["message_id"]) if row["message_id"] is not None else None
    successor = deliveries.get(unit.tx, row["moved_to"])
    if message is None or successor is None or message["state"] not in ("waiting", "uncertain"):
        return
    lanes.lock(unit.tx, successor["lane_id"])
    here = moves.in_lane(unit.tx, row["lane_id"], message["id"])
    there = moves.in_lane(unit.tx, successor["lane_id"], message["id"])
    if any(one["state"] != "sent" for one in here) or any(one["state"] != "queued" for one in there):
        return
    for one in there:
        deliveries.mark_void(unit.tx, one["id"], unit.now, "arrived_before")
    messages.set_state(unit.tx, message["id"], "delivered", unit.now)
    unit.audit(message["case_id"], "service", "message.delivered", message=message["id"], no=message["no"])
    if message["told"]:
        messages.set_told(unit.tx, message["id"], "delivered")
        notices.to_sender(unit, message, say("relay.told.delivered", no=message["no"]))


def went_to(unit: Unit, seat: Row) -> str | None:
    """The platform on which the person of a seat that was left goes on in the same case; None if they do not."""
    now = seats.of_case(unit.tx, seat["case_id"], seat["side"])
    if seat["moved_to"] is None or now is None or now["person_id"] != seat["person_id"]:
        return None
    return unit.capabilities[now["platform"]].label


def _take_along(unit: Unit, lane: LaneId, new: Row, waiting: list[Row]) -> None:
    """Queue for the new room what the old one had not got, in the order it stood there."""
    taken: set[int] = set()
    for row in waiting:
        message_id = row["message_id"]
        if message_id is not None:
            if message_id not in taken:
                taken.add(message_id)
                _pass_on_again(unit, lane, new, MessageId(message_id))
        elif row["state"] == "queued" and row["kind"] == "post":
            _repeat_line(unit, new, row)
        elif row["kind"] == "edit":
            _say_edit(unit, new, row, taken)


def _pass_on_again(unit: Unit, lane: LaneId, new: Row, message_id: MessageId) -> None:
    message = messages.get(unit.tx, message_id)
    if message is None or message["state"] not in ("waiting", "uncertain"):
        return
    before = moves.in_lane(unit.tx, lane, message_id)
    relay.pass_on(unit, message)
    made = moves.in_lane(unit.tx, rooms.lane_for(unit, new), message_id)
    doubtful = [row for row in before if row["state"] in ("sending", "uncertain")]
    seen = any(row["state"] == "sent" or row["repeated"] for row in before)
    for row in made if doubtful or seen else ():
        moves.set_repeated(unit.tx, row["id"])
    for row in doubtful if made else ():
        moves.set_delivery_moved(unit.tx, row["id"], made[0]["id"])


def _repeat_line(unit: Unit, new: Row, row: Row) -> None:
    """A line of the service that had not been sent; the case's card and drafts stand in the new room by themselves."""
    card = str(row["card"])
    if card == rooms.CARD or card.startswith("draft:"):
        return
    post = load(Post, _payload(unit, row))
    made = outbox.post_text(
        unit,
        rooms.lane_for(unit, new),
        post.body,
        case_id=CaseId(new["case_id"]),
        epoch=int(row["case_epoch"]),
        heading=post.heading,
        footer=post.footer,
        notice=post.notice,
        buttons=post.buttons,
        reply_to=post.reply_to,
        mention=post.mention,
        silent=post.silent,
    )
    if card and made:
        moves.set_card(unit.tx, made[0], card)


def _say_edit(unit: Unit, new: Row, row: Row, taken: set[int]) -> None:
    """An edit that the old room may never show is said in the new one; what is passed on anew has it already."""
    payload = load(Edit, _payload(unit, row))
    target = deliveries.get(unit.tx, payload.target) if payload.target is not None else None
    if target is None or target["message_id"] is None or target["message_id"] in taken:
        return
    message = messages.get(unit.tx, target["message_id"])
    if message is not None and message["state"] != "withdrawn":
        restating.say_again(unit, message, new)


def _payload(unit: Unit, row: Row) -> bytes:
    return unit.unseal(row["case_id"] or 0, "delivery", "payload_sealed", row["id"], row["payload_sealed"])


def _ask_anew(unit: Unit, case_id: CaseId, side: str, person_id: PersonId) -> None:
    """What waits for an answer in the old room is asked again in the new one."""
    if side == "dentist":
        checkins.ask_anew(unit, case_id)
        return
    questions = moves.open_questions(unit.tx, case_id)
    drafts.void_open(unit.tx, case_id, unit.now)
    for question in questions:
        moves.ask_again(unit.tx, question, unit.now)
        unit.wake("drafts")
