"""Ask for a refinement or a mid-course correction: `/refine` or the card's button, why, and when the scan is taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.outbound import Reply
from bot.services import refinements, timelines
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say
from storage import cases, seats

Row = dict[str, Any]


def refine(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """`/refine`: why, with a button for each reason, and what is missing of the one that is open."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.refine")))
    refinements.open_form(unit, found.seat)
    return None


def opened(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The card's button."""
    seat = _seat(unit, pressed)
    if seat is None:
        return answer(unit, event.origin, who(unit, event.origin), say("button.stale"))
    refinements.open_form(unit, seat)
    return None


def reason(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """Why was chosen."""
    seat = _seat(unit, pressed)
    if seat is None:
        return answer(unit, event.origin, who(unit, event.origin), say("button.stale"))
    refinements.ask_scan(unit, seat, str(pressed.data["reason"]))
    return None


def scan(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """When was chosen: it is asked for."""
    seat = _seat(unit, pressed)
    problem = None
    if seat is not None:
        case = cases.get(unit.tx, seat["case_id"])
        assert case is not None
        scan_on = timelines.today_of(unit, case) + timedelta(days=int(pressed.data["days"]))
        problem = refinements.ask(unit, seat, str(pressed.data["reason"]), scan_on)
    if seat is None or problem is not None:
        words = say("button.stale") if problem is None else say(problem.key, **problem.values)
        return answer(unit, event.origin, who(unit, event.origin), words)
    return None


def _seat(unit: Unit, pressed: Pressed) -> Row | None:
    own = seats.of_person(unit.tx, pressed.person_id or 0)
    return next((seat for seat in own if seat["case_id"] == pressed.case_id), None)


COMMANDS = {"refine": refine}
BUTTONS = {"refine.open": opened, "refine.reason": reason, "refine.scan": scan}
