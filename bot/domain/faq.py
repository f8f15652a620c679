"""Entries of the FAQ library, as data with their sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PATIENT_MOST = 900
"""Characters of the words for a patient: with a full answer above them they still stand on one card."""
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


class Policy(StrEnum):
    """What may happen when a question matches an entry."""

    DRAFT = "draft"
    DRAFT_FLAG = "draft_flag"  # a draft that asks the specialist to check facts of the case first
    NEVER_AUTO = "never_auto"  # no draft, ever: a person answers


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from; only a `checked` one was looked up and may be shown."""

    ref: str
    url: str = ""
    checked: bool = False
    by: str = ""
    """Who looked it up, where that was said in chat."""
    on: date | None = None


def figures_beyond(patient: str, answer: str) -> tuple[str, ...]:
    """Figures in the words for the patient that the answer does not hold: nobody would have looked at them."""
    known = set(_FIGURE.findall(answer))
    return tuple(dict.fromkeys(one for one in _FIGURE.findall(patient) if one not in known))


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic: its questions, the answer a specialist may send, and what to ask first."""

    id: str
    title: str
    version: int
    policy: Policy
    questions: tuple[str, ...]
    keywords: tuple[str, ...]
    ask_first: tuple[str, ...]
    sources: tuple[Source, ...]
    answer: str
    owner: str = ""
    review_by: date | None = None  # the last day before somebody should read it again
    phrasings: tuple[str, ...] = ()
    """The question as dentists asked it before, in words for any case: searched, and no part of any version."""
    patient_words: str = ""
    """What the dentist may hand on to the patient, word for word; approved with the answer."""
