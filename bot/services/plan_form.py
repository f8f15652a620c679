"""The plan as a form: who may fill it in, what it opens with, and that it makes the next version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.ipr import row_words
from bot.domain.plans import PLAN
from bot.domain.problems import Problem
from bot.services import notices, plans
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from prompts.wording import say
from storage import attachments, messages, seats

Row = dict[str, Any]
_NUMBER = re.compile(r"#?\s*(\d{1,6})")


def seat_for(unit: Unit, person_id: int, case_id: int) -> Row | None:
    """The person's living seat in a case."""
    return next((one for one in seats.of_person(unit.tx, person_id) if one["case_id"] == case_id), None)


def _hindrance(unit: Unit, account: Row, subject: str) -> Problem | None:
    seat = seat_for(unit, account["person_id"], int(subject or 0))
    if seat is None:
        return Problem.of("plan.problem.not_here")
    return None if seat["case_state"] == "open" else Problem.of("plan.problem.not_open")


def _objection(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    case_id = CaseId(int(subject))
    found = _NUMBER.fullmatch(str(answers.get("document") or ""))
    if found is not None:
        message = messages.by_no(unit.tx, case_id, int(found[1]))
        if message is None or not attachments.of_message(unit.tx, message["id"]):
            return Problem.of("plan.problem.document", no=int(found[1]))
    return plans.objection(unit, case_id, answers)


def _finish(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    seat = seat_for(unit, account["person_id"], int(subject))
    assert seat is not None
    made = plans.submit(unit, CaseId(int(subject)), seat, answers)
    if isinstance(made, Problem):
        notices.to_person(unit, PersonId(account["person_id"]), say(made.key, **made.values))


def _initial(unit: Unit, subject: str) -> Mapping[str, str | tuple[str, ...]]:
    """What the version before says; the fit is left out, which keeps it."""
    facts = plans.current(unit, CaseId(int(subject)))
    if facts is None:
        return {}
    return {
        "aligners": f"{facts.upper}/{facts.lower}",
        "days_per_aligner": str(facts.days),
        "attachments": ", ".join(map(str, facts.attachments)),
        "review_weeks": "" if facts.review_days is None else str(facts.review_days // 7),
        "movements": facts.movements_text,
        "ipr": "\n".join(map(row_words, facts.ipr)),
        "document": facts.document,
    }


SCRIPT = Script(
    PLAN,
    title="plan.title_form",
    intro="plan.intro",
    intro_native="plan.intro_native",
    in_chat="plan.in_chat",
    hindrance=_hindrance,
    finish=_finish,
    objection=_objection,
    initial=_initial,
)
