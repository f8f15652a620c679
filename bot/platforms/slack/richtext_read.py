"""Slack's blocks as rich text. What cannot be understood is read for its words; nothing raises and no word is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.richtext import RichText, join, line
from bot.domain.richtext_spans import MAX_INDENT, MAX_NUMBER, Kind, Span, marker
from bot.platforms.slack.richtext_elements import Context, element, words
from bot.platforms.slack.richtext_mrkdwn import decode, unescape

_QUIET = frozenset({"divider", "actions", "input"})
_ESCAPED = re.compile(r"&(?:amp|lt|gt);")
_LABEL = re.compile(r"<(?:@|#|!subteam\^)([A-Z0-9]+)\|([^<>|]+)>")
_FULL = 200
"""Elements deeper than this are read for their words only."""


def from_blocks(blocks: object, text: object = "", names: Mapping[str, str] | None = None) -> RichText:
    """The message in `blocks`; without any words there, its escaped `text`. `names` maps ids to names.

    Accepts whatever came off the wire as JSON.
    """
    fallback = text if isinstance(text, str) else ""
    known = {**{ident: unescape(label) for ident, label in _LABEL.findall(fallback)}, **(names or {})}
    context = Context(known, escaped=_is_escaped(blocks, fallback))
    rows = [row for block in _dicts(blocks) if (row := _block(block, context)) is not None]
    found = join("\n", rows)
    if not found.blank:
        return found
    instead = decode(fallback, known)
    return found if instead.blank and found else instead


def _is_escaped(blocks: object, text: str) -> bool:
    """The words in the blocks are escaped, as in interaction payloads: `text` always is, so the two are compared."""
    typed = unescape(text)
    lines = [row for said in words(blocks) if _ESCAPED.search(said) for row in said.split("\n")]
    return bool(text) and any(row not in typed for row in lines if _ESCAPED.search(row))


def _dicts(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def _block(block: Mapping[str, Any], context: Context) -> RichText | None:
    kind = str(block.get("type"))
    if kind == "rich_text":
        return _rich(block, context)
    if kind in _QUIET:
        return None
    if kind == "table":
        return join("\n", (_row(row, context) for row in _rows(block)))
    if kind in ("section", "header", "context"):
        texts = [block.get("text"), *_dicts(block.get("fields")), *_dicts(block.get("elements"))]
        return join("\n", (_text(each, context) for each in texts if isinstance(each, dict)))
    return RichText("\n".join(words(block)))


def _text(value: Mapping[str, Any], context: Context) -> RichText:
    body = value.get("text")
    if not isinstance(body, str):
        return RichText("\n".join(words(value)))
    return decode(body, context.names) if value.get("type") == "mrkdwn" else RichText(context.read(body))


def _rows(block: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    rows = block.get("rows")
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, list))


def _row(row: Sequence[object], context: Context) -> RichText:
    """The cells of a table's row side by side."""
    cells = (_block(cell, context) if cell.get("type") == "rich_text" else _text(cell, context) for cell in _dicts(row))
    return join(" | ", (cell or RichText("") for cell in cells))


@dataclass(frozen=True, slots=True)
class _Piece:
    """One block-level element: what it says, and whether it stands in a quote by itself or by its border."""

    body: RichText
    quoted: bool
    bordered: bool
    open_ended: bool
    """It may end with a newline that shows nothing: the next element begins a line anyway."""


def _rich(block: Mapping[str, Any], context: Context) -> RichText:
    pieces = [piece for each in _dicts(block.get("elements")) if (piece := _piece(each, context)) is not None]
    rows: list[RichText] = []
    for number, piece in enumerate(pieces, start=1):
        spare = number < len(pieces) and piece.open_ended and piece.body.text.endswith("\n")
        rows.append(piece.body.slice(0, -1) if spare else piece.body)
    joined = join("\n", rows)
    quotes = tuple(_quotes(pieces, rows))
    return RichText(joined.text, (*joined.spans, *quotes)) if quotes else joined


def _quotes(pieces: Sequence[_Piece], rows: Sequence[RichText]) -> Iterator[Span]:
    """One quote over quoted elements that follow each other, where one of each two has only a border."""
    start, position = -1, 0
    for number, (piece, row) in enumerate(zip(pieces, rows, strict=True)):
        end = position + len(row)
        if piece.quoted or piece.bordered:
            start = position if start < 0 else start
            after = pieces[number + 1] if number + 1 < len(pieces) else None
            goes_on = after is not None and (after.bordered or (piece.bordered and after.quoted))
            if not goes_on:
                yield Span(start, end, Kind.QUOTE)
                start = -1
        position = end + 1


def _piece(value: Mapping[str, Any], context: Context) -> _Piece | None:
    kind = value.get("type")
    bordered = value.get("border") in (1, 2) and kind != "rich_text_quote"
    if kind == "rich_text_list":
        return _Piece(_list(value, context), False, bordered, open_ended=False)
    if kind == "rich_text_preformatted":
        body = _inline(value, context)
        language = value.get("language")
        span = Span(0, len(body), Kind.PRE, language if isinstance(language, str) else "")
        return _Piece(RichText(body.text, (*body.spans, span)), False, bordered, open_ended=False)
    if kind == "rich_text_quote":
        return _Piece(_inline(value, context), True, False, open_ended=True)
    if kind == "rich_text_section":
        return _Piece(_inline(value, context), False, False, open_ended=True)
    body = element(value, context)
    return _Piece(body, False, False, open_ended=False) if body else None


def _inline(value: Mapping[str, Any], context: Context) -> RichText:
    return join("", (_nested(each, context) for each in _dicts(value.get("elements"))))


def _nested(value: Mapping[str, Any], context: Context, depth: int = 0) -> RichText:
    """An element, or the elements of a section that stands where an element should."""
    inside = value.get("elements")
    if isinstance(inside, list) and depth < _FULL:
        return join("", (_nested(each, context, depth + 1) for each in _dicts(inside)))
    return element(value, context)


def _list(value: Mapping[str, Any], context: Context) -> RichText:
    indent = _number(value.get("indent"), MAX_INDENT)
    ordered = value.get("style") == "ordered"
    first = _number(value.get("offset"), MAX_NUMBER - 1) + 1
    rows: list[RichText] = []
    for place, each in enumerate(_dicts(value.get("elements"))):
        number = min(first + place, MAX_NUMBER) if ordered else 0
        row = line(marker(indent, number), _nested(each, context))
        whole = Span(0, len(row), Kind.ITEM, indent=indent, number=number)
        rows.append(RichText(row.text, (*row.spans, whole)))
    return join("\n", rows)


def _number(value: object, most: int) -> int:
    return min(max(value, 0), most) if isinstance(value, int) else 0
