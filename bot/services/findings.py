"""The facts of a case that forewarning rules look at: its intake, newest plan, wanted date and check-ins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.domain.check_ins import Answer
from bot.domain.deadline import Colour, without_plan
from bot.domain.forewarnings import Findings, Reported
from bot.domain.forms import NONE
from bot.domain.ipr import IprRow
from bot.domain.movements import Movement, MovementKind, Per, plan_from_json
from bot.domain.movements import Unit as Measure
from bot.domain.timeline import Timeline
from bot.services import intake_answers, timelines
from bot.services.unit import Unit
from prompts import check_in_plans
from storage import checkins

Row = dict[str, Any]


def of_case(unit: Unit, case: Row, made: Timeline | None) -> Findings:
    """What is known by now: the plan where it says something, else the intake, each fact of it by itself."""
    answers = intake_answers.of_case(unit, case)
    versions = timelines.versions_of(unit, case)
    plan = versions[0][1] if versions else None
    intake_moves = plan_from_json(answers["movements"]).movements if answers.get("movements") else ()
    moves = plan.movements if plan is not None and plan.movements_text else intake_moves
    course = timelines.of_case(unit, case)
    reported = _answered(unit, case)
    return Findings(
        movements=moves,
        history=tuple(one for one in answers.get("history") or () if one != NONE),
        age=str(answers.get("age_band") or ""),
        aligners=max((answers.get("aligners") or {"none": 0}).values()) if course is None else course.aligners,
        days=int(answers.get("days_per_aligner") or 0) if course is None else course.days,
        ipr=(*(plan.ipr if plan is not None else ()), *_ipr_of(moves)),
        colour=_colour(unit, case) if made is None else made.colour,
        overbite=answers.get("overbite"),
        hours=_newest(reported, lambda choice: choice.hours),
        ipr_done=_newest(reported, lambda choice: choice.ipr_done),
    )


def _colour(unit: Unit, case: Row) -> Colour | None:
    """How the wanted date stands before anybody knows how many aligners there are."""
    if not case["event_on"]:
        return None
    return without_plan(timelines.today_of(unit, case), date.fromisoformat(case["event_on"]))


def _answered(unit: Unit, case: Row) -> list[Answer]:
    """What was answered in the case's check-ins, the newest first."""
    plans = check_in_plans.load()
    found = []
    for row in reversed(checkins.answers_of_case(unit.tx, case["id"])):
        question = plans[row["step"]].question(row["question"]) if row["step"] in plans else None
        choice = None if question is None else question.choice(row["choice"])
        if choice is not None:
            found.append(choice)
    return found


def _newest(answers: list[Answer], what: Callable[[Answer], tuple[float, float] | None]) -> Reported | None:
    """What the newest answer that reports an amount says of it."""
    for one in answers:
        if (span := what(one)) is not None:
            return Reported(*span, one.line)
    return None


def _ipr_of(moves: tuple[Movement, ...]) -> tuple[IprRow, ...]:
    """IPR among the movements, where it says what it is per."""
    return tuple(
        IprRow(1, contact, one.amount, one.per)
        for one in moves
        if one.kind is MovementKind.IPR and one.unit is Measure.MM and one.amount is not None
        if one.per is Per.CONTACT or one.per is Per.SURFACE
        for contact in one.contacts
    )
