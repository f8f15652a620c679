"""A text as the check compares it: sentences, of clauses, of the words that count, each in one form.

Measured before: embeddings miss every changed number, unit and negation; words compared in place find them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.drafting.claim_words import (
    CONDITIONS,
    CONTRACTED,
    CONTRACTIONS,
    LEANING,
    NUMBER_WORDS,
    OPENERS,
    PHRASES,
    REACHING,
    SAME,
    SILENT,
)

_TOKEN = re.compile(
    r"(?P<minus>(?<![\w.)%])[-−–](?=\.?\d))|(?P<dash>(?<=\s)[-–—]+(?=\s)|—)"
    r"|(?P<prefix>(?<![\w-])(?:a|an|at|be|do|in|on|so|the|to)-(?=[a-z]))"
    r"|(?:UL|UR|LL|LR)\s?\d\b|\.?\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]+)?|\n|[^\s\w]|\w",
    re.IGNORECASE | re.ASCII,
)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "})
_STRENGTH = ("", ",", "&", ",&", ";", ".")
_WITH_AND = {"": "&", ",": ",&"}
_STOPS = {".": ".", "!": ".", "?": ".", "…": ".", "\n": ".", ";": ";", ":": ";", ",": ",", "(": ",", ")": ","}
_NOTHING = frozenset("\"'“”-–")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLACING = frozenset(("at", "in", "on", "to"))
"""Before a number or a stop these count: "to 5 mm" is not "5 mm", "leave it on, …" is not "leave it, …"."""
_COORDINATORS = frozenset(("and", "but", "so", "then"))
_LONGEST = max(len(phrase.split()) for phrase in PHRASES)
_SCOPED = REACHING | OPENERS
_KEPT = SILENT | _SCOPED


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two stops, or from "if" and its like to the next stop."""

    words: tuple[str, ...]
    """Those that count."""
    stop: str
    """What is before it, from weak to strong: nothing, ",", "&" ("and" and its like), ",&", ";" (or ":"), "."."""
    stood: tuple[str, ...]
    """All of it."""

    @property
    def hard(self) -> bool:
        """Nothing reaches over the stop."""
        return self.stop in (".", ";")

    @property
    def conditional(self) -> bool:
        """It begins with a condition."""
        return self.words[0] in CONDITIONS

    @property
    def opened(self) -> bool:
        """It begins with "if", "because" or their like."""
        return self.words[0] in OPENERS


@dataclass(frozen=True)
class Sentence:
    """One sentence: it is said whole, or it is not said."""

    clauses: tuple[Clause, ...]

    @cached_property
    def text(self) -> str:
        """How it stood, about."""
        return " ".join(word for clause in self.clauses for word in clause.stood)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All that count, in order."""
        return tuple(word for clause in self.clauses for word in clause.words)

    @cached_property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """What of it has to stay together."""
        return parts_of(self.clauses)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """What it may begin with, turned or not."""
        return frozenset(clause.words[0] for clause in self.clauses)

    @cached_property
    def places(self) -> dict[int, int]:
        """How many words are before each clause, with its place."""
        found, count = dict[int, int](), 0
        for at, clause in enumerate(self.clauses):
            found[count] = at
            count += len(clause.words)
        return found

    @cached_property
    def leans(self) -> bool:
        """It says something only after the sentence before it."""
        stood = self.text.split()
        return stood[0] in LEANING or (stood[0] in OPENERS and not LEANING.isdisjoint(stood[1:2]))


@lru_cache(maxsize=512)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """A text's sentences, without those in which nothing counts."""
    found = list[list[Clause]]()
    for clause in _clauses(text):
        if clause.stop == "." or not found:
            found.append([])
        found[-1].append(clause)
    return tuple(Sentence(tuple(one)) for one in found)


def parts_of(clauses: Sequence[Clause]) -> tuple[tuple[str, ...], ...]:
    """The words of clauses. A stop does not count between two in which nothing is denied or on a condition, nor the
    comma of "…, and …" after a condition that is last: "before they go(,) and tell me"."""
    made, free, trailing = list[tuple[str, ...]](), False, False
    for clause in clauses:
        now = _SCOPED.isdisjoint(clause.words)
        if made and now and (free or (trailing and (clause.hard or "&" in clause.stop))):
            made[-1] += clause.words
        else:
            made.append(clause.words)
            trailing = clause.opened and not clause.stop and REACHING.isdisjoint(clause.words)
        free = now and not trailing
    return tuple(made)


