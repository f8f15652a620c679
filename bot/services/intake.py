"""The intake form: who may start a case, and that its answers open one."""

from __future__ import annotations

from typing import Any

from bot.domain.intake import INTAKE
from bot.domain.problems import Problem
from bot.services import notices, openings
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from storage import people

Row = dict[str, Any]


def hindrance(unit: Unit, account: Row, subject: str) -> Problem | None:
    """Why this person cannot start a case."""
    person = people.get(unit.tx, account["person_id"])
    if person is None or person["role"] != "dentist":
        return Problem.of("case.only_dentists")
    if not person["listed"]:
        return Problem.of("intake.problem.unlisted")
    if person["practice_id"] is None:
        notices.alert(unit, "no_practice", person["handle"])
        return Problem.of("intake.problem.no_practice")
    return None


def _finish(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    openings.open_case(unit, account, answers)


SCRIPT = Script(
    INTAKE,
    title="intake.title",
    intro="intake.intro",
    intro_native="intake.intro_native",
    in_chat="intake.in_chat",
    hindrance=hindrance,
    finish=_finish,
)
