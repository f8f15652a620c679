"""Which library entry answers a question, if any: lexical evidence alone for now, best entry per topic."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain import redflags
from bot.domain.faq import Entry, Policy
from bot.ports.drafter import Suggestion, Verdict
from storage.faq_index import LexicalIndex

LEAST = 4.0
"""BM25 below which no entry is offered: set on the development questions, between hits and misses."""
_ASKS = re.compile(
    r"\?|^\s*(?:how|what|when|why|which|who|where|can|could|should|do|does|did|is|are|will|would|any|need|shall|may)\b",
    re.IGNORECASE | re.MULTILINE,
)


class Library:
    """The entries and their index; made once, searched off the loop."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._index = LexicalIndex(
            (entry.id, row)
            for entry in self._entries.values()
            for row in (*entry.questions, f"{entry.title} {' '.join(entry.keywords)}", entry.answer)
        )

    def suggest(self, text: str) -> Suggestion:
        """Decide about one message."""
        if redflags.found(text):
            return Suggestion(Verdict.ESCALATE)
        if not _ASKS.search(text):
            return Suggestion(Verdict.NOTHING)
        hits = self._index.search(text)
        if not hits or hits[0].score < LEAST:
            return Suggestion(Verdict.NOTHING)
        entry = self._entries[hits[0].topic]
        if entry.policy is Policy.NEVER_AUTO:
            return Suggestion(Verdict.ESCALATE)
        return Suggestion(Verdict.DRAFT, entry, hits[0].score)
