"""A Telegram message's text and entities as rich text. Accepts whatever came off the wire, and keeps each character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeGuard

from bot.domain.richtext import RichText
from bot.domain.richtext_spans import MAX_INDENT, Kind, Span, marker
from bot.platforms.telegram.richtext_dates import template
from bot.platforms.telegram.richtext_units import Units

_STYLES = {
    "bold": Kind.BOLD,
    "italic": Kind.ITALIC,
    "underline": Kind.UNDERLINE,
    "strikethrough": Kind.STRIKE,
    "spoiler": Kind.SPOILER,
    "code": Kind.CODE,
    "blockquote": Kind.QUOTE,
    "expandable_blockquote": Kind.EXPANDABLE,
}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_BULLET_LINE = re.compile(r"^( *)[•◦▪] [^\n]*", re.MULTILINE)


def from_message(text: object, entities: object = None) -> RichText:
    """The message's text or caption with its entities.

    Names, hashtags, commands and phone numbers are words: Telegram finds them again by itself. Lines that begin with
    the bullets we write are list items; numbers are left as they were typed, since a list would count them anew.
    """
    if not isinstance(text, str) or not text:
        return RichText("")
    spans: list[Span] = []
    if isinstance(entities, Sequence) and entities and not isinstance(entities, str | bytes):
        units = Units(text)
        for entity in entities:
            if isinstance(entity, Mapping) and (span := _span(entity, text, units)) is not None:
                spans.append(span)
    return RichText(text, (*spans, *_items(text)))


def _items(text: str) -> Iterator[Span]:
    for match in _BULLET_LINE.finditer(text):
        indent, rest = divmod(len(match[1]), 4)
        if not rest and indent <= MAX_INDENT and match[0].startswith(marker(indent, 0)):
            yield Span(match.start(), match.end(), Kind.ITEM, indent=indent)


def _span(entity: Mapping[Any, Any], text: str, units: Units) -> Span | None:
    kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
    if not isinstance(kind, str) or not _is_number(offset) or not _is_number(length) or length <= 0:
        return None
    start, end = units.position(max(offset, 0)), units.position(max(offset + length, 0), up=True)
    end = min(end, len(text))
    if not 0 <= start < end:
        return None
    if kind in _STYLES:
        return Span(start, end, _STYLES[kind])
    if kind == "pre":
        return Span(start, end, Kind.PRE, _words(entity.get("language")))
    if kind == "text_link":
        url = _words(entity.get("url"))
        return Span(start, end, Kind.LINK, url) if url else None
    if kind == "url":
        url = text[start:end]
        return Span(start, end, Kind.LINK, url if _SCHEME.match(url) else f"http://{url}")
    if kind == "email":
        return Span(start, end, Kind.LINK, f"mailto:{text[start:end]}")
    return _atom(kind, entity, start, end)


def _atom(kind: str, entity: Mapping[Any, Any], start: int, end: int) -> Span | None:
    if kind == "text_mention":
        user = entity.get("user")
        ident = user.get("id") if isinstance(user, Mapping) else None
        return Span(start, end, Kind.MENTION, f"telegram:{ident}") if _is_number(ident) else None
    if kind == "custom_emoji":
        ident = _words(entity.get("custom_emoji_id"))
        return Span(start, end, Kind.EMOJI, f"telegram:{ident}") if ident else None
    if kind == "date_time":
        seconds, form = entity.get("unix_time"), template(_words(entity.get("date_time_format")))
        return Span(start, end, Kind.DATE, str(seconds), form or "") if _is_number(seconds) else None
    return None


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""
