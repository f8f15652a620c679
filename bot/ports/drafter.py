"""The drafter port: decides about a dentist's message. Its output is data; a person disposes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.faq import Entry


class Verdict(StrEnum):
    """What to do with a dentist's message."""

    NOTHING = "nothing"  # not a question, or no good answer: the specialist answers as ever
    DRAFT = "draft"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The verdict, and for a draft the entry with its score."""

    verdict: Verdict
    entry: Entry | None = None
    score: float = 0.0


class Drafter(Protocol):
    """Called on a worker thread, outside any transaction."""

    def suggest(self, text: str) -> Suggestion:
        """Decide about one message."""
        ...
