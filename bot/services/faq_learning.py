"""From an approved answer into the library: its question as a phrasing of the entry, or the answer as an entry.

Only by an action of its own, in words for any case that the specialist has looked at a second time. What is kept is
sealed under the case it comes from and goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain import redflags
from bot.domain.drafts import TEXT_MOST, Origin, Sheet, length
from bot.domain.faq import Entry, Policy
from bot.domain.ids import CaseId, DraftId
from bot.domain.outbound import Button
from bot.domain.problems import Problem
from bot.services import buttons, case_facts, draft_cards, draft_sources, faq_library, generality, relay
from bot.services.draft_making import OWN
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, faq_entries, faq_phrasings, messages

Row = dict[str, Any]
PHRASE_MOST = 300
"""Characters of a phrasing: one question."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a draft has to give to the library, in general words as far as a machine can tell."""

    question: str
    answer: str
    patient: str
    topic: Entry | None
    """The entry of the library that the answer was made from, as it is now."""
    flagged: bool
    """Facts were ticked before it went, so they are before what is made of it goes."""


def offers(unit: Unit, seat: Row, draft: Row, sheet: Sheet) -> tuple[tuple[Button, ...], ...]:
    """What may be kept of an approved answer, as buttons of its card for the specialist alone."""

    def button(action: str, label: str) -> Button:
        return buttons.for_seat(unit, seat, action, label, data={"draft": draft["id"]}, once=False)

    rows: list[tuple[Button, ...]] = []
    if _topic(unit, sheet) is not None:
        rows.append((button("learn.phrasing", say("learn.button.phrasing")),))
    if draft["origin"] in (Origin.EDITED, Origin.TYPED) or _own(sheet):
        rows.append((button("learn.entry", say("learn.button.entry")),))
    return tuple(rows)


def hindrance(unit: Unit, account: Row, draft_id: int, kind: str) -> Problem | None:
    """Why nothing can be kept of it ("phrasing" or "entry"): not theirs, not approved, withdrawn or kept before."""
    draft = drafts.get(unit.tx, draft_id)
    case = None if draft is None else cases.get(unit.tx, draft["case_id"])
    if draft is None or case is None or draft["state"] != "approved":
        return Problem.of("button.stale")
    if not account["person_id"] == draft["specialist_id"] == case["specialist_id"]:
        return Problem.of("case.not_for_you")
    made = (faq_phrasings if kind == "phrasing" else faq_entries).made_from(unit.tx, draft_id)
    if made is not None and made["state"] == "active":
        return Problem.of("learn.problem.kept")
    found = proposal(unit, draft)
    if kind == "phrasing" and found.topic is None:
        return Problem.of("library.problem.gone")
    if draft_sources.erased(unit, draft_cards.sheet_of(unit, draft)):
        return Problem.of("library.problem.gone")
    return None if found.question else Problem.of("button.stale")


def proposal(unit: Unit, draft: Row) -> Proposal:
    """The question that was asked and the answer that was sent, without what points at the patient."""
    case_id, sheet = CaseId(draft["case_id"]), draft_cards.sheet_of(unit, draft)
    asked = [
        relay.body_of(unit, one).text.strip()
        for one in messages.between(unit.tx, case_id, int(draft["first_no"]), int(draft["upto_no"]))
        if one["side"] == "dentist" and one["state"] != "withdrawn"
    ]
    facts = say("draft.this_case", facts="; ".join(case_facts.line(one) for one in sheet.facts))
    answer = "\n\n".join(part for part in sheet.body.split("\n\n") if part.strip() != facts)
    return Proposal(
        question=generality.general(unit, case_id, " ".join(filter(None, asked)))[:PHRASE_MOST].strip(),
        answer=generality.general(unit, case_id, answer),
        patient=generality.general(unit, case_id, sheet.patient),
        topic=_topic(unit, sheet),
        flagged=sheet.flagged,
    )


