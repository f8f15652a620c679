"""Typed ranges over a text, and the one normal form they are kept in.

Offsets are code points. The text always reads on its own: a list item's marker, a mention's name and a date's
words are part of it, and a span only says what they are. So a platform that lacks a kind drops no character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a range is."""

    QUOTE = "quote"
    EXPANDABLE = "expandable"
    """A quote that is folded until it is opened."""
    PRE = "pre"
    """A block of code; `value` is its language."""
    ITEM = "item"
    """A whole list item with its marker; `number` 0 is a bullet, else the number shown; `indent` 0 to 8."""
    LINK = "link"
    """`value` is the address."""
    MENTION = "mention"
    """`value` is an account text (`account_text`)."""
    GROUP = "group"
    """A user group; `value` is `platform:id`."""
    CHANNEL = "channel"
    """`value` is `platform:id`."""
    TEAM = "team"
    """A workspace; `value` is `platform:id`."""
    BROADCAST = "broadcast"
    """Everybody in a place; `value` is here, channel or everyone."""
    EMOJI = "emoji"
    """`value` is `platform:name` or `platform:id`; the text is its character, or `:name:`."""
    DATE = "date"
    """`value` is Unix seconds, `form` a template of `richtext_dates`; the text stands where dates cannot."""
    COLOUR = "colour"
    """`value` is `#rrggbb`."""
    CODE = "code"
    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKE = "strike"
    SPOILER = "spoiler"


QUOTES = frozenset({Kind.QUOTE, Kind.EXPANDABLE})
BLOCKS = QUOTES | {Kind.PRE, Kind.ITEM}
PINGS = frozenset({Kind.MENTION, Kind.GROUP, Kind.CHANNEL, Kind.TEAM, Kind.BROADCAST})
ATOMS = PINGS | {Kind.EMOJI, Kind.DATE, Kind.COLOUR}
"""Kinds that stand for one thing: cut in two they are only text."""
STYLES = frozenset({Kind.BOLD, Kind.ITALIC, Kind.UNDERLINE, Kind.STRIKE, Kind.SPOILER})
_FREE = STYLES | {Kind.CODE, Kind.LINK}
"""Kinds that can stand anywhere but within others."""

MAX_INDENT = 8
MAX_NUMBER = 99_999
_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_BULLETS = "•◦▪"


@dataclass(frozen=True, slots=True)
class Span:
    """The range [start, end) of code points is `kind`; `Kind` says what the other fields mean."""

    start: int
    end: int
    kind: Kind
    value: str = ""
    form: str = ""
    indent: int = 0
    number: int = 0

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Sort key: outer before inner."""
        return (self.start, -self.end, _RANK[self.kind], self.value)

    def same(self, other: Span) -> bool:
        """The other is the same thing, perhaps elsewhere."""
        return (self.kind, self.value, self.form) == (other.kind, other.value, other.form)


def marker(indent: int, number: int) -> str:
    """What stands before a list item, as Slack shows it: "• ", "    ◦ ", "1. ", "    a. ", "        i. "."""
    level = indent % 3
    label = f"{_label(number, level)}." if number else _BULLETS[level]
    return "    " * indent + label + " "


def _label(number: int, level: int) -> str:
    if level == 1:
        letters = ""
        while number:
            number, digit = divmod(number - 1, 26)
            letters = chr(ord("a") + digit) + letters
        return letters
    if level == 2 and number < 4000:
        values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
        numerals = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
        roman = ""
        for value, numeral in zip(values, numerals, strict=True):
            roman += numeral * (number // value)
            number %= value
        return roman
    return str(number)


def account_text(platform: str, workspace: str, user: str) -> str:
    """The `value` of a mention we make ourselves: "slack:T0001/U0003", "telegram:/700001"."""
    return f"{platform}:{workspace}/{user}"


def shift(spans: Iterable[Span], by: int) -> Iterator[Span]:
    """The same spans, `by` code points later."""
    return (replace(span, start=span.start + by, end=span.end + by) for span in spans)


class Apart:
    """Spans that do not overlap each other, by place."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]

    def over(self, span: Span) -> Iterator[Span]:
        """Those that overlap the span, in order."""
        at = max(bisect_right(self._starts, span.start) - 1, 0)
        while at < len(self._spans) and self._starts[at] < span.end:
            if self._spans[at].end > span.start:
                yield self._spans[at]
            at += 1

    def cross(self, span: Span) -> bool:
        """One of them overlaps the span and does not hold all of it."""
        return any(other.start > span.start or other.end < span.end for other in self.over(span))


