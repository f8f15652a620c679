"""Whether a text says what the library says, sentence by sentence; what it finds keeps the text from being offered.

Strict on purpose: a text that fails is replaced by the library's own, so a false alarm costs a nicer wording only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from bot.drafting.claim_words import ALLOWED, DRUG_ENDINGS, DRUGS
from bot.drafting.claims import Claim, claims_of, stem, words_of

SHORTEST, LONGEST = 20, 2200
"""Characters of a usable text."""
_SUPPORT = 0.75
"""Of a sentence's words of content, how many one sentence of the library has; else two of them together."""
_KEPT = 0.5
"""Of the words of a sentence with a limit or a warning, how many have to be somewhere in the text."""
_NEW_WORDS = 2
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
    """What is wrong (number, negation, turn, unsupported, left_out, drug, link, …) and in which words."""

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
    library = [claim for one in (*sources, *facts) for claim in claims_of(one)]
    known = {root for claim in library for root in claim.stems} | {stem(word) for word in ALLOWED}
    parts = claims_of(text)
    same = _same_in_other_sentences(parts, library)
    for at, claim in enumerate(parts):
        found += [] if at in same else _compare(claim, library, known)
    said = {root for claim in parts for root in claim.stems}
    found += [
        Fault("left_out", claim.text[:60])
        for claim in claims_of(sources[0])
        if claim.critical and claim.text.lower() not in text.lower() and not _is_there(claim, parts, said)
    ]
    return tuple(found)


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
    """Characters that hide or mislead: control, zero-width, right-to-left, pictures, letters of another script."""
    for char in sorted(set(text) - set(allowed)):
        kind = unicodedata.category(char)
        other = kind.startswith("L") and "LATIN" not in unicodedata.name(char, "")
        if (kind in ("Cc", "Cf", "Co", "Cs", "Cn", "So", "Mn") and char != "\n") or other:
            return [Fault("character", f"U+{ord(char):04X}")]
    return []


def _same_in_other_sentences(parts: Sequence[Claim], library: Sequence[Claim]) -> set[int]:
    """Places of sentences that are the library's, as they stand there, or two made one, or one made two."""
    verbatim = {claim.text.lower() for claim in library}
    whole = {_content(pair) for pair in pairwise(library)}
    ones = {_content((claim,)) for claim in library}
    found = {at for at, one in enumerate(parts) if one.text.lower() in verbatim or _content((one,)) in whole}
    for at, pair in enumerate(pairwise(parts)):
        if _content(pair) in ones:
            found |= {at, at + 1}
    return found


def _content(claims: Sequence[Claim]) -> tuple[object, ...]:
    """All that sentences say one after the other: words of content, figures, turns, what is denied and what is not."""
    return (
        tuple(root for one in claims for root in one.stems),
        tuple(amount for one in claims for amount in one.amounts),
        tuple(turn for one in claims for turn in one.turns),
        frozenset[str]().union(*(one.denied for one in claims)),
        frozenset[str]().union(*(one.stated for one in claims)),
        sum(one.negations for one in claims),
    )


def _compare(claim: Claim, library: Sequence[Claim], known: set[str]) -> list[Fault]:
    """One sentence against the one, or the two, of the library that it is taken from."""
    where = claim.text[:60]
    new = [root for root in dict.fromkeys(claim.stems) if root not in known]
    if len(new) > _NEW_WORDS or len(new) * 4 > max(len(set(claim.stems)), 4):
        return [Fault("unsupported", where)]
    best = _best(claim, library)
    if not best:
        claims_nothing = not claim.amounts and not claim.negations and not claim.turns and not new
        return [] if claims_nothing and len(set(claim.stems)) <= 4 else [Fault("unsupported", where)]
    found = []
    if not _in_order(claim.amounts, [one for source in best for one in source.amounts]):
        found.append(Fault("number", where))
    if _denies_otherwise(claim, best):
        found.append(Fault("negation", where))
    if _garbled(claim, best):
        found.append(Fault("garbled", where))
    if not _in_order(claim.turns, [one for source in best for one in source.turns]):
        found.append(Fault("turn", where))
    return found


def _best(claim: Claim, library: Sequence[Claim]) -> tuple[Claim, ...]:
    """The sentence of the library that has most of a claim's words, or the pair that does; empty if none has enough."""
    own = set(claim.stems)
    if not own:
        return ()
    single = max(library, key=lambda one: (_share(own, set(one.stems)), -len(one.stems)))
    if _share(own, set(single.stems)) >= _SUPPORT:
        return (single,)
    near = sorted(library, key=lambda one: -_share(own, set(one.stems)))[:5]
    pairs = list(combinations([one for one in library if one in near], 2))
    pair = max(pairs, key=lambda two: _share(own, set(two[0].stems) | set(two[1].stems)), default=())
    joined = {root for one in pair for root in one.stems}
    return pair if _share(own, joined) >= _SUPPORT else (single,) if _share(own, set(single.stems)) >= 0.6 else ()


def _share(own: set[str], other: set[str]) -> float:
    return len(own & other) / len(own)


def _garbled(claim: Claim, best: Sequence[Claim]) -> bool:
    """Its words are there, but next to others than in the library."""
    pairs = set(zip(claim.stems, claim.stems[1:], strict=False))
    there = {pair for one in best for pair in zip(one.stems, one.stems[1:], strict=False)}
    return len(pairs) > 4 and len(pairs & there) * 4 < len(pairs)


def _in_order(said: Sequence[object], there: Sequence[object]) -> bool:
    """Everything of a sentence stands in its source, in the same order."""
    left = iter(there)
    return all(any(one == other for other in left) for one in said)


def _denies_otherwise(claim: Claim, best: Sequence[Claim]) -> bool:
    """What is denied here is stated there, or the other way round."""
    denied = frozenset[str]().union(*(one.denied for one in best))
    stated = frozenset[str]().union(*(one.stated for one in best))
    if claim.denied & (stated - denied) or claim.stated & (denied - stated) - claim.denied:
        return True
    if claim.negations and not any(one.negations for one in best):
        return True
    covered = len(best) == 1 and _share(set(best[0].stems), set(claim.stems)) >= 0.7
    return covered and claim.negations != best[0].negations


def _is_there(source: Claim, parts: Sequence[Claim], said: set[str]) -> bool:
    own = set(source.stems)
    if not own or _share(own, said) < _KEPT:
        return False
    amounts = [one for part in parts for one in part.amounts]
    if any(one not in amounts for one in source.amounts):
        return False
    near = [part for part in parts if part.negations and (not source.denied or set(part.stems) & source.denied)]
    return not source.negations or bool(near)
