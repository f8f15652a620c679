"""How much alike two texts are, without either text: small sets of hashes of word groups (MinHash)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_WORDS = 2
_KEPT = 24
LEAST_WORDS = 8
"""A shorter text is no answer that is worth keeping."""
ALIKE = 0.5


def sketch(text: str, hashed: Callable[[str], str]) -> tuple[str, ...]:
    """The smallest hashes of a text's pairs of words; empty for a short text."""
    words = re.findall(r"[a-z0-9.]+", text.lower())
    if len(words) < LEAST_WORDS:
        return ()
    groups = {" ".join(words[at : at + _WORDS]) for at in range(len(words) - _WORDS + 1)}
    return tuple(sorted(hashed(group)[:12] for group in groups)[:_KEPT])


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """From 0 to 1, about the share of word groups that both have."""
    if not one or not other:
        return 0.0
    both = sorted({*one, *other})[:_KEPT]
    return len(set(both) & set(one) & set(other)) / len(both)


def any_alike(one: tuple[str, ...], others: Iterable[tuple[str, ...]]) -> bool:
    """Whether one of the others is much the same; most share nothing at all, which is seen at a glance."""
    own = set(one)
    return any(not own.isdisjoint(other) and likeness(one, other) >= ALIKE for other in others)


def overlap(question: str, asked: str) -> float:
    """The share of a question's words that stand in what was asked."""
    own = {word for word in re.findall(r"[a-z]{3,}", question.lower()) if word not in _SMALL}
    return len(own & set(re.findall(r"[a-z]{3,}", asked.lower()))) / len(own) if own else 0.0


_SMALL = frozenset({"the", "and", "for", "are", "can", "how", "what", "when", "does", "should", "will", "with", "this"})
