"""Which library entry answers a question, if any: lexical evidence alone for now, best entry per topic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain import redflags
from bot.domain.faq import Entry, Policy
from bot.ports.drafter import SHOWN, Candidate, Strength, Suggestion, Verdict
from storage.faq_index import LexicalIndex

LEAST = 4.0
"""BM25 below which no entry is offered: set on the development questions, between hits and misses."""
_ASKS = re.compile(
    r"\?|^\s*(?:how|what|when|why|which|who|where|can|could|should|do|does|did|is|are|will|would|any|need|shall|may)\b",
    re.IGNORECASE | re.MULTILINE,
)


class Library:
    """The entries and their index; searched off the loop."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        self._index = LexicalIndex(())
        self.refresh(entries)

    def refresh(self, entries: Sequence[Entry]) -> None:
        """The drafter port: from now on, the library is this."""
        self._entries = {entry.id: entry for entry in entries}
        self._index = LexicalIndex(
            (entry.id, row)
            for entry in entries
            for row in (*entry.questions, f"{entry.title} {' '.join(entry.keywords)}", entry.answer)
        )

    def suggest(self, text: str) -> Suggestion:
        """The drafter port: decide about one message."""
        if redflags.found(text):
            return Suggestion(Verdict.ESCALATE)
        if not _ASKS.search(text):
            return Suggestion(Verdict.NOT_QUESTION)
        hits = [(self._entries[hit.topic], hit.score) for hit in self._index.search(text) if hit.score >= LEAST]
        if not hits:
            return Suggestion(Verdict.NO_ANSWER)
        if hits[0][0].policy is Policy.NEVER_AUTO:
            return Suggestion(Verdict.ESCALATE, topics=(hits[0][0].id,))
        fit = [(entry, score) for entry, score in hits if entry.policy is not Policy.NEVER_AUTO]
        return Suggestion(Verdict.DRAFT, tuple(_candidate(entry, score) for entry, score in fit[:SHOWN]))


def _candidate(entry: Entry, score: float) -> Candidate:
    strength = Strength.STRONG if score >= 3 * LEAST else Strength.FAIR if score >= 2 * LEAST else Strength.WEAK
    return Candidate(entry, score / (score + LEAST), strength)
