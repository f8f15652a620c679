"""Teeth as FDI numbers (permanent 11-48, primary 51-85): their names, order in the arch, contacts.

Reading what people type is `bot.domain.teeth_text`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from itertools import pairwise


class Arch(StrEnum):
    """One jaw's row of teeth."""

    UPPER = "upper"
    LOWER = "lower"


QUADRANTS = {"UR": 1, "UL": 2, "LL": 3, "LR": 4}
"""Palmer quadrant to FDI quadrant of permanent teeth; primary teeth are four higher."""
_PALMER = {number: name for name, number in QUADRANTS.items()}
PRIMARY = "ABCDE"
"""Primary teeth in Palmer notation, from the midline."""


def _row(right: int, left: int, count: int) -> tuple[int, ...]:
    """From the patient's right to their left."""
    return tuple([right * 10 + n for n in range(count, 0, -1)] + [left * 10 + n for n in range(1, count + 1)])


ROWS = (_row(1, 2, 8), _row(4, 3, 8), _row(5, 6, 5), _row(8, 7, 5))
"""Each row from the patient's right to left: permanent upper and lower, primary upper and lower."""

TEETH = frozenset(tooth for row in ROWS for tooth in row)
_PLACE = {tooth: (index, place) for index, row in enumerate(ROWS) for place, tooth in enumerate(row)}

# Universal (US): 1-32 and A-T run along the upper arch from the right, then back along the lower one.
UNIVERSAL = {str(n): tooth for n, tooth in enumerate(ROWS[0] + ROWS[1][::-1], start=1)} | {
    chr(ord("A") + n): tooth for n, tooth in enumerate(ROWS[2] + ROWS[3][::-1])
}
"""Universal number or letter to FDI."""


def is_primary(tooth: int) -> bool:
    """Whether it is a milk tooth."""
    return tooth > 50


def position(tooth: int) -> int:
    """Place from the midline: 1 central incisor … 8 third molar (primary 1-5)."""
    return tooth % 10


def arch(tooth: int) -> Arch:
    """The jaw it stands in."""
    return Arch.UPPER if (tooth // 10 - 1) % 4 < 2 else Arch.LOWER


def fdi(quadrant: int, place: int, *, primary: bool = False) -> int | None:
    """Quadrant 1-4 and place from the midline; None if there is no such tooth."""
    tooth = (quadrant + 4 * primary) * 10 + place
    return tooth if tooth in TEETH else None


def palmer(tooth: int) -> str:
    """ "UL2", or "ULB" for a primary tooth."""
    quadrant = _PALMER[(tooth // 10 - 1) % 4 + 1]
    return quadrant + (PRIMARY[position(tooth) - 1] if is_primary(tooth) else str(position(tooth)))


def label(tooth: int) -> str:
    """ "UL2 (22)"."""
    return f"{palmer(tooth)} ({tooth})"


def in_order(teeth: Iterable[int]) -> tuple[int, ...]:
    """Each tooth once, row by row from the patient's right to left."""
    return tuple(sorted(set(teeth), key=_PLACE.__getitem__))


def between(first: int, last: int) -> tuple[int, ...] | None:
    """Every tooth from one to the other along the arch, across the midline too; None unless in one row."""
    (row, start), (other, end) = _PLACE[first], _PLACE[last]
    if row != other:
        return None
    low, high = sorted((start, end))
    return ROWS[row][low : high + 1]


def contacts(teeth: Collection[int]) -> tuple[tuple[int, int], ...]:
    """The pairs of neighbours among the teeth, from the patient's right to left."""
    known = in_order(teeth)
    return tuple((a, b) for a, b in pairwise(known) if _PLACE[b] == (_PLACE[a][0], _PLACE[a][1] + 1))


def describe(teeth: Collection[int]) -> str:
    """The echo: "UL2 (22), LR3 (43)"; three or more in a row as "UR3–UL3 (13–23)"."""
    runs: list[list[int]] = []
    for tooth in in_order(teeth):
        if runs and len(contacts((runs[-1][-1], tooth))) == 1:
            runs[-1].append(tooth)
        else:
            runs.append([tooth])
    words: list[str] = []
    for run in runs:
        if len(run) < 3:
            words.extend(label(tooth) for tooth in run)
        else:
            words.append(f"{palmer(run[0])}–{palmer(run[-1])} ({run[0]}–{run[-1]})")
    return ", ".join(words)
