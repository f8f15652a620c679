"""Where a long text may be cut so that every part fits, nothing is lost, and no reading changes at a border.

A part costs what a platform counts: code points ("chars"), UTF-16 units ("utf16"), UTF-8 bytes ("utf8"), or an
upper bound of the JSON that formatted text becomes ("json": escapes, and an overhead for each run of formatting).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Literal

from bot.domain.richtext_graphemes import is_boundary
from bot.domain.richtext_spans import ATOMS, Kind, Span, marker

Measure = Literal["chars", "utf16", "utf8", "json"]

SMALLEST = {"chars": 1, "utf16": 2, "utf8": 4, "json": 1000}
_DEAREST = {"chars": 1, "utf16": 2, "utf8": 4, "json": 12}
"""What one character costs at most; in JSON it is two escapes, as an emoji is."""
_RUN_COST = 40
_SPAN_COST = {Kind.QUOTE: 120, Kind.EXPANDABLE: 120, Kind.PRE: 140, Kind.ITEM: 200, Kind.LINK: 40}
_STYLE_COST, _ATOM_COST = 20, 120

_GAP = r"[ \t\u00a0\u2009\u202f]?"
_SIGN = r"(?:[<>≤≥≈~±+\-−–#£$€][=<>]?" + _GAP + r")?"
_TOOTH = r"(?:[UL][LR]|[ul][lr])" + _GAP + r"[1-8A-Ea-e](?![A-Za-z0-9])"
_MEANING = tuple(
    re.compile(pattern)
    for pattern in (
        # a sign or comparator, a number with its separators and groups, the word or unit after it
        _SIGN + r"\d{1,40}(?:[.,:/x×\-−–^]\d{1,20}){0,6}(?:" + _GAP + r"\d{1,20}(?:[.,:/]\d{1,20}){0,3}){0,4}"
        r"(?:" + _GAP + r"[A-Za-z%°‰µμ′″'\"²³]{1,12}(?:/[A-Za-z]{1,10})?(?![A-Za-z0-9]))?",
        _TOOTH + r"(?:" + _GAP + r"[-–/,&]" + _GAP + _TOOTH + r"){0,4}",
        r"[1-8A-E]{0,8}[⎾⎿⏋⏌┌┐└┘⎡⎣⎤⎦][1-8A-E]{0,8}",
        r"\d\s{1,3}(?:mm|cm|µm|μm|deg|degrees|°|%|mg|ml|mcg|hrs?|hours?|days?|weeks?|wks?|months?)\b",
        r"(?i:\b(?:(?:upper|lower)\s(?:left|right)|[ul][lr])\s[1-8a-e])\b",
    )
)
"""What would read otherwise if it were cut."""
_CONTEXT = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i:\b(?:upper|lower|left|right|aligner|tray|stage|week|tooth|teeth|number|about|under|over|only)) "
        + _SIGN
        + r"\d{1,6}",
        r"(?i:\b(?:no|not|never|without|don't|doesn't|can't)) \S{1,20}",
    )
)
"""What reads more easily in one piece."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bapprox)[.!?…]['\")\]”’]{0,3}\s+"
)
_WORD = re.compile(r"\s+")


def measure_of(text: str, measure: Measure) -> int:
    """What the bare text costs."""
    return sum(_costs(text, measure))


def cuts(text: str, spans: Sequence[Span], limit: int, measure: Measure, pieces: int) -> Iterator[int]:
    """The ends of the parts, ascending, the last being the text's own end.

    Each part costs at most `limit` and carries at most `pieces` pieces of formatting (0: any number); a character
    that is dearer than that is a part of its own.
    """
    if limit < SMALLEST[measure]:
        raise ValueError(f"a limit of {limit} {measure} holds no character")
    size = len(text)
    if not size:
        return
    if not spans and _RUN_COST + size * _DEAREST[measure] <= limit:  # nothing to add up: it fits, whatever it says
        yield size
        return
    budget = _Budget(text, spans, measure)
    counted = _Budget(text, spans, "pieces") if pieces else None
    guards: tuple[_Guards, _Guards] | None = None
    start = 0
    while start < size:
        reach = budget.reach(start, limit)
        if counted is not None:
            reach = min(reach, counted.reach(start, pieces))
        if reach >= size:
            yield size
            return
        guards = guards or _guards(text, spans)
        start = _best(text, start, max(reach, start + 1), guards)
        yield start


