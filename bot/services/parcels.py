"""What happens to a message as its deliveries settle: the states its sender can see, and the words for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.codec import load
from bot.domain.events import lasting
from bot.domain.ids import LaneId
from bot.services import notices
from bot.services.unit import Unit
from prompts.wording import say
from storage import deliveries, drafts, file_holds, history, lanes, messages, seats

Row = dict[str, Any]
TELL = 100
"""Senders told in one go."""


@dataclass(frozen=True, slots=True)
class FileAbout:
    """What an attachment row keeps sealed: the adapter's reference, the file's name, seconds of sound."""

    ref: str
    name: str
    seconds: int | None = None

    @property
    def lasting(self) -> str:
        """What the file is known by where it came from."""
        return lasting(self.ref)


def file_about(unit: Unit, attachment: Row) -> FileAbout:
    """Open an attachment's sealed part."""
    sealed = unit.unseal(attachment["case_id"], "attachment", "ref_sealed", attachment["id"], attachment["ref_sealed"])
    return load(FileAbout, sealed)


def stale(delivery: Row, seat: Row | None) -> str:
    """Why a delivery must no longer be sent; empty if it may."""
    if seat is None:
        return ""
    if delivery["case_epoch"] and delivery["case_epoch"] != seat["case_epoch"]:
        return "parties_changed"
    if seat["state"] == "closed" and not (_answer_afterwards(delivery, seat) or _follows(delivery, seat)):
        return "room_closed"
    if seat["state"] == "leaving" and not seat["chat"]:
        return "room_never_opened"
    return ""


def _answer_afterwards(delivery: Row, seat: Row) -> bool:
    """A line of the service to somebody who still writes in a room that is over; never words of the case."""
    line = delivery["kind"] == "post" and delivery["message_id"] is None and not delivery["case_epoch"]
    return line and bool(seat["chat"])


def _follows(delivery: Row, seat: Row) -> bool:
    """An edit or removal of what still stands in the room that its person left for another app."""
    return delivery["kind"] in ("edit", "delete") and seat["moved_to"] is not None and bool(seat["chat"])


def taken_back(unit: Unit, delivery: Row) -> bool:
    """Whether the message that a delivery carries or repeats was withdrawn: a try in doubt must not be made again.

    Nor must one that is made in its reader's new room by now.
    """
    if delivery["moved_to"] is not None:
        return True
    if delivery["message_id"] is None:
        shown = [*history.quotes(delivery), *filter(None, [history.restated(delivery)])]
        return any(messages.is_withdrawn(unit.tx, one) for one in shown)
    if "message_state" in delivery:
        return bool(delivery["message_state"] == "withdrawn")
    message = _message(unit, delivery)
    return message is not None and message["state"] == "withdrawn"


def void(unit: Unit, delivery: Row, why: str) -> None:
    """Take a delivery out of the world; if it carried words of a person, their sender learns what is known."""
    doubt = delivery["state"] in ("sending", "uncertain")
    deliveries.mark_void(unit.tx, delivery["id"], unit.now, f"{why}{'_maybe_sent' if doubt else ''}")
    if delivery["kind"] == "close_room" and why == "room_never_opened":
        seats.close_of_lane(unit.tx, delivery["lane_id"], unit.now)
    unit.audit(delivery["case_id"] or 0, "service", "delivery.void", delivery=delivery["id"], why=why)
    message = _concerned(unit, delivery)
    if message is None or message["state"] not in ("waiting", "uncertain") or why == "file_not_passed_on":
        settle_message(unit, delivery, "void")
        return
    state = "uncertain" if doubt else "void"
    messages.set_state(unit.tx, message["id"], state, unit.now)
    if message["told"] != state:
        messages.set_told(unit.tx, message["id"], state)
        again = {} if doubt else {"command": _again(unit, message)}
        notices.to_sender(unit, message, say(f"relay.told.{state}", no=message["no"], **again))


