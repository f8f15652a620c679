"""The status of a case, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Button, ButtonStyle, Reply
from bot.services import buttons, closing, expectations, holding, notices, rooms
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say
from storage import cases, messages, seats

Row = dict[str, Any]
RECENT = 8


def status(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Where this case stands."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.status")))
    return answer(unit, event.origin, person, status_text(unit, found.seat))


def status_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The card's Status button."""
    seat = _seat_of(unit, pressed)
    if seat is None:
        return answer(unit, event.origin, who(unit, event.origin), say("button.stale"))
    notices.to_seat(unit, seat, status_text(unit, seat), silent=True)
    return None


def status_text(unit: Unit, seat: Row) -> str:
    """State, turn, and the person's own last messages with what became of each."""
    case = cases.get(unit.tx, seat["case_id"])
    assert case is not None
    rows = [
        rooms.line_for(unit, seat),
        say("card.state", state=say(f"card.states.{case['state']}")),
        _turn(case, seat["side"]),
        *expectations.lines(unit, seat),
    ]
    if case["event_on"]:
        rows.append(say("case.line_event", date=rooms.long_date(case["event_on"])))
    zone = ZoneInfo(seat["person_timezone"])
    for message in reversed(messages.recent(unit.tx, case["id"], RECENT)):
        if message["person_id"] == seat["person_id"]:
            at = datetime.fromtimestamp(int(message["said_at"]) / 1_000_000, zone)
            state = say(f"case.state.{message['state']}")
            rows.append(say("case.message", no=message["no"], time=f"{at:%d %b %H:%M}", state=state))
    return "\n".join(rows)


def close(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Ask whether this case is really at its end."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.close")))
    _ask_close(unit, found.seat)
    return None


def close_pressed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The card's Close button asks first."""
    seat = _seat_of(unit, pressed)
    if seat is None:
        return answer(unit, event.origin, who(unit, event.origin), say("button.stale"))
    _ask_close(unit, seat)
    return None


def close_confirmed(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """The case ends for both sides; what was said stays on record."""
    seat = _seat_of(unit, pressed)
    if seat is None or not closing.close(unit, CaseId(seat["case_id"]), PersonId(seat["person_id"])):
        return answer(unit, event.origin, who(unit, event.origin), say("button.stale"))
    return None


def finished(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Treatment finished]: retention begins."""
    seat = _seat_of(unit, pressed)
    if seat is None or not closing.finish(unit, CaseId(seat["case_id"]), PersonId(seat["person_id"])):
        return answer(unit, event.origin, who(unit, event.origin), say("button.stale"))
    return None


def reopened(unit: Unit, event: ButtonPressed, pressed: Pressed) -> Reply | None:
    """[Reopen with Dr Johal]: the case goes on, and what was written to it goes along."""
    assert pressed.case_id is not None
    assert pressed.person_id is not None
    problem = closing.reopen(unit, pressed.case_id, pressed.person_id)
    if problem is None:
        if pressed.data["held"]:
            holding.send(unit, int(pressed.data["held"]), pressed.case_id, pressed.person_id)
        return None
    return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))


def _ask_close(unit: Unit, seat: Row) -> None:
    def button(action: str, label: str, style: ButtonStyle) -> Button:
        return buttons.for_seat(unit, seat, action, label, style, group=f"case.end:{seat['id']}")

    row = [button("case.close_sure", say("case.close_button"), ButtonStyle.DANGER)]
    case = cases.get(unit.tx, seat["case_id"])
    if case is not None and case["state"] == "open":
        row.append(button("case.finish", say("case.finish_button"), ButtonStyle.PLAIN))
    notices.to_seat(unit, seat, say("case.close_sure", ref=seat["ref"]), buttons=(tuple(row),))


def _seat_of(unit: Unit, pressed: Pressed) -> Row | None:
    own = seats.of_person(unit.tx, pressed.person_id or 0)
    return next((seat for seat in own if seat["case_id"] == pressed.case_id), None)


def _turn(case: Row, side: str) -> str:
    if not case["turn"]:
        return say("case.turn.nobody")
    return say("case.turn.yours") if case["turn"] == side else say("case.turn.theirs")


COMMANDS = {"status": status, "close": close}
BUTTONS = {
    "case.status": status_pressed,
    "case.close": close_pressed,
    "case.close_sure": close_confirmed,
    "case.finish": finished,
    "case.reopen": reopened,
}
