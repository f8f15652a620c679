"""Finds words in what was said: any case, any accents, word beginnings, and a tooth in whatever notation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.problems import Problem
from bot.domain.teeth_text import read_teeth

MOST_WORDS = 12
_TOOTH = re.compile(
    r"\b(?:upper|lower)\s+(?:right|left)\s+[1-8]\b"
    r"|\b[ul][rl]\s?[1-8](?:\s?[-–]\s?[1-8])?\b"
    r"|(?<![\d.,/:])[1-8][1-8](?![\d/:]|[.,]\d)"
    r"|[1-8]\s?[⏌┘⏋┐]|[⎿└⎾┌]\s?[1-8]",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Query:
    """All of it must be there: each word as the beginning of one, each group of teeth by one of its teeth."""

    words: tuple[str, ...]
    teeth: tuple[tuple[frozenset[int], str], ...]
    """Which teeth were meant, and the words that said so: "22" may also be a number."""

    @classmethod
    def parse(cls, typed: str) -> Query:
        """What somebody typed after the command."""
        teeth = tuple((_teeth(found[0]), fold(found[0])) for found in _TOOTH.finditer(typed))
        teeth = tuple(one for one in teeth if one[0])
        rest = _TOOTH.sub(lambda found: " " if _teeth(found[0]) else found[0], typed)
        return cls(tuple(_WORD.findall(fold(rest)))[:MOST_WORDS], teeth[:MOST_WORDS])

    @property
    def empty(self) -> bool:
        """There is nothing to look for."""
        return not self.words and not self.teeth

    def matches(self, text: str) -> bool:
        """Whether a text has all of it."""
        folded = fold(text)
        there = _WORD.findall(folded)
        if not all(any(word.startswith(wanted) for word in there) for wanted in self.words):
            return False
        if not self.teeth:
            return True
        teeth = frozenset().union(*(_teeth(found[0]) for found in _TOOTH.finditer(text)))
        return all(wanted & teeth or typed in there for wanted, typed in self.teeth)


def fold(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def _teeth(mention: str) -> frozenset[int]:
    found = read_teeth(mention)
    return frozenset() if isinstance(found, Problem) else frozenset(found)