def without(spans: Iterable[Span], holes: Apart) -> Iterator[Span]:
    """What is left of the spans outside the holes."""
    for span in spans:
        start = span.start
        for hole in holes.over(span):
            if hole.start > start:
                yield replace(span, start=start, end=hole.start)
            start = hole.end
        if start < span.end:
            yield span if start == span.start else replace(span, start=start)


def normalise(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The one normal form: sorted, in range, merged, and nested as any platform could show it. Never raises.

    Ranges of one kind do not overlap. A code block holds no style, atom or code; an item lies within a quote or
    apart from it; an atom lies within a block or apart from it, and is dropped rather than cut.
    """
    size = len(text)
    if len(spans) == 1 and spans[0].kind in _FREE:  # a heading above plain words, most often
        alone = _within(spans[0], size)
        return () if alone is None else (alone,)
    groups: dict[Kind, list[Span]] = {}
    for span in spans:
        if span.kind in ATOMS or span.kind is Kind.ITEM:
            whole = 0 <= span.start < span.end and (span.end <= size or span.kind is Kind.ITEM)
            fitted = replace(span, end=min(span.end, size)) if whole and span.end > size else span
            if whole and fitted.start < fitted.end:
                groups.setdefault(Kind.ITEM if span.kind is Kind.ITEM else Kind.EMOJI, []).append(fitted)
            continue
        inside = _within(span, size)
        if inside is not None:
            groups.setdefault(Kind.QUOTE if span.kind in QUOTES else span.kind, []).append(inside)
    quotes = _blocks(text, groups.pop(Kind.QUOTE, []))
    pres = _blocks(text, groups.pop(Kind.PRE, []))
    quoted, coded = Apart(quotes), Apart(pres)
    items = _items(text, groups.pop(Kind.ITEM, []), quoted, coded)
    atoms = _atoms(groups.pop(Kind.EMOJI, []), (quoted, Apart(items)), coded)
    kept = quotes + pres + items + atoms
    for kind, members in groups.items():
        outside = members if kind is Kind.LINK else without(members, coded)
        kept.extend(_merged(outside))
    return tuple(sorted(kept, key=lambda span: span.rank))


def _within(span: Span, size: int) -> Span | None:
    """What of the span lies in a text of this size, if any."""
    start, end = max(span.start, 0), min(span.end, size)
    if (start, end) == (span.start, span.end):
        return span if start < end else None
    return replace(span, start=start, end=end) if start < end else None


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Same things that touch become one; of different things that overlap the earlier keeps its range."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda span: span.rank):
        last = out[-1] if out else None
        if last is not None and span.start <= last.end:
            if span.same(last):
                if span.end > last.end:
                    out[-1] = replace(last, end=span.end)
                continue
            if span.end <= last.end:
                continue
            if span.start < last.end:
                span = replace(span, start=last.end)
        out.append(span)
    return out


def _blocks(text: str, spans: list[Span]) -> list[Span]:
    """Quotes or code blocks without the line breaks around them."""
    return [trimmed for span in _merged(_trimmed(text, spans)) for trimmed in _trimmed(text, [span])]


def _trimmed(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    for span in spans:
        start, end = span.start, span.end
        while start < end and text[start] == "\n":
            start += 1
        while end > start and text[end - 1] == "\n":
            end -= 1
        if start < end:
            yield replace(span, start=start, end=end)


def _items(text: str, spans: list[Span], quoted: Apart, coded: Apart) -> list[Span]:
    """Items that begin a line with their own marker and end at a line's end."""
    out: list[Span] = []
    for span in sorted(_trimmed(text, spans), key=lambda span: span.rank):
        if not (0 <= span.indent <= MAX_INDENT and 0 <= span.number <= MAX_NUMBER):
            continue
        begins = span.start == 0 or text[span.start - 1] == "\n"
        ends = span.end == len(text) or text[span.end] == "\n"
        head = marker(span.indent, span.number)
        if not (begins and ends and text.startswith(head, span.start) and span.end - span.start >= len(head)):
            continue
        if out and span.start < out[-1].end:
            continue
        if any(coded.over(span)) or quoted.cross(span):
            continue
        out.append(span)
    return out


def _atoms(spans: list[Span], blocks: Iterable[Apart], coded: Apart) -> list[Span]:
    out: list[Span] = []
    for span in sorted(spans, key=lambda span: span.rank):
        if out and span.start < out[-1].end:
            continue
        if any(coded.over(span)) or any(block.cross(span) for block in blocks):
            continue
        out.append(span)
    return out
