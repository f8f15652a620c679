"""A library entry as a form: who may fill it in, what it opens with, and that it makes the next version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.drafts import TEXT_MOST
from bot.domain.faq import PATIENT_MOST, Policy
from bot.domain.forms import Field, Form, Kind
from bot.domain.ids import PersonId
from bot.domain.problems import Problem
from bot.services import faq_library, notices
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from prompts.wording import say

Row = dict[str, Any]
FORM = Form(
    "library",
    (
        Field("title", Kind.TEXT, required=True, high=120),
        Field("questions", Kind.LONG_TEXT, required=True, high=1500),
        Field("answer", Kind.LONG_TEXT, required=True, high=TEXT_MOST),
        Field("patient_words", Kind.LONG_TEXT, high=PATIENT_MOST),
        Field("ask_first", Kind.LONG_TEXT, high=600),
        Field("sources", Kind.LONG_TEXT, high=2000),
        Field("policy", Kind.CHOICE, options=(Policy.DRAFT.value, Policy.DRAFT_FLAG.value)),
    ),
)


def _hindrance(unit: Unit, account: Row, subject: str) -> Problem | None:
    if account["role"] != "specialist":
        return Problem.of("case.not_for_you")
    entry_id, version = parted(subject)
    problem = faq_library.hindrance(unit, entry_id)
    if problem is not None or not entry_id:
        return problem
    entry = faq_library.current(unit, entry_id)
    return None if entry is not None and entry.version == version else Problem.of("library.problem.changed")


def _objection(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    return faq_library.objection(unit, parted(subject)[0], answers)


def _finish(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    made = faq_library.edit(unit, account, parted(subject)[0], answers)
    if isinstance(made, Problem):
        said = say(made.key, **made.values)
    else:
        said = say("library.saved", title=made.title, version=made.version)
    notices.to_person(unit, PersonId(account["person_id"]), said, silent=True)


def _initial(unit: Unit, subject: str) -> Mapping[str, str | tuple[str, ...]]:
    entry = faq_library.current(unit, parted(subject)[0])
    if entry is None:
        return {}
    return {
        "title": entry.title,
        "questions": "\n".join(entry.questions),
        "answer": entry.answer,
        "patient_words": entry.patient_words,
        "ask_first": "\n".join(entry.ask_first),
        "sources": "\n".join(map(faq_library.source_line, entry.sources)),
        "policy": entry.policy.value,
    }


def subject_of(entry_id: str, version: int) -> str:
    """What the form is about: an entry as somebody saw it."""
    return f"{entry_id}:{version}"


def parted(subject: str) -> tuple[str, int]:
    """The entry's id, empty for a new one, and the version that was seen."""
    entry_id, _, version = subject.partition(":")
    return entry_id, int(version or 0)


SCRIPT = Script(
    FORM,
    title="library.title_form",
    intro="library.intro",
    intro_native="library.intro_native",
    in_chat="library.in_chat",
    hindrance=_hindrance,
    finish=_finish,
    objection=_objection,
    initial=_initial,
)
