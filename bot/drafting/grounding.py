"""Whether a text says what the library says, sentence by sentence; what it finds keeps the text from being offered.

Strict on purpose: a text that fails is replaced by the library's own, so a false alarm costs a nicer wording only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.drafting.claim_words import CERTAINTY, DRUG_ENDINGS, DRUGS, MEASURES, NEGATIONS, OPENERS, TURNING
from bot.drafting.claims import Clause, Sentence, form, sentences_of, words_of
from bot.drafting.matching import Tile, laid_out, out_of_place

SHORTEST, LONGEST = 20, 2200
"""Characters of a usable text."""
_NEAR = 0.5
"""Of the words of a stretch that is not the library's, more than so many are of the sentence that it was made from."""
_FEW = 2
"""More words than these gone, and none new, is something left out."""
_TYPED = frozenset("’‘“”–—…−\u00a0\u202f\n")
"""What is beside plain ASCII in any well set text."""
_KINDS = {
    "number": frozenset(map(form, MEASURES)),
    "negation": frozenset(map(form, NEGATIONS)),
    "condition": frozenset(map(form, OPENERS)),
    "certainty": frozenset(map(form, CERTAINTY)),
    "turn": frozenset(map(form, TURNING)),
}
_PATTERNS = {
    "link": re.compile(
        r"https?:|www\.|\bt\.me\b|tg:|mailto:|\b[\w-]+\.(?:com|org|net|io|uk|co|me|app|dev|ru|info)\b", re.I
    ),
    "mention": re.compile(r"@\w|<[@#!]|\[.*?\]\(|&lt;"),
    "contact": re.compile(r"\+?\d[\d ()-]{7,}\d|\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b"),
    "case": re.compile(r"\bC-[0-9A-Z]{4,}\b"),
    "markup": re.compile(r"<\s*/?\s*[a-z!]|```|\*\*|__|\{\{|\}\}|^#{1,6} |\[[A-Z_]+\]|\|\w+\|", re.I | re.M),
    "machine": re.compile(
        r"\b(?:system|assistant|user|developer|human) ?:|\bprompts?\b|\bthis draft\b"
        r"|\b(?:previous|these|my|all) instructions\b",
        re.I,
    ),
    "refusal": re.compile(
        r"\bas an? (?:ai|language model|assistant)\b|\bI(?: a|')m (?:sorry|unable|not able)"
        r"|\bI can(?:no|')t (?:help|assist|answer)",
        re.I,
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong (number, negation, condition, certainty, turn, order, unsupported, left_out, drug, link, …), and in
    which words."""

    kind: str
    where: str


def check(text: str, sources: Sequence[str], facts: Sequence[str] = ()) -> tuple[Fault, ...]:
    """What a text says that its sources do not, or not so. The first source is the one it is about. Empty if it holds.

    `facts` are lines of the case that may be said as well, and need not be.
    """
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        return (Fault("length", f"{len(text)}"),)
    allowed = "\n".join([*sources, *facts])
    found = [*_foreign(text, allowed), *_strange(text, allowed)]
    if found:
        return tuple(found)
    entries = [sentences_of(one) for one in sources]
    library = [sentence for entry in entries for sentence in entry]
    library += [sentence for fact in facts for sentence in sentences_of(fact.replace(":", " "))]
    clauses = [clause for sentence in sentences_of(text) for clause in sentence.clauses]
    if not library or not clauses:
        return (Fault("unsupported", text.strip()[:60]),)
    tiles = laid_out(clauses, library)
    blamed = list[Sentence | None]()
    for start, end in _left_over(tiles, clauses):
        fault, near = _unlike(clauses[start:end], library)
        found.append(fault)
        blamed.append(near)
    said = {tile.sentence.words for tile in tiles if tile.sentence}
    found += [Fault("order", one.text[:60]) for one in out_of_place(tiles, entries)]
    found += [Fault("left_out", one.text[:60]) for one in entries[0] if one.words not in said and one not in blamed]
    return tuple(found)


def _left_over(tiles: Sequence[Tile], clauses: Sequence[Clause]) -> list[tuple[int, int]]:
    """Stretches that are no sentence of the library, none over a full stop."""
    found: list[tuple[int, int]] = []
    for tile in tiles:
        if tile.sentence is None:
            if found and found[-1][1] == tile.start and clauses[tile.start].stop != ".":
                found[-1] = (found[-1][0], tile.end)
            else:
                found.append((tile.start, tile.end))
    return found


def _foreign(text: str, allowed: str) -> list[Fault]:
    """Links, mentions, contacts, medicines, names: nothing of the kind that the library does not have itself."""
    found = [
        Fault(kind, match.group()[:60])
        for kind, pattern in _PATTERNS.items()
        for match in pattern.finditer(text)
        if match.group() not in allowed or kind in ("mention", "case", "markup", "refusal")
    ]
    there = set(words_of(allowed))
    for word in words_of(text):
        drug = word in DRUGS or (len(word) > 6 and word.endswith(DRUG_ENDINGS))
        if drug and word not in there:
            found.append(Fault("drug", word))
    for match in re.finditer(r"(?<=[a-z,] )[A-Z][A-Za-z]+", text):
        if match.group().lower() not in there and match.group() != "I":
            found.append(Fault("name", match.group()))
    return found


def _strange(text: str, allowed: str) -> list[Fault]:
    """Characters that the library does not have: they may hide, mislead, or be other figures than they look."""
    strange = sorted(char for char in set(text) - set(allowed) - _TYPED if not (char.isascii() and char.isprintable()))
    return [Fault("character", f"U+{ord(char):04X}") for char in strange[:1]]


def _unlike(text: Sequence[Clause], library: Sequence[Sentence]) -> tuple[Fault, Sentence | None]:
    """What is wrong with words that are no sentence of the library, named after the sentence that is nearest."""
    own = Counter(word for clause in text for word in clause.words)
    where = " ".join(word for clause in text for word in clause.stood)[:60]
    near = max(library, key=lambda one: (own & Counter(one.words)).total() / max(own.total(), len(one.words)))
    there = Counter(near.words)
    if (own & there).total() <= _NEAR * own.total():
        return Fault("unsupported", where), None
    new, gone = own - there, there - own
    if not new and gone.total() > _FEW:
        return Fault("left_out", where), near
    other = set(new | gone)
    for kind, words in _KINDS.items():
        if other & words or (kind == "number" and any(word[-1].isdigit() for word in other)):
            return Fault(kind, where), near
    return Fault("unsupported" if new else "left_out" if gone else "order", where), near
