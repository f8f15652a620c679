"""Which library entries answer a question, and whether a person is needed instead: by words and by meaning together."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import redflags
from bot.domain.faq import Entry, Policy
from bot.drafting import finding, vectors
from bot.drafting.gate import THRESHOLD, Gate
from bot.drafting.minilm import Vector
from bot.drafting.search import Found, Index
from bot.drafting.vectors import Vectors
from bot.ports.drafter import SHOWN, Candidate, Strength, Suggestion, Verdict
from prompts import gate_sentences
from prompts.library import rows

LEAST = 0.4
"""Score below which no entry is offered; the words' own scale, where there is no model, begins lower."""
LEAST_WORDS = 1 / 3
_ASKS = re.compile(
    r"\?|^\s*(?:how|what|when|why|which|who|where|can|could|should|do|does|did|is|are|will|would|any|need|shall|may)\b",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One state of the library, ready to be searched."""

    entries: dict[str, Entry]
    index: Index
    gate: Gate | None
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
        vector = _vector(shelf, text)
        found = shelf.index.search(text, vector)
        held = [one for one in found if shelf.entries[one.topic].policy is Policy.NEVER_AUTO]
        if redflags.found(text) or _alarm(shelf, text, vector) > THRESHOLD:
            return Suggestion(Verdict.ESCALATE, topics=tuple(one.topic for one in held[:1]))
        if not _ASKS.search(text):
            return Suggestion(Verdict.NOT_QUESTION)
        least = LEAST_WORDS if vector is None else LEAST
        good = [one for one in found if one.score >= least]
        if not good:
            return Suggestion(Verdict.NO_ANSWER)
        if vector is None and shelf.entries[good[0].topic].policy is Policy.NEVER_AUTO:
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
        return finding.chosen(shelf.entries, shelf.index.search(text))

    def alarm(self, text: str) -> float | None:
        """For the evaluation: the gate's score, infinite where a word of the lexicon calls; None without a model."""
        shelf = self._ready()
        vector = _vector(shelf, text)
        if vector is None:
            return None
        return math.inf if redflags.found(text) else _alarm(shelf, text, vector)

    def least(self) -> float:
        """The score below which no entry is offered."""
        return LEAST_WORDS if self._ready().vectors is None else LEAST

    def _ready(self) -> _Shelf:
        with self._lock:
            if self._shelf is None:
                model = self._model()
                gate = None if model is None else Gate(examples(self._entries), model)
                self._shelf = _Shelf(
                    {one.id: one for one in self._entries}, Index(rows(self._entries), model), gate, model
                )
            return self._shelf


def examples(entries: Sequence[Entry]) -> list[tuple[str, bool]]:
    """What the gate learns from: the shipped sentences, and the questions and titles of the library as it stands."""
    own = [(text, entry.policy is Policy.NEVER_AUTO) for entry in entries for text in (*entry.questions, entry.title)]
    return [*gate_sentences.load(), *own]


def _vector(shelf: _Shelf, text: str) -> Vector | None:
    return shelf.vectors.query(text) if shelf.vectors is not None else None


def _alarm(shelf: _Shelf, text: str, vector: Vector | None) -> float:
    """The gate's score of what is left of a message without its denials; nothing left, or no model: minus infinity."""
    if shelf.gate is None or shelf.vectors is None or vector is None:
        return -math.inf
    bare = redflags.said(text)
    if bare != text:
        if not any(letter.isalpha() for letter in bare):
            return -math.inf
        vector = shelf.vectors.query(bare)
    return shelf.gate.score(vector)


def _candidate(entry: Entry, found: Found, least: float) -> Candidate:
    strength = (
        Strength.STRONG
        if found.score >= least + 0.2
        else Strength.FAIR
        if found.score >= least + 0.1
        else Strength.WEAK
    )
    return Candidate(entry, min(1.0, found.score), strength)