def settle_message(unit: Unit, delivery: Row, state: str) -> Row | None:
    """Look at a message's deliveries after one settled as `state`; the message when it has just become delivered."""
    if delivery["message_id"] is None:
        return None
    if state == "sent":  # mostly it is all of its message, and nothing else has to be looked at
        arrived = messages.delivered(unit.tx, delivery["message_id"], delivery["id"], unit.now)
        if arrived is not None:
            return _delivered(unit, arrived)
    message = messages.settling(unit.tx, delivery["message_id"], delivery["id"])
    if message is None or message["state"] not in ("waiting", "uncertain", "failed"):
        return None
    rows = [{**delivery, "state": state}]
    if message["others"]:
        rows = deliveries.states_of(unit.tx, message["id"])
    if not _decides(delivery, rows):
        return None
    states = {row["state"] for row in rows if row["lane_id"] == delivery["lane_id"]}
    nothing = states == {"void"} and message["state"] == "waiting"
    if nothing and not file_holds.waits(unit.tx, message["id"]):  # nor for its sender's word on a file: they were told
        messages.set_state(unit.tx, message["id"], "failed", unit.now)
        messages.set_told(unit.tx, message["id"], "failed")
    if states & {"queued", "sending", "failed"} or "sent" not in states:
        return None
    if "uncertain" in states:
        return None
    messages.set_state(unit.tx, message["id"], "delivered", unit.now)
    return _delivered(unit, message)


def _delivered(unit: Unit, message: Row) -> Row:
    unit.audit(message["case_id"], "service", "message.delivered", message=message["id"], no=message["no"])
    if message["told"]:
        messages.set_told(unit.tx, message["id"], "delivered")
        notices.to_sender(unit, message, say("relay.told.delivered", no=message["no"]))
    return message


def in_doubt(unit: Unit, delivery: Row) -> None:
    """A part of a message may or may not have arrived."""
    message = _concerned(unit, delivery)
    if message is not None and message["state"] == "waiting":
        messages.set_state(unit.tx, message["id"], "uncertain", unit.now)


def failed(unit: Unit, delivery: Row, reason: str) -> Row | None:
    """A part of a message is parked: say so to its sender and the coordinators; returns the message."""
    message = _concerned(unit, delivery)
    if message is not None:
        messages.set_state(unit.tx, message["id"], "failed", unit.now)
        if message["told"] != "failed":
            messages.set_told(unit.tx, message["id"], "failed")
            why = say(f"relay.reason.{reason}")
            again = _again(unit, message)
            notices.to_sender(unit, message, say("relay.told.failed", no=message["no"], reason=why, command=again))
            if message["kind"] == "draft" and drafts.not_delivered(unit.tx, message["case_id"], message["id"]):
                unit.wake("drafts")
    return message


def park(unit: Unit, lane: LaneId, delivery: Row, reason: str, subject: str) -> None:
    """A delivery that cannot be made is a dead letter: its sender and the coordinators know, the next one says so."""
    deliveries.mark_failed(unit.tx, delivery["id"], unit.now, reason)
    unit.audit(delivery["case_id"] or 0, "service", "delivery.failed", delivery=delivery["id"], reason=reason)
    message = failed(unit, delivery, reason)
    if message is not None:
        lanes.set_gap(unit.tx, lane, message["no"])
    notices.alert(unit, "dead_letter", subject)


def tell_waiting(unit: Unit, limit: int = TELL) -> int:
    """Tell senders, once, about messages that still wait or are in doubt; returns how many were told."""
    rows = messages.waiting_longer(unit.tx, unit.now - unit.rules.tell_waiting, unit.now, limit)
    for message in rows:
        messages.set_told(unit.tx, message["id"], message["state"])
        notices.to_sender(unit, message, say(f"relay.told.{message['state']}", no=message["no"]))
    return len(rows)


def _message(unit: Unit, delivery: Row) -> Row | None:
    return messages.get(unit.tx, delivery["message_id"]) if delivery["message_id"] is not None else None


def _concerned(unit: Unit, delivery: Row) -> Row | None:
    """The message whose state a delivery decides: not one that has been passed on since to a successor's room."""
    message = _message(unit, delivery)
    if message is None:
        return None
    return message if _decides(delivery, deliveries.states_of(unit.tx, message["id"])) else None


def _decides(delivery: Row, all_of_it: list[Row]) -> bool:
    return bool(max(all_of_it, key=lambda row: int(row["id"]))["lane_id"] == delivery["lane_id"])


def _again(unit: Unit, message: Row) -> str:
    """What its sender types to have a message sent again."""
    seat = seats.get(unit.tx, message["seat_id"])
    assert seat is not None
    return f"{unit.capabilities[seat['platform']].command_prefix}{say('case.command.resend')} {message['no']}"
