"""The writer port: an outside model that may reword library answers. What it gives back is data, checked and shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Topic:
    """One library entry as the model sees it."""

    title: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a model gets: up to three entries, the first the best, and structured facts of the case in words.

    Never the thread, a name or a file.
    """

    topics: tuple[Topic, ...]
    facts: tuple[str, ...] = ()


class Outcome(StrEnum):
    """What came of asking."""

    WRITTEN = "written"
    UNGROUNDED = "ungrounded"  # it says something else than the library: not shown to anybody
    FAILED = "failed"  # no usable answer: out of reach, too late, refused, not what was asked for
    RESTING = "resting"  # it failed too often just now and is not asked for a while


@dataclass(frozen=True, slots=True)
class Written:
    """The words, empty unless `outcome` is WRITTEN; `why` names the fault; `reply` is what came."""

    outcome: Outcome
    text: str = ""
    why: str = ""
    reply: str = ""
    milliseconds: int = 0


class Writer(Protocol):
    """Called outside any transaction. Never raises for what a model or its server does."""

    @property
    def model(self) -> str:
        """The model's name, as it stands in the record."""
        ...

    def payload(self, brief: Brief) -> str:
        """The request's exact body, JSON."""
        ...

    async def write(self, brief: Brief, payload: str) -> Written:
        """Send that body, with one retry; the answer is compared with the brief before it counts."""
        ...
