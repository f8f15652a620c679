"""Answers a specialist keeps: offered to them alone when they type much the same again, kept only by a second look.

The words are written for any case, scanned for what points at a patient, and sealed under the case they came from.
"""

from __future__ import annotations

from typing import Any

from bot.domain import redflags
from bot.domain.drafts import Option
from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.likeness import any_alike, overlap, sketch
from bot.domain.problems import Problem
from bot.services import buttons, draft_cards, generality, notices, relay
from bot.services.draft_making import OWN, unfit
from bot.services.unit import Unit
from prompts.wording import say
from storage import drafts, messages, own_answers, seats
from storage.errors import Corrupt, KeyGone

Row = dict[str, Any]
LOOKED_BACK = 300
"""Answers of the same specialist that a new one is compared with."""
FITS = 0.6


def typed(unit: Unit, seat: Row, message_id: MessageId, text: str) -> None:
    """A specialist answered in their own words: the second time they are asked whether to keep it."""
    mine = sketch(text, unit.hashes("sketch", str(seat["person_id"])))
    if not mine:
        return
    before = own_answers.sketches(unit.tx, seat["person_id"], LOOKED_BACK)
    alike = any_alike(mine, (tuple(one.split(",")) for one in before))
    own_answers.add_sketch(unit.tx, message_id, seat["person_id"], ",".join(mine), unit.now)
    if not alike or any(overlap(text, one.answer) >= FITS for one in of_person(unit, seat["person_id"])):
        return
    offered = unit.new_id()
    person_id, case_id = PersonId(seat["person_id"]), CaseId(seat["case_id"])
    own_answers.offer(unit.tx, id=offered, person_id=person_id, case_id=case_id, message_id=message_id, now=unit.now)
    unit.audit(case_id, "service", "answer.offered", answer=offered, message=message_id)
    button = buttons.for_seat(unit, seat, "learn.save", say("learn.button.save"), data={"answer": offered}, once=False)
    notices.to_seat(unit, seat, say("learn.offer"), buttons=((button,),), silent=True, card=card(offered))


def card(answer_id: int) -> str:
    """The line that offers it: a reply to it is taken as the words to keep."""
    return f"learn:{answer_id}"


def words_of(unit: Unit, answer_id: int, person_id: PersonId) -> str | None:
    """What was typed, to be made general; None if it is not theirs or is settled."""
    row = own_answers.get(unit.tx, answer_id)
    if row is None or row["person_id"] != person_id or row["state"] != "offered":
        return None
    message = messages.get(unit.tx, row["message_id"])
    if message is None:
        return None
    draft = drafts.of_message(unit.tx, row["case_id"], message["id"])  # without its by-line
    return relay.body_of(unit, message).text if draft is None else draft_cards.sheet_of(unit, draft).body


def keep(unit: Unit, answer_id: int, person_id: PersonId, question: str, words: str) -> Problem | None:
    """Keep words for any case, after a scan for what points at a patient; a Problem says what to mend."""
    row = own_answers.get(unit.tx, answer_id)
    seat = None if row is None else seats.of_case(unit.tx, row["case_id"], "specialist")
    if row is None or row["state"] != "offered" or seat is None or seat["person_id"] != person_id:
        return Problem.of("button.stale")
    problem = objection(unit, row, question, words)
    if problem is not None:
        return problem
    _save(unit, row, question, words)
    notices.to_seat(unit, seat, say("learn.saved"), silent=True)
    return None


def objection(unit: Unit, row: Row, question: str, words: str) -> Problem | None:
    """Why words cannot be kept for any case."""
    if not question.strip():
        return Problem.of("learn.problem.no_question")
    problem = unfit(words)
    if problem is not None:
        return problem
    if generality.points_at_patient(unit, f"{question}\n{words}", case_id=CaseId(row["case_id"])):
        return Problem.of("learn.points_at_patient")
    return Problem.of("learn.problem.person") if redflags.found(question) else None


def kept(unit: Unit, answer_id: int, person_id: PersonId) -> Row | None:
    """An answer that a person keeps; None if it is not theirs, was removed, or went with its case."""
    row = own_answers.get(unit.tx, answer_id)
    theirs = row is not None and row["person_id"] == person_id and row["state"] == "saved"
    return row if theirs and row is not None and opened(unit, row) is not None else None


def mine(unit: Unit, person_id: PersonId) -> list[Row]:
    """What a person keeps, the newest first."""
    return [row for row in own_answers.saved(unit.tx, person_id) if opened(unit, row) is not None]


def change(unit: Unit, row: Row, question: str, words: str) -> None:
    """A kept answer has other words from now on; a card that was made from it comes anew."""
    _save(unit, row, question, words)
    drafts.outdate_topic(unit.tx, f"{OWN}{row['id']}", unit.now)
    unit.wake("drafts")


def remove(unit: Unit, answer_id: int, person_id: PersonId) -> Problem | None:
    """It is offered no more, and a card that was made from it says so."""
    row = kept(unit, answer_id, person_id)
    if row is None:
        return Problem.of("learn.problem.not_kept")
    own_answers.remove(unit.tx, answer_id, unit.now)
    drafts.outdate_topic(unit.tx, f"{OWN}{answer_id}", unit.now)
    unit.audit(row["case_id"], f"person:{person_id}", "answer.removed", answer=answer_id)
    unit.wake("drafts")
    return None


def _save(unit: Unit, row: Row, question: str, words: str) -> None:
    case_id, answer_id = row["case_id"], row["id"]
    own_answers.save(
        unit.tx,
        answer_id,
        unit.seal(case_id, "own_answer", "question_sealed", answer_id, question.encode()),
        unit.seal(case_id, "own_answer", "text_sealed", answer_id, words.encode()),
        unit.now,
    )
    hashed = unit.hash("content", words)
    unit.audit(case_id, f"person:{row['person_id']}", "answer.saved", answer=answer_id, hash=hashed)


def of_person(unit: Unit, person_id: int, asked: str = "") -> tuple[Option, ...]:
    """What a specialist keeps that fits what was asked, the best first; all of it where nothing is asked.

    What came from a case that was erased cannot be opened any more, and is left out.
    """
    found: list[tuple[float, Option]] = []
    for row in own_answers.saved(unit.tx, person_id):
        question, option = question_of(unit, row), opened(unit, row)
        fit = overlap(question, asked) if asked else 1.0
        if option is not None and fit >= FITS:
            found.append((fit, option))
    return tuple(option for _, option in sorted(found, key=lambda pair: -pair[0]))


def opened(unit: Unit, row: Row) -> Option | None:
    """A kept answer as a candidate; None if it cannot be opened any more."""
    words = _unsealed(unit, row, "text_sealed")
    if not words:
        return None
    topic, version = f"{OWN}{row['id']}", int(row["at"])
    return Option(topic, say("learn.title"), version, flagged=False, answer=words, strength="own")


def question_of(unit: Unit, row: Row) -> str:
    """The question that an answer is kept for; empty if it cannot be opened any more."""
    return _unsealed(unit, row, "question_sealed")


def _unsealed(unit: Unit, row: Row, column: str) -> str:
    if row[column] is None:
        return ""
    try:
        return unit.unseal(row["case_id"], "own_answer", column, row["id"], row[column]).decode()
    except (Corrupt, KeyGone):
        return ""
