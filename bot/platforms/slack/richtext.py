"""Rich text as Slack's `rich_text` blocks, both ways. Text elements are inert: no markup in them is ever read.

Newlines between block-level elements are not written: Slack shows each element on lines of its own. A section that
ends in an empty line before another element carries one newline more, as Slack's own composer writes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.domain.degradation import degrade
from bot.domain.richtext import Measure, RichText, runs
from bot.domain.richtext_spans import BLOCKS, QUOTES, Kind, Span, marker
from bot.platforms.slack.richtext_inline import Inline
from bot.platforms.slack.richtext_mrkdwn import decode, escape
from bot.platforms.slack.richtext_read import from_blocks

__all__ = ["PART_LIMIT", "PART_MEASURE", "decode", "escape", "from_blocks", "to_blocks"]

PART_MEASURE: Measure = "json"
PART_LIMIT = 10_000
"""What one message's text may take as JSON: a payload of blocks fails near 13,000, and cards add to it."""

Element = dict[str, Any]


def to_blocks(rich: RichText, live: Collection[str] = ()) -> list[dict[str, Any]]:
    """One `rich_text` block, or none if there is nothing to show. Long text is to be split before.

    `live` holds the account texts of mentions that may call somebody; all other mentions are plain words.
    """
    shown = degrade(rich, "slack", live).rich
    elements = list(_elements(shown))
    return [{"type": "rich_text", "elements": elements}] if elements else []


@dataclass(frozen=True, slots=True)
class _Area:
    """A stretch of text under one quote, list item or code block, or none of them."""

    start: int
    end: int
    quoted: Span | None
    inner: Span | None


def _areas(rich: RichText) -> list[_Area]:
    blocks = [span for span in rich.spans if span.kind in BLOCKS]
    areas: list[_Area] = []
    for start, end, active in runs(len(rich.text), blocks):
        quoted = next((span for span in active if span.kind in QUOTES), None)
        inner = next((span for span in active if span.kind not in QUOTES), None)
        areas.append(_Area(start, end, quoted, inner))
    return areas


def _elements(rich: RichText) -> Iterator[Element]:
    """The block-level elements in order. Items that follow each other without a gap share a list."""
    last: Element | None = None
    last_item: Span | None = None
    last_quote: Span | None = None
    inline = Inline(rich)
    for area, start, end, tail in _trimmed(rich.text, _areas(rich)):
        item = area.inner if area.inner is not None and area.inner.kind is Kind.ITEM else None
        if item is not None:
            body = inline.elements(item.start + len(marker(item.indent, item.number)), item.end)
            section: Element = {"type": "rich_text_section", "elements": body}
            follows = last_item is not None and area.quoted == last_quote and _follows(item, last_item)
            if last is not None and follows:
                last["elements"].append(section)
                last_item = item
                continue
            last, last_item, last_quote = _list(item, section, area.quoted), item, area.quoted
            yield last
            continue
        last_item = None
        body = inline.elements(start, end, tail)
        if area.inner is not None:
            made: Element = {"type": "rich_text_preformatted", "elements": body}
            if area.inner.value:
                made["language"] = area.inner.value
            yield _bordered(made, area.quoted)
        else:
            kind = "rich_text_section" if area.quoted is None else "rich_text_quote"
            yield {"type": kind, "elements": body}


def _follows(item: Span, before: Span) -> bool:
    """The item can stand in the list of the one before."""
    if item.indent != before.indent:
        return False
    return item.number == before.number + 1 if before.number else item.number == 0


def _list(item: Span, section: Element, quoted: Span | None) -> Element:
    made: Element = {
        "type": "rich_text_list",
        "style": "ordered" if item.number else "bullet",
        "indent": item.indent,
        "elements": [section],
    }
    if item.number > 1:
        made["offset"] = item.number - 1
    return _bordered(made, quoted)


def _bordered(made: Element, quoted: Span | None) -> Element:
    return {**made, "border": 1} if quoted is not None else made


def _trimmed(text: str, areas: Sequence[_Area]) -> Iterator[tuple[_Area, int, int, str]]:
    """Each area to be written, without the newlines that part it from its neighbours, and what to write after it."""
    taken = [[0, 0] for _ in areas]
    for number, (left, right) in enumerate(pairwise(areas)):
        spare = left.end - left.start - taken[number][0]
        if left.inner is None and spare > 0 and text[left.end - 1] == "\n":
            taken[number][1] = 1
        elif right.inner is None and text[right.start] == "\n":
            taken[number + 1][0] = 1
    for number, area in enumerate(areas):
        head, tail = taken[number]
        start, end = area.start + head, area.end - tail
        if area.inner is not None:
            yield area, start, end, ""
            continue
        first, last = number == 0, number == len(areas) - 1
        if start >= end and not (first and not last) and head + tail < 2:
            continue
        open_ended = not last and (start >= end or text[end - 1] == "\n")
        yield area, start, end, "\n" if open_ended else ""