def turned(clauses: Sequence[Clause]) -> tuple[tuple[str, ...], ...]:
    """The same with its halves the other way round: "B if A" of "If A, B". Empty if it has not just two."""
    stops = [at for at, clause in enumerate(clauses) if at and clause.stop]
    parts = parts_of(clauses)
    if any(clause.hard or "&" in clause.stop for clause in clauses[1:]):
        return ()
    if len(parts) == 2 and any(one[0] in OPENERS for one in parts):
        return parts[::-1]
    if len(stops) == 1 and (clauses[0].opened or clauses[stops[0]].opened):
        return parts_of((*clauses[stops[0] :], *clauses[: stops[0]]))
    return ()


def leads(clauses: Sequence[Clause]) -> bool:
    """Whether a condition goes before what hangs on it, and so reaches up to the next full stop: "if it seats, …"."""
    since = max((at for at, one in enumerate(clauses) if one.hard), default=0)
    return any(one.conditional and (one.stop or not at) for at, one in enumerate(clauses[since:]))


def apart(clauses: Sequence[Clause], at: int) -> bool:
    """Whether what is before a clause and what follows are apart: no condition of the one reaches into the other."""
    clause = clauses[at]
    if clause.hard or clause.opened:
        return clause.hard or "&" in clause.stop
    return not leads(clauses[:at])


def words_of(text: str) -> list[str]:
    """Words, numbers and signs, in small letters, contractions written out."""
    found: list[str] = []
    for match in _TOKEN.finditer(text.translate(_PLAIN)):
        word = match.group().lower()
        if match.lastgroup:
            found.append({"minus": "minus", "dash": ","}.get(match.lastgroup, word))
        elif word in CONTRACTIONS:
            found += CONTRACTIONS[word].split()
        else:
            found += _written_out(word) if "'" in word[1:] else [word]
    return found


def form(word: str) -> str:
    """The one form of a word that counts: a number in figures, the first of its like, or without its ending."""
    if _THOUSANDS.fullmatch(word):
        return word.replace(",", "")
    short = _stem(word) if word.isalpha() and word not in _KEPT else word
    return NUMBER_WORDS.get(word) or SAME.get(word) or SAME.get(short) or short


def _stem(word: str) -> str:
    """A word without the ending that grammar gives it, unless what is left is another word of weight."""
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    for tail in ("ing", "ed", "es", "s", "e"):
        left = word.removesuffix(tail)
        if left != word and len(left) >= 3 and not word.endswith("ss") and left not in _KEPT:
            return left[:-1] if len(left) > 3 and left[-1] == left[-2] else left
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word not in _KEPT else word


def _written_out(word: str) -> list[str]:
    for tail, whole in CONTRACTED.items():
        if word.endswith(tail):
            return [one for one in (word.removesuffix(tail), whole) if one]
    return [word]


def _clauses(text: str) -> Iterator[Clause]:
    """Clauses; one in which nothing counts is part of the next."""
    words, stood, stop = list[str](), list[str](), "."
    tokens = list(_phrased(words_of(text)))
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        mark = _STOPS.get(token, "")
        if words and (mark or token in OPENERS):
            joined = not mark and stood[-1] in _COORDINATORS
            yield Clause((*words, token) if token == "?" else tuple(words), stop, tuple(stood))
            words, stood, stop = [], [], "&" if joined else ""
        if mark:
            if stop == "." and not _COORDINATORS.issuperset(stood):
                yield Clause(tuple(stood), stop, tuple(stood))  # "Them." says little, but it is no courtesy
                stood, stop = [], ""
            stop = max(stop, mark, key=_STRENGTH.index)
            continue
        if token in _COORDINATORS and not words:
            stop = _WITH_AND.get(stop, stop)
        stood.append(token)
        if _places(token, after, words) or (token not in SILENT and token not in _NOTHING):
            words.append(form(token))
    if words:
        yield Clause(tuple(words), stop, tuple(stood))


def _places(token: str, after: str, before: Sequence[str]) -> bool:
    if token not in _PLACING:
        return False
    ends = not after or after in _STOPS or after in OPENERS
    return ends or (_number(after) and not (before and _number(before[-1])))


def _number(word: str) -> bool:
    return word[-1:].isdigit() or word in NUMBER_WORDS


def _phrased(words: list[str]) -> Iterator[str]:
    """Words that count together are one."""
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 1, -1):
            found = PHRASES.get(" ".join(words[at : at + size]))
            if found is not None:
                yield from [found] if found else []
                at += size
                break
        else:
            yield words[at]
            at += 1
