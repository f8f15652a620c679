"""A draft that the specialist asks for: the library's best entries for their own words, as a card like any other.

What is asked is a row; the search is made off the loop (`bot.workers.lookups`), by words and by meaning as for drafts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from bot.domain.faq import Policy
from bot.domain.ids import PersonId
from bot.domain.problems import Problem
from bot.ports.drafter import Candidate
from bot.services import (
    case_facts,
    complaints,
    draft_making,
    draft_renewal,
    draft_sources,
    draft_stops,
    learning,
    notices,
)
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, drafts, faq_requests, messages, seats

Row = dict[str, Any]


def ask(unit: Unit, seat: Row, words: str) -> Problem | None:
    """Have the library searched for a specialist's words; a Problem says in one line why it is not.

    A card of what is found answers the dentist's newest message, and takes the place of one that is open.
    """
    if not words.strip():
        return Problem.of("draft.faq.usage")
    problem = _hindrance(unit, seat)
    if problem is not None:
        return problem
    request = unit.new_id()
    sealed = unit.seal(seat["case_id"], "faq_request", "words_sealed", request, words.strip().encode())
    faq_requests.add(
        unit.tx, id=request, case_id=seat["case_id"], person_id=seat["person_id"], words=sealed, now=unit.now
    )
    unit.audit(seat["case_id"], f"person:{seat['person_id']}", "faq.asked", request=request)
    unit.wake("lookups")
    return None


def words_of(unit: Unit, request: Row) -> str:
    """What was asked for."""
    return unit.unseal(
        request["case_id"], "faq_request", "words_sealed", request["id"], request["words_sealed"]
    ).decode()


def settle(unit: Unit, request: Row, words: str, found: Sequence[Candidate], *, called: bool = False) -> None:
    """Show the card of what was found, or say in one line why there is none: once for each request.

    `called`: the dentist has just said something that needs a person.
    """
    if not faq_requests.done(unit.tx, request["id"]):
        return
    seat = seats.of_case(unit.tx, request["case_id"], "specialist")
    if seat is None or seat["person_id"] != request["person_id"]:
        return  # the case is somebody else's by now
    question = messages.newest_of(unit.tx, request["case_id"], "dentist")
    if called and question is not None:
        problem: Problem | None = Problem.of("draft.faq.urgent", no=question["no"])
    else:
        problem = _show(unit, seat, words, found)
    if problem is not None:
        notices.to_seat(unit, seat, say(problem.key, **problem.values))


def give_up(unit: Unit, request: Row) -> None:
    """The search keeps failing: the specialist is told so, and answers in words of their own."""
    if not faq_requests.done(unit.tx, request["id"]):
        return
    seat = seats.of_case(unit.tx, request["case_id"], "specialist")
    if seat is not None and seat["person_id"] == request["person_id"]:
        problem = _hindrance(unit, seat) or Problem.of("draft.faq.broken")
        notices.to_seat(unit, seat, say(problem.key, **problem.values))


def _show(unit: Unit, seat: Row, words: str, found: Sequence[Candidate]) -> Problem | None:
    problem = _hindrance(unit, seat)
    case = cases.get(unit.tx, seat["case_id"])
    question = messages.newest_of(unit.tx, seat["case_id"], "dentist")
    if problem is not None or case is None or question is None:
        return problem or Problem.of("draft.faq.not_now")
    if found and found[0].entry.policy is Policy.NEVER_AUTO:
        return Problem.of("draft.faq.person", title=found[0].entry.title)
    library = [
        draft_sources.option_of(one.entry, one.strength.value)
        for one in found
        if one.entry.policy is not Policy.NEVER_AUTO
    ]
    own = learning.of_person(unit, seat["person_id"], words) if words else ()
    options = draft_making.ranked(own, draft_sources.fresh(unit, library))
    if not options:
        return Problem.of("draft.faq.none")
    before = drafts.newest(unit.tx, case["id"])
    sheet, origin = draft_making.first_sheet(options, case_facts.of_case(unit, case), None)
    if draft_making.still_strict(unit, before, question):
        sheet = dataclasses.replace(sheet, strict=True)
    made = draft_making.make(unit, case, question, sheet, origin)
    if made is None:
        return Problem.of("draft.faq.not_now")
    unit.audit(case["id"], f"person:{seat['person_id']}", "draft.asked_for", draft=made)
    if before is not None:
        draft_renewal.replaced(unit, seat, before)
    return None


def _hindrance(unit: Unit, seat: Row) -> Problem | None:
    """Why nothing may be drafted for this seat now."""
    case = cases.get(unit.tx, seat["case_id"])
    if case is None or seat["side"] != "specialist" or case["specialist_id"] != PersonId(seat["person_id"]):
        return Problem.of("case.not_for_you")
    question = messages.newest_of(unit.tx, case["id"], "dentist")
    if question is None:
        return Problem.of("draft.faq.no_message")
    if complaints.stops(unit, case["id"]):
        return Problem.of("draft.faq.not_now")
    flag = draft_stops.flag(unit, case["id"])
    return None if flag is None else Problem.of("draft.faq.urgent", no=flag)
