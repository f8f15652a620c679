"""A look at what a dentist asked: messages that belong together, and what comes of the library's verdict on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain import complaints as complaint_words
from bot.domain import redflags
from bot.domain.drafts import Option
from bot.ports.drafter import Suggestion, Verdict
from bot.ports.writer import Written
from bot.services import complaints, draft_making, draft_renewal, draft_sources, drafts, learning, notices, relay
from bot.services.unit import Unit
from storage import cases, messages
from storage import drafts as rows

Row = dict[str, Any]
MOST = 4000
"""Characters that the library is asked about at once."""
SEAM, PIECES = 300, 4
"""Characters that two pieces of a long text share, and pieces of earlier words that are looked at, the newest."""
LIBRARY = "library"
"""The incident of a library that cannot be searched, and its subject."""
COMPLAINT = "x_complaint"
"""The entry of complaints: while one stands, that it is one calls nobody again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked up; empty when there is nothing to look up any more.

    `before` is what was said before the specialist wrote last, and what is more than the newest `MOST` characters, in
    pieces: it gets no draft, but it may need a person at once. `flagged`: the lexicon says so, whatever else does.
    `nobody` has the case yet: that a person is needed counts all the same, and the rest waits for whoever takes it.
    During a `complaint` nothing else counts at all, and the clauses that tell of it are left out.
    """

    text: str
    before: tuple[str, ...] = ()
    nobody: bool = False
    flagged: bool = False
    complaint: bool = False

    def calls(self, found: Suggestion) -> bool:
        """Whether a person is needed by what the library makes of any of it."""
        known = self.complaint and found.topics == (COMPLAINT,)
        return self.flagged or (found.verdict is Verdict.ESCALATE and not known)


def asked(unit: Unit, job: Row) -> Asked:
    """The words of a job's messages, in order."""
    case = cases.get(unit.tx, job["case_id"])
    if case is None or case["state"] == "closed":
        return Asked("")
    before, group = _group(unit, job)
    complaint = complaints.stops(unit, case["id"])
    whole = _words(unit, group, complaint=complaint)
    earlier = (_words(unit, before, complaint=complaint), whole[: SEAM - MOST] if len(whole) > MOST else "")
    return Asked(
        whole[-MOST:],
        tuple(piece for words in earlier for piece in _pieces(words)),
        nobody=case["state"] in ("waiting", "unassigned", "offered"),
        flagged=bool(_flagged(unit, before + group)),
        complaint=complaint,
    )


def not_looked_at(unit: Unit, case_id: int) -> Asked | None:
    """What was said in a case and waits to be looked at."""
    job = rows.waiting_job(unit.tx, case_id)
    return None if job is None else asked(unit, job)


def settle(
    unit: Unit, job: Row, suggestion: Suggestion, written: Written | None = None, looked_at: Asked | None = None
) -> None:
    """Draft, renew, page the specialist, or leave it to them: once for each look. A model may have `written` it.

    Where the words are not those that were `looked_at` any more, they are looked at once more, and nothing is shown.
    """
    cases.lock(unit.tx, job["case_id"])  # before the job, as a message does
    question = messages.get(unit.tx, job["message_id"])
    known = asked(unit, job)
    if looked_at is not None and known != looked_at:
        rows.at_once(unit.tx, job["id"], unit.now)
        unit.wake("drafts")
        return
    if question is None or not rows.job_done(unit.tx, job["id"]):
        return
    before, group = _group(unit, job)
    if known.calls(suggestion):
        drafts.escalate(unit, next(iter(_flagged(unit, before + group)), _newest(unit, before + group) or question))
        return
    if known.complaint:
        return
    found = options_of(suggestion) if suggestion.verdict is Verdict.DRAFT else ()
    options = draft_sources.fresh(unit, found)
    if options != found:
        written = None  # it was made of words that have changed meanwhile
    if suggestion.verdict is not Verdict.NOT_QUESTION:
        case = cases.get(unit.tx, question["case_id"])
        own = () if case is None else learning.of_person(unit, case["specialist_id"] or 0, _words(unit, group)[-MOST:])
        options = draft_making.ranked(own, options)
        written = None if own else written
    first_no = int(group[0]["no"]) if group else int(question["no"])
    draft_renewal.on_look(unit, question, options, first_no, written)


def give_up(unit: Unit, job: Row) -> None:
    """The look keeps failing: the specialist has the question as ever, the coordinators are told once while it lasts.

    A word of the lexicon needs no library: it has called a person before.
    """
    if rows.job_done(unit.tx, job["id"]):
        notices.alert(unit, LIBRARY, LIBRARY)


def works(unit: Unit) -> None:
    """The library was asked, and answered."""
    notices.resolved(unit, LIBRARY, LIBRARY)


def options_of(suggestion: Suggestion) -> tuple[Option, ...]:
    """The candidates as a card shows them, the best first."""
    return tuple(draft_sources.option_of(one.entry, one.strength.value) for one in suggestion.candidates)


def _group(unit: Unit, job: Row) -> tuple[list[Row], list[Row]]:
    """The dentist's messages of a job: those before the specialist wrote last, and those since."""
    question = messages.get(unit.tx, job["message_id"])
    if question is None:
        return [], []
    rows_ = messages.between(unit.tx, job["case_id"], int(job["first_no"]), int(question["no"]))
    answered = max((int(one["no"]) for one in rows_ if one["side"] != "dentist"), default=0)
    theirs = [one for one in rows_ if one["side"] == "dentist" and one["state"] != "withdrawn"]
    return [one for one in theirs if one["no"] < answered], [one for one in theirs if one["no"] > answered]


def _flagged(unit: Unit, group: list[Row]) -> list[Row]:
    return [one for one in group if redflags.found(relay.body_of(unit, one).text)]


def _newest(unit: Unit, group: list[Row]) -> Row | None:
    """The newest that says more than that there is a complaint."""
    return next((one for one in reversed(group) if _words(unit, [one], complaint=True)), None)


def _words(unit: Unit, group: list[Row], *, complaint: bool = False) -> str:
    texts = (relay.body_of(unit, one).text.strip() for one in group)
    return "\n".join(filter(None, (complaint_words.without(one) if complaint else one for one in texts)))


def _pieces(words: str) -> list[str]:
    """A long text in pieces that the library can be asked about, the newest ones."""
    return [words[max(0, end - MOST - SEAM) : end] for end in range(len(words), 0, -MOST)][:PIECES]