class _Budget:
    """Costs summed up, so that the farthest end of a part is one bisection away."""

    def __init__(self, text: str, spans: Sequence[Span], measure: Measure | Literal["pieces"]) -> None:
        size = len(text)
        costs = [0] * size if measure == "pieces" else _costs(text, measure)
        self._runs: list[int] = []
        self._opening: list[int] = []
        if measure in ("json", "pieces"):
            for start, _, active in runs(size, spans):
                if measure == "json":
                    opening = _RUN_COST + sum(_span_cost(span) for span in active)
                else:
                    opening = sum(span.kind is not Kind.ITEM for span in active)
                self._runs.append(start)
                self._opening.append(opening)
                costs[start] += opening
        self._sums = [0, *accumulate(costs)]

    def reach(self, start: int, limit: int) -> int:
        """The farthest end of an affordable part that begins at `start`; `start` itself if nothing is."""
        spare = limit + self._sums[start]
        if self._runs:
            run = bisect_right(self._runs, start) - 1
            if self._runs[run] < start:
                spare -= self._opening[run]
        return max(start, bisect_right(self._sums, spare) - 1)


def _span_cost(span: Span) -> int:
    fixed = _SPAN_COST.get(span.kind, _ATOM_COST if span.kind in ATOMS else _STYLE_COST)
    return fixed + measure_of(span.value + span.form, "json")


def _costs(text: str, measure: Measure) -> list[int]:
    if measure == "chars" or (measure == "utf16" and text.isascii()):
        return [1] * len(text)
    if measure == "utf16":
        return [1 if char <= "\uffff" else 2 for char in text]
    if measure == "utf8":
        return [len(char.encode()) for char in text]
    return [_json_cost(char) for char in text]


def _json_cost(char: str) -> int:
    if " " <= char <= "~" and char not in '"\\':
        return 1
    return len(json.dumps(char)) - 2


def runs(size: int, spans: Sequence[Span]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """The stretches [start, end) over which the same spans hold, in order, covering all `size` code points."""
    if not size:
        return
    edges = sorted({0, size, *(span.start for span in spans), *(span.end for span in spans)})
    pending = sorted(spans, key=lambda span: span.rank)
    active: list[Span] = []
    upcoming = 0
    for start, end in pairwise(edges):
        active = [span for span in active if span.end > start]
        while upcoming < len(pending) and pending[upcoming].start <= start:
            active.append(pending[upcoming])
            upcoming += 1
        yield start, end, tuple(active)


class _Guards:
    """Ranges that a cut should not part, ascending and apart."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(ranges):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def free(self, at: int) -> bool:
        """A cut at `at` parts none of them."""
        index = bisect_right(self._starts, at) - 1
        return index < 0 or not self._starts[index] < at < self._ends[index]


def _guards(text: str, spans: Sequence[Span]) -> tuple[_Guards, _Guards]:
    """What to keep whole if it can be, and what to keep whole if anything can."""
    firm = [match.span() for pattern in _MEANING for match in pattern.finditer(text)]
    firm += [(span.start, span.end) for span in spans if span.kind in ATOMS]
    firm += [
        (span.start, min(span.end, span.start + len(marker(span.indent, span.number)) + 1))
        for span in spans
        if span.kind is Kind.ITEM
    ]
    soft = [match.span() for pattern in _CONTEXT for match in pattern.finditer(text)]
    return _Guards(firm + soft), _Guards(firm)


def _best(text: str, start: int, reach: int, guards: tuple[_Guards, _Guards]) -> int:
    """The best end in (start, reach]: of a paragraph, line or sentence in the last half, of a word, any safe."""
    half = start + (reach - start) // 2
    for guard in guards:
        for border, floor in ((_PARAGRAPH, half), (_LINE, half), (_SENTENCE, half), (_WORD, start)):
            for at in reversed([match.end() for match in border.finditer(text, floor, reach)]):
                if at > start and guard.free(at) and is_boundary(text, at):
                    return at
    for at in range(reach, start, -1):
        if guards[-1].free(at) and is_boundary(text, at):
            return at
    for at in range(reach, start, -1):
        if is_boundary(text, at):
            return at
    return reach
