"""The second look before an answer goes into the library: its words for any case, mended, looked at and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.drafts import TEXT_MOST
from bot.domain.faq import Entry
from bot.domain.forms import Field, Form, Kind
from bot.domain.ids import PersonId
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, bold, lines, quote
from bot.services import buttons, faq_form, faq_learning, learning, notices
from bot.services.faq_learning import PHRASE_MOST
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from prompts.wording import say
from storage import drafts, own_answers, seats

Row = dict[str, Any]
LOOKED = Field("looked", Kind.CHOICE, required=True, options=("yes",))
PHRASING = Form("phrasing", (Field("question", Kind.LONG_TEXT, required=True, high=PHRASE_MOST), LOOKED))
LEARNED = Form(
    "learned",
    (
        Field("title", Kind.TEXT, required=True, high=120),
        Field("question", Kind.LONG_TEXT, required=True, high=1500),
        Field("answer", Kind.LONG_TEXT, required=True, high=TEXT_MOST),
        LOOKED,
    ),
)


OWN_ANSWER = Form(
    "own_answer",
    (
        Field("question", Kind.LONG_TEXT, required=True, high=PHRASE_MOST),
        Field("answer", Kind.LONG_TEXT, required=True, high=TEXT_MOST),
    ),
)


def shown(unit: Unit, draft: Row, form: Form) -> RichText:
    """What is proposed, for a chat in which a form cannot open filled in."""
    found = faq_learning.proposal(unit, draft)
    rows: list[RichText | str] = [bold(say("learn.proposed")), quote(found.question)]
    if form is LEARNED:
        rows += [bold(say("learn.proposed_answer")), quote(found.answer)]
    return lines(*rows)


def _draft(unit: Unit, subject: str) -> Row:
    draft = drafts.get(unit.tx, int(subject))
    assert draft is not None
    return draft


def _given(unit: Unit, draft: Row, answers: Answers) -> dict[str, str]:
    """The answers, with what was proposed in place of "same"."""
    found = faq_learning.proposal(unit, draft)
    proposed = {"title": "", "question": found.question, "answer": found.answer}
    given = {name: str(answers.get(name) or "").strip() for name in proposed}
    return {name: proposed[name] if words.lower().rstrip(".") == "same" else words for name, words in given.items()}


def _no_phrasing(unit: Unit, account: Row, subject: str) -> Problem | None:
    return faq_learning.hindrance(unit, account, int(subject or 0), "phrasing")


def _no_entry(unit: Unit, account: Row, subject: str) -> Problem | None:
    return faq_learning.hindrance(unit, account, int(subject or 0), "entry")


def _bad_phrasing(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    draft = _draft(unit, subject)
    return faq_learning.unfit_question(unit, draft, _given(unit, draft, answers)["question"])


def _bad_entry(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    draft = _draft(unit, subject)
    given = _given(unit, draft, answers)
    if not given["title"]:
        return Problem.of("learn.problem.no_title")
    return faq_learning.unfit_entry(unit, draft, given["title"], given["question"], given["answer"])


def _add_phrasing(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    draft = _draft(unit, subject)
    made, entry = faq_learning.keep_phrasing(unit, draft, account, _given(unit, draft, answers)["question"])
    _tell(unit, draft, say("learn.phrasing_kept", title=entry.title), "learn.undo", {"phrasing": made})


def _add_entry(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    draft = _draft(unit, subject)
    given = _given(unit, draft, answers)
    made = faq_learning.keep_entry(unit, draft, account, given["title"], given["question"], given["answer"])
    if isinstance(made, Entry):
        seen = {"subject": faq_form.subject_of(made.id, made.version)}
        _tell(unit, draft, say("learn.entry_kept", title=made.title), "library.retire", seen)


def _tell(unit: Unit, draft: Row, said: str, action: str, data: Mapping[str, Any]) -> None:
    seat = seats.of_case(unit.tx, draft["case_id"], "specialist")
    if seat is not None:
        button = buttons.for_seat(unit, seat, action, say("learn.button.undo"), data=data, once=False)
        notices.to_seat(unit, seat, said, buttons=((button,),), silent=True)


def _question(unit: Unit, subject: str) -> Mapping[str, str | tuple[str, ...]]:
    return {"question": faq_learning.proposal(unit, _draft(unit, subject)).question}


def _entry(unit: Unit, subject: str) -> Mapping[str, str | tuple[str, ...]]:
    found = faq_learning.proposal(unit, _draft(unit, subject))
    return {"question": found.question, "answer": found.answer}


def _no_answer(unit: Unit, account: Row, subject: str) -> Problem | None:
    row = learning.kept(unit, int(subject or 0), PersonId(account["person_id"]))
    return Problem.of("learn.problem.not_kept") if row is None else None


def _kept(unit: Unit, subject: str) -> Row:
    row = own_answers.get(unit.tx, int(subject))
    assert row is not None
    return row


def _own(unit: Unit, subject: str) -> dict[str, str | tuple[str, ...]]:
    row = _kept(unit, subject)
    option = learning.opened(unit, row)
    return {"question": learning.question_of(unit, row), "answer": "" if option is None else option.answer}


def _own_given(unit: Unit, subject: str, answers: Answers) -> tuple[str, str]:
    before = _own(unit, subject)
    given = {name: str(answers.get(name) or "").strip() for name in before}
    question, words = (
        str(before[name]) if given[name].lower().rstrip(".") == "same" else given[name] for name in before
    )
    return question, words


def _bad_answer(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    return learning.objection(unit, _kept(unit, subject), *_own_given(unit, subject, answers))


def _change_answer(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    learning.change(unit, _kept(unit, subject), *_own_given(unit, subject, answers))
    notices.to_person(unit, PersonId(account["person_id"]), say("own_answer.changed"), silent=True)


OWN_SCRIPT = Script(
    OWN_ANSWER,
    title="own_answer.title_form",
    intro="own_answer.intro",
    intro_native="own_answer.intro_native",
    in_chat="own_answer.in_chat",
    hindrance=_no_answer,
    finish=_change_answer,
    objection=_bad_answer,
    initial=_own,
)
PHRASE_SCRIPT = Script(
    PHRASING,
    title="phrasing.title_form",
    intro="phrasing.intro",
    intro_native="phrasing.intro_native",
    in_chat="phrasing.in_chat",
    hindrance=_no_phrasing,
    finish=_add_phrasing,
    objection=_bad_phrasing,
    initial=_question,
)
ENTRY_SCRIPT = Script(
    LEARNED,
    title="learned.title_form",
    intro="learned.intro",
    intro_native="learned.intro_native",
    in_chat="learned.in_chat",
    hindrance=_no_entry,
    finish=_add_entry,
    objection=_bad_entry,
    initial=_entry,
)
