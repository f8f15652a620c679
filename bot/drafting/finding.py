"""Entries for a few words that name a topic, as a specialist types them: by words and by meaning together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.faq import Entry
from bot.drafting.search import Found
from bot.ports.drafter import Candidate, Strength

LEAST_WORDS = 0.2
"""Evidence of words below which they say nothing: what stands in nearly every entry."""
LEAST = 0.35
"""The blended score from which an entry is found by its meaning alone."""
NEAR = 0.2
"""How far below the best an entry may lie."""
STRONG, FAIR = 0.55, 0.4


def named(entries: Mapping[str, Entry], text: str) -> Entry | None:
    """The entry whose id or title the words are."""
    name = text.strip().casefold()
    return next((one for one in entries.values() if name in (one.id.casefold(), one.title.casefold())), None)


def chosen(entries: Mapping[str, Entry], found: Sequence[Found]) -> tuple[Candidate, ...]:
    """Those of all entries found that may be meant, the best first, whatever their policy."""
    known = max((one.words for one in found), default=0.0)
    if 0.0 < known < LEAST_WORDS:
        return ()
    scored = [
        (max(one.score, one.words), one)
        for one in found
        if one.score >= LEAST or one.words >= max(LEAST_WORDS, known / 2)
    ]
    best = max((score for score, _ in scored), default=0.0)
    ranked = sorted(scored, key=lambda pair: (-pair[1].score, pair[1].topic))
    return tuple(
        Candidate(entries[one.topic], min(1.0, score), _strength(score))
        for score, one in ranked
        if score >= best - NEAR
    )


def _strength(score: float) -> Strength:
    if score >= STRONG:
        return Strength.STRONG
    return Strength.FAIR if score >= FAIR else Strength.WEAK
