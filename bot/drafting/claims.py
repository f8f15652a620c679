"""What a sentence claims, in a form that can be compared: numbers with units, what it denies, its turning words.

Measured before: embeddings miss every changed number, unit and negation; pairs compared in place find them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.drafting.claim_words import (
    COMPARE,
    CONTRACTIONS,
    NEGATIONS,
    NUMBER_WORDS,
    PER,
    SMALL,
    TURNING,
    UNITS,
)

_SENTENCE = re.compile(r"(?<=[.!?:;])[\"”)]?\s+|\n+")
_TOKEN = re.compile(
    r"(?:UL|UR|LL|LR)\s?\d\b|\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]+)?|[%°<>≤≥±~]|[-−–](?=\d)|[,;:()]", re.IGNORECASE
)
_SCOPE = 4
"""Words of content that a negation reaches."""
_TAIL = ("ations", "ation", "ments", "ment", "ings", "ing", "edly", "ied", "ies", "ed", "es", "ly", "s", "e")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in its place: 0.5 mm per contact, with the word before it that sets a limit."""

    limit: str
    number: str
    unit: str
    per: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence. `stems` are its words of content, in order; `denied` those that a negation reaches."""

    text: str
    stems: tuple[str, ...]
    amounts: tuple[Amount, ...]
    denied: frozenset[str]
    stated: frozenset[str]
    """Words of content that stand outside any negation."""
    negations: int
    turns: tuple[str, ...]
    """Words that turn the meaning: upper and lower, before and after, more and less, stop and go on."""

    @property
    def critical(self) -> bool:
        """To leave it out would leave out a limit or a warning."""
        return bool(self.amounts) or self.negations > 0


@lru_cache(maxsize=512)
def claims_of(text: str) -> tuple[Claim, ...]:
    """A text's sentences."""
    return tuple(_claim(part) for part in _SENTENCE.split(text) if part and part.strip())


def stem(word: str) -> str:
    """A word without its ending, much simplified."""
    for tail in _TAIL:
        if word.endswith(tail) and len(word) - len(tail) >= 3:
            word = word.removesuffix(tail)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def words_of(text: str) -> list[str]:
    """Words, numbers and signs, in small letters, contractions written out."""
    plain = text.replace("’", "'").replace("‘", "'")
    found: list[str] = []
    for token in _TOKEN.findall(plain):
        word = token.lower()
        found += CONTRACTIONS.get(word, word.removesuffix("'s")).split()
    return found


def _claim(text: str) -> Claim:
    words = words_of(text)
    stems, denied, stated, reach, negations = [], set[str](), set[str](), 0, 0
    for word in words:
        if word in NEGATIONS:
            negations, reach = negations + 1, _SCOPE
        elif word in ",;:()":
            reach = 0
        elif word.isalpha() and word not in SMALL and word not in NUMBER_WORDS:
            root = stem(word)
            stems.append(root)
            (denied if reach else stated).add(root)
            reach = max(0, reach - 1)
    turns = tuple(TURNING[word] for word in words if word in TURNING)
    return Claim(
        text.strip(), tuple(stems), tuple(_amounts(words)), frozenset(denied), frozenset(stated), negations, turns
    )


def _amounts(words: list[str]) -> Iterator[Amount]:
    for at in range(len(words)):
        number = _number(words, at)
        if number is not None:
            yield Amount(_limit(words, at), number, _unit(words, at), _per(words, at))


def _number(words: list[str], at: int) -> str | None:
    word = words[at]
    if re.fullmatch(r"(?:ul|ur|ll|lr)\s?\d", word):
        return word.replace(" ", "")
    if word[0].isdigit():
        sign = "-" if at and words[at - 1] in "-−" and (at < 2 or not words[at - 2][0].isdigit()) else ""
        return sign + word.replace(",", "")
    if word == "one" and (at + 1 >= len(words) or words[at + 1] not in UNITS):
        return None  # "the next one"
    return NUMBER_WORDS.get(word)


def _limit(words: list[str], at: int) -> str:
    """The nearest words before a number that make it a limit."""
    before = words[max(0, at - 4) : at]
    for size in (3, 2, 1):
        for start in range(len(before) - size, -1, -1):
            found = COMPARE.get(" ".join(before[start : start + size]))
            if found is not None and not any(_digit(one) for one in before[start + size :]):
                return found
    return ""


def _unit(words: list[str], at: int) -> str:
    """The unit after a number, past a second number of the same range."""
    for place in range(at + 1, min(at + 5, len(words))):
        word = words[place]
        if word in UNITS:
            return UNITS[word]
        if not (_digit(word) or word in ("-", "–", "−", "to", "or", "and", ",")):
            return ""
    return ""


def _per(words: list[str], at: int) -> str:
    for place in range(at + 1, min(at + 5, len(words) - 1)):
        if _digit(words[place]) and place > at + 2:
            return ""
        if words[place] in ("per", "a", "an", "each", "every") and words[place + 1] in PER:
            return PER[words[place + 1]]
    return ""


def _digit(word: str) -> bool:
    return word[0].isdigit() or word in NUMBER_WORDS
