"""A draft that the specialist asks for: the library's best entries for their own words, as a card like any other.

Looked up by words alone: they name a topic, and are no question of which the meaning is to be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.domain import redflags
from bot.domain.drafts import Option
from bot.domain.faq import Entry, Policy
from bot.domain.problems import Problem
from bot.ports.drafter import SHOWN, Strength
from bot.services import case_facts, draft_looks, draft_making, draft_renewal, faq_library, learning, relay
from bot.services.unit import Unit
from prompts import library
from storage import cases, drafts, messages
from storage.faq_index import LexicalIndex

Row = dict[str, Any]
LEAST = 2.0
"""BM25 below which words say nothing: what stands in nearly every entry."""
NEAR = 0.5
"""Entries with less than this share of the best one's score are no candidates."""
STRONG, FAIR = 8.0, 5.0
"""BM25 from which an entry fits well, or fairly."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    entries: dict[str, Entry]
    index: LexicalIndex


def ask(unit: Unit, seat: Row, words: str) -> Problem | None:
    """Show a specialist a card of what the library has for their words; a Problem says in one line why there is none.

    It answers the dentist's newest message, and takes the place of a card that is open.
    """
    if not words.strip():
        return Problem.of("draft.faq.usage")
    case = cases.get(unit.tx, seat["case_id"])
    if case is None or seat["side"] != "specialist" or case["specialist_id"] != seat["person_id"]:
        return Problem.of("case.not_for_you")
    question = messages.newest_of(unit.tx, case["id"], "dentist")
    if question is None:
        return Problem.of("draft.faq.no_message")
    if redflags.found(relay.body_of(unit, question).text):
        return Problem.of("draft.faq.urgent", no=question["no"])
    entries = found(words, faq_library.entries(unit))
    if entries and entries[0][0].policy is Policy.NEVER_AUTO:
        return Problem.of("draft.faq.person", title=entries[0][0].title)
    options = [*learning.of_person(unit, seat["person_id"], words), *_options(entries)][:SHOWN]
    if not options:
        return Problem.of("draft.faq.none")
    before = drafts.newest(unit.tx, case["id"])
    sheet, origin = draft_making.first_sheet(options, case_facts.of_case(unit, case), None)
    made = draft_making.make(unit, case, question, sheet, origin)
    if made is None:
        return Problem.of("draft.faq.not_now")
    unit.audit(case["id"], f"person:{seat['person_id']}", "draft.asked_for", draft=made)
    if before is not None:
        draft_renewal.replaced(unit, seat, before)
    return None


def found(words: str, known: tuple[Entry, ...]) -> list[tuple[Entry, Strength]]:
    """Entries for words, the best first; an id or a title brings exactly its own entry."""
    shelf = _shelf(known)
    name = words.strip().casefold()
    for entry in shelf.entries.values():
        if name in (entry.id.casefold(), entry.title.casefold()):
            return [(entry, Strength.STRONG)]
    hits = shelf.index.search(words, len(shelf.entries))
    least = max(LEAST, NEAR * hits[0].score) if hits else LEAST
    return [(shelf.entries[hit.topic], _strength(hit.score)) for hit in hits if hit.score >= least]


def _options(entries: list[tuple[Entry, Strength]]) -> list[Option]:
    return [
        draft_looks.option_of(entry, strength.value)
        for entry, strength in entries
        if entry.policy is not Policy.NEVER_AUTO
    ]


def _strength(score: float) -> Strength:
    if score >= STRONG:
        return Strength.STRONG
    return Strength.FAIR if score >= FAIR else Strength.WEAK


@lru_cache(maxsize=2)  # the library as it stands, and as it stood
def _shelf(entries: tuple[Entry, ...]) -> _Shelf:
    return _Shelf({entry.id: entry for entry in entries}, LexicalIndex(library.rows(entries)))
