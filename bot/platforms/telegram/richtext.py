"""Rich text as Telegram's entities, both ways: offsets in UTF-16 units, and nesting as Telegram allows it.

Code holds nothing and lies in nothing but a quote; quotes do not nest; of the rest, one lies within the other or
apart from it. Telegram refuses a message for one bad address or offset, so only what it takes is ever built.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.domain.degradation import degrade
from bot.domain.richtext import RichText
from bot.domain.richtext_spans import ATOMS, QUOTES, STYLES, Kind, Span
from bot.platforms.telegram.richtext_dates import letters
from bot.platforms.telegram.richtext_read import from_message
from bot.platforms.telegram.richtext_units import Units

__all__ = ["ENTITY_LIMIT", "from_message", "to_entities"]

ENTITY_LIMIT = 100
"""Telegram passes over the entities beyond these without a word."""

_TYPES = {
    Kind.BOLD: "bold",
    Kind.ITALIC: "italic",
    Kind.UNDERLINE: "underline",
    Kind.STRIKE: "strikethrough",
    Kind.SPOILER: "spoiler",
    Kind.CODE: "code",
    Kind.PRE: "pre",
    Kind.QUOTE: "blockquote",
    Kind.EXPANDABLE: "expandable_blockquote",
}
_TRIMMED = "".join(map(chr, range(33))) + "\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
"""What Telegram takes off the end of a message: blanks, and the controls it makes blanks of or takes out."""
_LATEST = 2**31 - 1


def to_entities(rich: RichText, live: Collection[str] = ()) -> tuple[str, list[dict[str, Any]]]:
    """The text, without the blanks that Telegram takes off its end, and at most 100 entities in order.

    The text is empty if there is nothing to see. `live` holds the account texts of mentions that may call somebody.
    Long text is to be split before (`RichText.split(4096, "utf16", ENTITY_LIMIT)`).
    """
    shown = degrade(rich, "telegram", live).rich
    shown = shown.slice(0, len(shown.text.rstrip(_TRIMMED)))
    units = Units(shown.text)
    placed = _placed(shown.spans)
    made = [(span, entity) for span in placed if (entity := _entity(span, shown.text, units)) is not None]
    kept = sorted(made, key=lambda pair: _worth(pair[0]))[:ENTITY_LIMIT]
    return shown.text, [entity for _, entity in sorted(kept, key=lambda pair: pair[0].rank)]


def _worth(span: Span) -> tuple[int, int]:
    """If not all can be kept, looks go before meaning."""
    return (2 if span.kind in STYLES else 1 if span.kind in QUOTES else 0, span.start)


def _placed(spans: Iterable[Span]) -> list[Span]:
    """The spans cut so that each two lie one within the other or apart, and quotes are the outermost."""
    order = (QUOTES, {Kind.PRE, Kind.CODE}, ATOMS, {Kind.LINK}, STYLES)
    placed: list[Span] = []
    for kinds in order:
        for span in [span for span in spans if span.kind in kinds]:
            pieces = _cut(span, placed)
            if span.kind in ATOMS and len(pieces) > 1:
                continue
            placed.extend(pieces)
    return placed


def _cut(span: Span, placed: Iterable[Span]) -> list[Span]:
    """The span in pieces, cut at each edge of a quote within it and of anything that crosses it."""
    edges: set[int] = set()
    for other in placed:
        inside = [edge for edge in (other.start, other.end) if span.start < edge < span.end]
        crosses = other.start < span.start < other.end or other.start < span.end < other.end
        if inside and (crosses or other.kind in QUOTES):
            edges.update(inside)
    marks = [span.start, *sorted(edges), span.end]
    return [replace(span, start=left, end=right) for left, right in pairwise(marks)]


def _entity(span: Span, text: str, units: Units) -> dict[str, Any] | None:
    """The entity, or None where plain words are the safer way."""
    start, end = units.offset(span.start), units.offset(span.end)
    entity: dict[str, Any] = {"type": _TYPES.get(span.kind, ""), "offset": start, "length": end - start}
    if span.kind in _TYPES:
        if span.kind is Kind.PRE and span.value:
            entity["language"] = span.value
        return entity
    if span.kind is Kind.LINK:
        return {**entity, "type": "text_link", "url": span.value}
    ident = span.value.rpartition("/")[2].rpartition(":")[2]
    if span.kind is Kind.EMOJI:
        return {**entity, "type": "custom_emoji", "custom_emoji_id": ident} if _number(ident) else None
    if span.kind is Kind.DATE:
        if not _number(span.value) or not 0 < int(span.value) <= _LATEST:
            return None
        form = letters(span.form)
        shown = {"date_time_format": form} if form else {}
        return {**entity, "type": "date_time", "unix_time": int(span.value), **shown}
    if span.kind is Kind.MENTION and _number(ident):
        user = {"id": int(ident), "is_bot": False, "first_name": text[span.start : span.end]}
        return {**entity, "type": "text_mention", "user": user}
    return None


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20
