"""Days of a refinement that are typed: when the new scan is taken, and when the new set came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.domain.forms import Field, Form, Kind
from bot.domain.ids import PersonId
from bot.domain.problems import Problem
from bot.services import notices, plan_form, refinements
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from prompts.wording import say

Row = dict[str, Any]
BACK = 60
"""Days that a scan or a set may lie back when it is told of."""
SCAN = Form("refine_scan", (Field("day", Kind.DATE, required=True, high=60, past=BACK),))
SET = Form("refine_set", (Field("day", Kind.DATE, required=True, high=60, past=BACK),))


def _seat(unit: Unit, account: Row, subject: str) -> Row | None:
    return plan_form.seat_for(unit, account["person_id"], int(subject.partition(":")[0] or 0))


def _hindrance(unit: Unit, account: Row, subject: str) -> Problem | None:
    return Problem.of("plan.problem.not_here") if _seat(unit, account, subject) is None else None


def _finish(do: Callable[[Unit, Row, str, date], Problem | None]) -> Callable[[Unit, Row, str, Answers], None]:
    def finish(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
        seat = _seat(unit, account, subject)
        assert seat is not None
        problem = do(unit, seat, subject, date.fromisoformat(str(answers["day"])))
        if problem is not None:
            notices.to_person(unit, PersonId(account["person_id"]), say(problem.key, **problem.values))

    return finish


def _scan(unit: Unit, seat: Row, subject: str, on: date) -> Problem | None:
    return refinements.ask(unit, seat, subject.partition(":")[2], on)


def _came(unit: Unit, seat: Row, subject: str, on: date) -> Problem | None:
    return refinements.arrived(unit, seat, on)


SCAN_SCRIPT = Script(
    SCAN,
    title="refine_scan.title",
    intro="refine_scan.intro",
    intro_native="refine_scan.intro",
    in_chat="refine_scan.in_chat",
    hindrance=_hindrance,
    finish=_finish(_scan),
)
SET_SCRIPT = Script(
    SET,
    title="refine_set.title",
    intro="refine_set.intro",
    intro_native="refine_set.intro",
    in_chat="refine_set.in_chat",
    hindrance=_hindrance,
    finish=_finish(_came),
)
