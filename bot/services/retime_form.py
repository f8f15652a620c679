"""Moving the dates of a case by a form: a slip, a repeated aligner, the fit, the wanted date, a refinement scan."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.forms import NONE
from bot.domain.ids import CaseId, PersonId
from bot.domain.problems import Problem
from bot.domain.retime import EVENT, FIT, LATE, NEEDS, REFINEMENT, REPEAT, RETIME
from bot.services import notices, plan_form, reflow, slip_calls, slips
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from prompts.wording import say

Row = dict[str, Any]


def _hindrance(unit: Unit, account: Row, subject: str) -> Problem | None:
    seat = plan_form.seat_for(unit, account["person_id"], int(subject or 0))
    return Problem.of("plan.problem.not_here") if seat is None else None


def _objection(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    what = str(answers["what"])
    needed = answers.get(NEEDS[what])
    if needed is None or (needed == NONE and what != EVENT):
        return Problem.of(f"retime.problem.{what}")
    return None


def _finish(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    case_id = CaseId(int(subject))
    before = slips.of(unit, case_id)
    done = _do(unit, case_id, PersonId(account["person_id"]), dict(answers))
    seat = plan_form.seat_for(unit, account["person_id"], case_id)
    if seat is not None and answers["what"] in (LATE, REPEAT, FIT):
        slip_calls.make(unit, case_id, seat, before)
    if isinstance(done, Problem):
        notices.to_person(unit, PersonId(account["person_id"]), say(done.key, **done.values))


def _do(unit: Unit, case_id: CaseId, by: PersonId, answers: dict[str, Any]) -> object:
    given = answers.get("date")
    on = None if given in (None, NONE) else date.fromisoformat(given)
    match answers["what"]:
        case what if what == LATE:
            return reflow.slip(unit, case_id, by, answers["days"], answers.get("aligner"))
        case what if what == REPEAT:
            return reflow.repeat_aligner(unit, case_id, by, answers["aligner"], answers.get("days") or 0)
        case what if what == EVENT:
            return reflow.move_event(unit, case_id, by, on)
        case what if what == FIT and on is not None:
            return reflow.fit_on(unit, case_id, by, on)
        case what if what == REFINEMENT and on is not None:
            return reflow.add_refinement(unit, case_id, by, on)
    return Problem.of("retime.problem.date")


SCRIPT = Script(
    RETIME,
    title="retime.title",
    intro="retime.intro",
    intro_native="retime.intro_native",
    in_chat="retime.in_chat",
    hindrance=_hindrance,
    finish=_finish,
    objection=_objection,
)
