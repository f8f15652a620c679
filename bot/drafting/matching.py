"""How much of a text is whole sentences of the library: in another order, joined, parted, in other small words.

A text is laid out in sentences of the library as a row in tiles. Whatever no tile covers is not the library's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.drafting.claim_words import COURTESIES
from bot.drafting.claims import Clause, Sentence, apart, leads, parts_of, sentences_of, turned

_POLITE = frozenset(one.words for line in COURTESIES for one in sentences_of(line))
_ANSWER = 3
"""A first sentence of no more words answers the question itself: "Not very." It belongs in front, and to its entry."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Clauses `start` to `end` of a text, and the library's sentence that they are; None where they are none's."""

    start: int
    end: int
    sentence: Sentence | None


@dataclass(frozen=True, slots=True)
class _Way:
    cost: int
    tiles: tuple[Tile, ...]
    after_courtesy: bool = False


def laid_out(text: Sequence[Clause], library: Sequence[Sentence]) -> tuple[Tile, ...]:
    """The way to lay it out that leaves least over; courtesies are left away."""
    ways: list[_Way | None] = [_Way(0, ())] + [None] * len(text)
    before = [0, *accumulate(len(clause.words) for clause in text)]
    places = {count: at for at, count in enumerate(before)}
    for at in range(len(text)):
        way = ways[at]
        assert way is not None  # a clause can always be left over
        if _courteous(text, at):
            _offer(ways, at + 1, _Way(way.cost, way.tiles, after_courtesy=True))
        left = Tile(at, at + 1, None)
        _offer(ways, at + 1, _Way(way.cost + 1, (*way.tiles, left)))
        for sentence in library:
            end = places.get(before[at] + len(sentence.words))
            begins = text[at].words[0] in sentence.beginnings and _may_begin(text[at], way)
            if end and begins and _same(text[at:end], sentence):
                _offer(ways, end, _Way(way.cost, (*way.tiles, Tile(at, end, sentence))))
    last = ways[-1]
    assert last is not None
    return last.tiles


def out_of_place(tiles: Sequence[Tile], entries: Sequence[Sequence[Sentence]]) -> list[Sentence]:
    """Sentences that say something else where they stand: after another one than in the library, or as an answer."""
    found = []
    said = [tile.sentence.words if tile.sentence else () for tile in tiles]
    for at, words in enumerate(said):
        homes = [
            (entry, place) for entry in entries for place, one in enumerate(entry) if one.words == words and said[at]
        ]
        if homes and not any(_in_place(entry, place, at, said, entry is entries[0]) for entry, place in homes):
            entry, place = homes[0]
            found.append(entry[place])
    return found


def _in_place(entry: Sequence[Sentence], place: int, at: int, said: Sequence[object], first: bool) -> bool:
    if place == 0:
        return len(entry[0].words) > _ANSWER or (first and at == 0)
    return not entry[place].leans or (at > 0 and said[at - 1] in (entry[place - 1].words, ()))


def _offer(ways: list[_Way | None], at: int, way: _Way) -> None:
    known = ways[at]
    if known is None or way.cost < known.cost:
        ways[at] = way


def _courteous(text: Sequence[Clause], at: int) -> bool:
    """Nothing but a courtesy, between stops."""
    ends = at + 1 == len(text) or text[at + 1].stop not in ("", "&")
    return ends and text[at].stop not in ("", "&") and text[at].words in _POLITE


def _same(text: Sequence[Clause], sentence: Sentence) -> bool:
    """They say the sentence: as it stands, or with its two parts the other way round."""
    parts = parts_of(text)
    if parts == sentence.parts:
        return _stops_alike(text, sentence) and _stops_alike(sentence.clauses, Sentence(tuple(text)))
    return turned(sentence.clauses) == parts or turned(text) == sentence.parts


def _stops_alike(clauses: Sequence[Clause], other: Sentence) -> bool:
    """Each full stop within clauses stands where nothing reaches over it in the other as well."""
    count = 0
    for at, clause in enumerate(clauses):
        if at and clause.hard:
            place = other.places.get(count)
            if place is None or not apart(other.clauses, place):
                return False
        count += len(clause.words)
    return True


def _may_begin(clause: Clause, way: _Way) -> bool:
    """Whether a sentence may begin here: after a full stop, or after an "and" that no condition reaches over."""
    if clause.hard or way.after_courtesy or not way.tiles:
        return True
    before = way.tiles[-1].sentence
    return "&" in clause.stop and (clause.opened or before is None or not leads(before.clauses))
