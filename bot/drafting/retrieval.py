"""Which library entries answer a question, and whether a person is needed instead: by words and by meaning together."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import redflags
from bot.domain.faq import Entry, Policy
from bot.drafting import finding, fitted, vectors
from bot.drafting.gate import Gate
from bot.drafting.minilm import Reading
from bot.drafting.search import Found, Index
from bot.drafting.vectors import Vectors
from bot.ports.drafter import SHOWN, Candidate, Strength, Suggestion, Verdict
from prompts import gate_sentences
from prompts.library import rows

_ASKS = re.compile(
    r"\?|^\s*(?:how|what|when|why|which|who|where|can|could|should|do|does|did|is|are|will|would|any|need|shall|may)\b",
    re.IGNORECASE | re.MULTILINE,
)
_LEARNED = frozenset(one.topic for one in gate_sentences.load() if one.urgent)
"""Entries that the gate knows; one that was added to be answered by people only is told by the search alone."""

NEAR = 0.12
"""How far below the best a `never_auto` entry may be that an escalation may be about as well."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One state of the library, ready to be searched."""

    entries: dict[str, Entry]
    index: Index
    gate: Gate
    vectors: Vectors | None


class Library:
    """The entries, searched off the loop; model and index are made at the first question."""

    def __init__(self, entries: Sequence[Entry], model: Callable[[], Vectors | None] = vectors.load) -> None:
        self._entries = tuple(entries)
        self._model = model
        self._shelf: _Shelf | None = None
        self._lock = threading.Lock()

    def refresh(self, entries: Sequence[Entry]) -> None:
        """The drafter port: from now on, the library is this."""
        with self._lock:
            self._entries, self._shelf = tuple(entries), None

    def search(self, text: str) -> list[Found]:
        """Every entry that has any evidence, best first, whatever its policy: for the evaluation."""
        return self._ready().index.search(text)

    def suggest(self, text: str) -> Suggestion:
        """The drafter port: decide about one message."""
        shelf = self._ready()
        reading = _read(shelf, text)
        found = shelf.index.search(text, None if reading is None else reading.vector)
        held = [one for one in found if shelf.entries[one.topic].policy is Policy.NEVER_AUTO]
        if redflags.found(text) or shelf.gate.score(text, reading) > shelf.gate.threshold:
            return Suggestion(
                Verdict.ESCALATE, topics=tuple(one.topic for one in held if one.score >= held[0].score - NEAR)
            )
        if not _ASKS.search(text):
            return Suggestion(Verdict.NOT_QUESTION)
        least = self.least()
        good = [one for one in found if one.score >= least]
        if not good:
            return Suggestion(Verdict.NO_ANSWER)
        if good[0] in held and (reading is None or good[0].topic not in _LEARNED):
            return Suggestion(Verdict.ESCALATE, topics=(good[0].topic,))
        fit = [one for one in good if one not in held][:SHOWN]
        if not fit:
            return Suggestion(Verdict.NO_ANSWER)
        return Suggestion(Verdict.DRAFT, tuple(_candidate(shelf.entries[one.topic], one, least) for one in fit))

    def find(self, text: str) -> tuple[Candidate, ...]:
        """The drafter port: what a few words name."""
        shelf = self._ready()
        named = finding.named(shelf.entries, text)
        if named is not None:
            return (Candidate(named, 1.0, Strength.STRONG),)
        return finding.chosen(shelf.entries, shelf.index.search(text, asked=False))

    def alarm(self, text: str) -> float:
        """For the evaluation: the gate's score, infinite where a word of the lexicon calls."""
        return math.inf if redflags.found(text) else self._ready().gate.score(text)

    def threshold(self) -> float:
        """The gate's score above which a person is called."""
        return self._ready().gate.threshold

    def least(self) -> float:
        """The score below which no entry is offered."""
        blend = fitted.load().blend
        return blend.least_words if self._ready().vectors is None else blend.least

    def _ready(self) -> _Shelf:
        with self._lock:
            if self._shelf is None:
                model = self._model()
                self._shelf = _Shelf(
                    {one.id: one for one in self._entries},
                    Index(rows(self._entries), model, gate_sentences.other()),
                    Gate(None if model is None else model.read),
                    model,
                )
            return self._shelf


def _read(shelf: _Shelf, text: str) -> Reading | None:
    return None if shelf.vectors is None else shelf.vectors.read(text)


def _candidate(entry: Entry, found: Found, least: float) -> Candidate:
    strength = (
        Strength.STRONG
        if found.score >= least + 0.2
        else Strength.FAIR
        if found.score >= least + 0.1
        else Strength.WEAK
    )
    return Candidate(entry, min(1.0, max(0.0, found.score)), strength)
