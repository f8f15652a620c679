"""The drafter port: decides about a dentist's message. Its output is data; a person disposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.faq import Entry

SHOWN = 3
"""Candidates that a suggestion holds at most."""


class Verdict(StrEnum):
    """What to do with a dentist's message."""

    NOT_QUESTION = "not_question"  # nothing is asked
    DRAFT = "draft"
    NO_ANSWER = "no_answer"  # something is asked, and the library has no good answer: the specialist answers as ever
    ESCALATE = "escalate"  # a person is needed now, or an entry that is never drafted fits: no clinical text


class Strength(StrEnum):
    """How well an entry fits a question, in words (`draft.strength.*`)."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may answer; `score` from 0 to 1, higher is better."""

    entry: Entry
    score: float
    strength: Strength


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The verdict; for a draft the entries that may answer, best first, at most `SHOWN`, none of them `never_auto`.

    `topics` are the ids of the `never_auto` entries that an escalation may be about, the clearest first; they may be
    empty, and only one that no other comes near stands alone.
    """

    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()
    topics: tuple[str, ...] = ()


class Drafter(Protocol):
    """Called on a worker thread, outside any transaction."""

    def suggest(self, text: str) -> Suggestion:
        """Decide about one message."""
        ...

    def find(self, text: str) -> tuple[Candidate, ...]:
        """The entries that a few words name, the best first, whatever their policy; an id or a title brings its own."""
        ...

    def refresh(self, entries: Sequence[Entry]) -> None:
        """From now on, the library is this."""
        ...