def unfit_question(unit: Unit, draft: Row, question: str) -> Problem | None:
    """Why words cannot be a question of the library: they point at the patient, or a person must answer them."""
    if generality.points_at_patient(unit, question, case_id=CaseId(draft["case_id"])):
        return Problem.of("learn.points_at_patient")
    return Problem.of("learn.problem.person") if redflags.found(question) else None


def unfit_entry(unit: Unit, draft: Row, title: str, question: str, answer: str) -> Problem | None:
    """Why they cannot be an entry; its title is searched like its questions."""
    found = length(answer, proposal(unit, draft).patient)
    if found > TEXT_MOST:
        return Problem.of("library.problem.too_long", most=TEXT_MOST, length=found)
    if generality.points_at_patient(unit, answer, case_id=CaseId(draft["case_id"])):
        return Problem.of("learn.points_at_patient")
    return unfit_question(unit, draft, f"{title}\n{question}")


def keep_phrasing(unit: Unit, draft: Row, account: Row, question: str) -> tuple[int, Entry]:
    """The question is searched from now on like those of its entry; the phrasing's id, and the entry."""
    topic = proposal(unit, draft).topic
    assert topic is not None
    made, case_id = unit.new_id(), CaseId(draft["case_id"])
    faq_phrasings.add(
        unit.tx,
        id=made,
        entry_id=topic.id,
        case_id=case_id,
        draft_id=draft["id"],
        person_id=account["person_id"],
        words=unit.seal(case_id, "faq_phrasing", "words_sealed", made, question.encode()),
        now=unit.now,
    )
    _note(unit, account, draft, "phrasing", topic.id, question, phrasing=made)
    return made, topic


def keep_entry(unit: Unit, draft: Row, account: Row, title: str, question: str, answer: str) -> Entry | Problem:
    """The answer is an entry of the library from now on. What was to be asked first still is; no source comes along."""
    found = proposal(unit, draft)
    patient = found.patient
    if generality.points_at_patient(unit, patient, case_id=CaseId(draft["case_id"])):
        patient = ""
    entry = Entry(
        id=f"chat-{unit.new_id()}",
        title=title,
        version=1,
        policy=Policy.DRAFT_FLAG if found.flagged else Policy.DRAFT if found.topic is None else found.topic.policy,
        questions=tuple(line.strip() for line in question.splitlines() if line.strip()),
        keywords=(),
        ask_first=() if found.topic is None else found.topic.ask_first,
        sources=(),
        answer=answer,
        patient_words=patient,
    )
    made = faq_library.learn(unit, account, entry, CaseId(draft["case_id"]), DraftId(draft["id"]))
    if isinstance(made, Entry):
        _note(unit, account, draft, "entry", made.id, f"{title}\n{question}\n{answer}")
    return made


def take_out(unit: Unit, phrasing_id: int, person_id: int) -> Problem | None:
    """The specialist who added a phrasing takes it out again."""
    row = faq_phrasings.get(unit.tx, phrasing_id)
    if row is None or row["person_id"] != person_id or not faq_phrasings.retire(unit.tx, phrasing_id):
        return Problem.of("button.stale")
    unit.audit(row["case_id"], f"person:{person_id}", "answer.unlearned", phrasing=phrasing_id, entry=row["entry_id"])
    unit.wake("drafts")
    return None


def _note(unit: Unit, account: Row, draft: Row, kind: str, entry: str, words: str, **more: int) -> None:
    actor, hashed = f"person:{account['person_id']}", unit.hash("content", words)
    unit.audit(
        draft["case_id"], actor, "answer.learned", kind=kind, entry=entry, draft=draft["id"], hash=hashed, **more
    )
    unit.wake("drafts")


def _topic(unit: Unit, sheet: Sheet) -> Entry | None:
    """The entry that the answer was made from, if it can be drafted from now."""
    if sheet.option is None or _own(sheet):
        return None
    entry = next((one for one in faq_library.entries(unit) if one.id == sheet.option.topic), None)
    return None if entry is None or entry.policy is Policy.NEVER_AUTO else entry


def _own(sheet: Sheet) -> bool:
    return sheet.option is not None and sheet.option.topic.startswith(OWN)
