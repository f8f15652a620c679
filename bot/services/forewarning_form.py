"""[Word]: a forewarning in the specialist's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.forms import Field, Form, Kind
from bot.domain.ids import PersonId
from bot.domain.problems import Problem
from bot.services import forewarnings, notices
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from prompts.wording import say
from storage import forewarnings as rows
from storage import seats

Row = dict[str, Any]
FORM = Form("forewarning", (Field("words", Kind.LONG_TEXT, required=True, low=3, high=1500),))


def _hindrance(unit: Unit, account: Row, subject: str) -> Problem | None:
    row = rows.get(unit.tx, int(subject or 0))
    seat = None if row is None else seats.of_case(unit.tx, row["case_id"], "specialist")
    if row is None or seat is None or seat["person_id"] != account["person_id"]:
        return Problem.of("button.stale")
    return Problem.of("button.used") if row["state"] != "asked" else None


def _objection(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    return forewarnings.objection(unit, int(subject), str(answers["words"]))


def _finish(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    by = PersonId(account["person_id"])
    problem = forewarnings.decide(unit, int(subject), by, release=True, text=str(answers["words"]))
    if problem is not None:
        notices.to_person(unit, by, say(problem.key, **problem.values))


def _initial(unit: Unit, subject: str) -> Mapping[str, str | tuple[str, ...]]:
    row = rows.get(unit.tx, int(subject))
    return {} if row is None else {"words": forewarnings.words_of(unit, row).text}


SCRIPT = Script(
    FORM,
    title="forewarning.form.title",
    intro="forewarning.form.intro",
    intro_native="forewarning.form.intro",
    in_chat="forewarning.form.in_chat",
    hindrance=_hindrance,
    finish=_finish,
    objection=_objection,
    initial=_initial,
)
