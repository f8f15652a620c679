"""The plan: `/plan` shows the newest version or asks for the first; its buttons are about that version alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Reply
from bot.domain.problems import Problem
from bot.services import budget, buttons, forewarnings, form_chat, notices, plan_form, plans
from bot.services.budget import When
from bot.services.buttons import Pressed
from bot.services.unit import Unit
from handlers.answers import answer, who
from handlers.places import find_seat
from prompts.wording import say

Row = dict[str, Any]


def plan(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """The newest version with a button for the next one; the form at once where there is none yet."""
    assert person is not None
    found = find_seat(unit, event.origin, person, event.reply_to)
    if found.seat is None:
        return answer(unit, event.origin, person, say("case.command_in_room", command=say("case.command.plan")))
    case_id = CaseId(found.seat["case_id"])
    if plans.current(unit, case_id) is None:
        return form_chat.begin(unit, event.origin, person, plan_form.SCRIPT, str(case_id))
    plans.show(unit, found.seat, silent=budget.aside(unit, PersonId(person["person_id"])) is When.SILENT)
    forewarnings.show_open(unit, found.seat)
    button = buttons.for_seat(
        unit, found.seat, "plan.open", say("plan.button.new"), data={"subject": str(case_id)}, once=False
    )
    notices.to_seat(unit, found.seat, say("plan.another"), buttons=((button,),), silent=True)
    return None


def _about(
    do: Callable[[Unit, CaseId, int, Row], Problem | None],
) -> Callable[[Unit, ButtonPressed, Pressed], Reply | None]:
    def pressed(unit: Unit, event: ButtonPressed, press: Pressed) -> Reply | None:
        case_id = press.case_id or CaseId(0)
        seat = plan_form.seat_for(unit, press.person_id or 0, case_id)
        problem = (
            Problem.of("plan.problem.not_here") if seat is None else do(unit, case_id, int(press.data["version"]), seat)
        )
        if problem is None:
            return None
        return answer(unit, event.origin, who(unit, event.origin), say(problem.key, **problem.values))

    return pressed


COMMANDS = {"plan": plan}
BUTTONS = {
    "plan.approve": _about(plans.approve),
    "plan.change": _about(plans.ask_change),
    "plan.question": _about(plans.ask_question),
}
