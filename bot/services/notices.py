"""Short lines of the service itself: to a person, to a seat's room, to the sender of a message, to the coordinators."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.events import Origin
from bot.domain.ids import CaseId, DeliveryId, LaneId, PersonId
from bot.domain.outbound import Button
from bot.domain.richtext import RichText, plain
from bot.domain.rules import HOUR
from bot.services import outbox
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, incidents, lanes, people, seats

Row = dict[str, Any]
Buttons = tuple[tuple[Button, ...], ...]
ANEW = frozenset({"dead_letter", "inbox_parked", "cover", "wrong_case"})
"""Incidents that are no state but a loss each time."""
GROUPED = frozenset(
    {
        "check_in_unanswered",
        "late_reply",
        "late_plan",
        "late_step",
        "late_records",
        "silent",
        "past_event",
        "held_message",
    }
)
"""Incidents of cases that have come to a stop: told of together, once an hour (`standstill.tell`)."""
ALERT_AGAIN = HOUR


def lane_of_seat(unit: Unit, seat: Row) -> LaneId:
    """The lane of a seat; it is made with the seat."""
    if seat.get("lane_id") is not None:
        return LaneId(int(seat["lane_id"]))
    row = lanes.of_seat(unit.tx, seat["id"])  # it was read before its lane was made
    assert row is not None
    return LaneId(int(row["id"]))


def lane_of_account(unit: Unit, platform: str, workspace: str, user: str) -> LaneId:
    """The lane to an account's private chat."""
    return LaneId(lanes.for_account(unit.tx, unit.new_id(), platform, workspace, user))


def to_person(
    unit: Unit,
    person_id: PersonId,
    body: RichText | str,
    *,
    buttons: Buttons = (),
    silent: bool = False,
    card: str = "",
    notice: str = "",
) -> list[DeliveryId]:
    """Write to a person in their own private chat; an empty list if they have no account yet (an incident says so)."""
    account = accounts.reach(unit.tx, person_id)
    if account is None:
        alert(unit, "unreachable", handle_of(unit, person_id))
        return []
    lane = lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
    return outbox.post_text(
        unit,
        lane,
        plain(body) if isinstance(body, str) else body,
        notice=notice or say("notice.service"),
        buttons=buttons,
        silent=silent,
        card=card,
    )


def to_place_of(
    unit: Unit, person_id: PersonId, origin: Origin, body: RichText | str, *, buttons: Buttons = ()
) -> None:
    """Answer a person where they are: in the room that is or was theirs, else in that very account's private chat.

    Never in another account of the same person: one that only claims to be them must not read what is theirs.
    """
    place = origin.place
    for seat in seats.at_place(unit.tx, place.platform, place.workspace, place.chat, place.topic):
        over = seat["state"] in ("leaving", "closed") and unit.capabilities[place.platform].room_in_chat
        if seat["person_id"] == person_id and (seat["state"] in ("opening", "open") or over) and not seat["shared"]:
            to_seat(unit, seat, body, buttons=buttons)
            return
    if origin.sender is None:
        to_person(unit, person_id, body, buttons=buttons)
        return
    lane = lane_of_account(unit, origin.sender.platform, origin.sender.workspace, origin.sender.user)
    outbox.post_text(
        unit, lane, plain(body) if isinstance(body, str) else body, notice=say("notice.service"), buttons=buttons
    )


def to_seat(
    unit: Unit,
    seat: Row,
    body: RichText | str,
    *,
    buttons: Buttons = (),
    silent: bool = False,
    card: str = "",
    epoch: int = 0,
) -> list[DeliveryId]:
    """Write a line of the service into a seat's room; one that repeats what people said goes with the case's epoch."""
    return outbox.post_text(
        unit,
        lane_of_seat(unit, seat),
        plain(body) if isinstance(body, str) else body,
        case_id=CaseId(seat["case_id"]),
        epoch=epoch,
        platform=seat["platform"],
        notice=say("notice.case", ref=seat["ref"]),
        buttons=buttons,
        silent=silent,
        card=card,
    )


def to_sender(unit: Unit, message: Row, body: str) -> None:
    """Tell the sender of a message something about it: in their room, else in their private chat, naming the case."""
    seat = seats.get(unit.tx, message["seat_id"])
    assert seat is not None
    if seat["moved_to"] is not None:
        seat = seats.of_case(unit.tx, seat["case_id"], seat["side"]) or seat
    if seat["state"] in ("opening", "open", "held") and seat["person_id"] == message["person_id"]:
        to_seat(unit, seat, body)
    else:
        to_person(unit, PersonId(message["person_id"]), f"{seat['ref']} · {body}")


def alert(unit: Unit, kind: str, subject: str) -> None:
    """Tell the coordinators of an incident, once while it lasts; `subject` is a reference or handle, never content.

    Of what happens anew each time, another message lost, they are told again, at most once an hour.
    """
    if kind in GROUPED:
        if incidents.open_untold(unit.tx, unit.new_id(), kind, subject, unit.now):
            unit.audit(0, "service", "incident.opened", kind=kind, subject=subject)
            unit.wake("scheduler")
        return
    again = unit.now - ALERT_AGAIN if kind in ANEW else -1
    if not incidents.open(unit.tx, unit.new_id(), kind, subject, unit.now, again):
        return
    unit.audit(0, "service", "incident.opened", kind=kind, subject=subject)
    for person in accounts.coordinators(unit.tx):
        if accounts.reach(unit.tx, person["id"]) is not None:
            to_person(unit, PersonId(person["id"]), say(f"notice.incident.{kind}", subject=subject))


def handle_of(unit: Unit, person_id: PersonId) -> str:
    """A person as coordinators know them."""
    person = people.get(unit.tx, person_id)
    assert person is not None
    return str(person["handle"])


def service_name(where: Account | Place) -> str:
    """A bot or workspace as coordinators know it: "telegram:bot", "slack:T0001"."""
    return f"{where.platform}:{where.workspace or 'bot'}"


def resolved(unit: Unit, kind: str, subject: str) -> None:
    """Close an incident if it is open."""
    incidents.close(unit.tx, kind, subject, unit.now)
