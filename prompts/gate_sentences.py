"""Sentences that the escalation gate learns from: `prompts/gate/*/*.toml`. None of them is ever shown."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

URGENT, ORDINARY = "urgent", "ordinary"
OTHER = "other"
"""The file of what dentists ask that is for no library."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`topic` is the file: an urgent one's entry, or the sort of an ordinary one; `style` is its group there."""

    text: str
    urgent: bool
    topic: str
    style: str


@cache
def load() -> tuple[Sentence, ...]:
    """All of them, by file and group."""
    found: list[Sentence] = []
    for folder in (URGENT, ORDINARY):
        place = files("prompts") / "gate" / folder
        for file in sorted(place.iterdir(), key=lambda item: item.name):
            topic = file.name.removesuffix(".toml")
            for style, sentences in tomllib.loads(file.read_text(encoding="utf-8")).items():
                found += [Sentence(text, folder == URGENT, topic, style) for text in sentences]
    return tuple(found)


def other() -> tuple[str, ...]:
    """What is asked that no entry could answer: invoices, deliveries, other dentistry."""
    return tuple(one.text for one in load() if not one.urgent and one.topic == OTHER)
