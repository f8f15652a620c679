"""The one rich text: plain words plus typed ranges over them. No markup is ever built from anybody's words.

`RichText` is immutable and always in normal form (`richtext_spans.normalise`). Its text is carried as it was
written; only lone surrogates, which no platform and no store can hold, become U+FFFD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson

from bot.domain.richtext_names import clean_name
from bot.domain.richtext_spans import Kind, Span, account_text, marker, normalise, shift
from bot.domain.richtext_split import Measure, cuts, measure_of, runs

__all__ = [
    "EMPTY",
    "Kind",
    "Measure",
    "RichText",
    "Span",
    "account_text",
    "bold",
    "clean_name",
    "code",
    "date",
    "italic",
    "item",
    "join",
    "line",
    "lines",
    "link",
    "marker",
    "mention",
    "plain",
    "pre",
    "quote",
    "runs",
    "styled",
]

_VERSION = 1
_KINDS = {kind.value: kind for kind in Kind}
_BLANK = re.compile(
    r"[\s\x00-\x1f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2800\ufeff\ufffc\U000e0000-\U000e007f]*"
)


@dataclass(frozen=True, slots=True)
class RichText:
    """`spans` may be given in any state and are normalised; they never change the text."""

    text: str
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not self.text.isascii():
            object.__setattr__(self, "text", _encodable(self.text))
        if self.spans:
            object.__setattr__(self, "spans", normalise(self.text, self.spans))

    def __add__(self, other: RichText | str) -> RichText:
        tail = other if isinstance(other, RichText) else RichText(other)
        return RichText(self.text + tail.text, (*self.spans, *shift(tail.spans, len(self.text))))

    def __len__(self) -> int:
        """Code points."""
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def blank(self) -> bool:
        """There is nothing to see: platforms refuse to send it."""
        return _BLANK.fullmatch(self.text) is not None

    @property
    def last_block(self) -> int:
        """Where a block of fixed-width text begins with which it ends; 0 if it ends with none, or is nothing else."""
        ends = len(self.text)
        return next((span.start for span in self.spans if span.kind is Kind.PRE and span.end == ends), 0)

    def slice(self, start: int, end: int | None = None) -> RichText:
        """Code points [start, end) and their spans; an atom or item that is cut becomes plain text."""
        start, stop, _ = slice(start, end).indices(len(self.text))
        stop = max(start, stop)
        if stop - start == len(self.text):
            return self
        inside = (span for span in self.spans if span.start < stop and span.end > start)
        return RichText(self.text[start:stop], tuple(shift(inside, -start)))

    def reworded(self, span: Span, words: str) -> RichText:
        """The text with other words under one span of it, which keeps them, as does whatever lies over it."""
        text, by = RichText(words).text, len(RichText(words)) - (span.end - span.start)
        moved = (
            replace(
                one,
                start=one.start + by if one.start >= span.end else one.start,
                end=one.end + by if one.end >= span.end else one.end,
            )
            for one in self.spans
        )
        return RichText(self.text[: span.start] + text + self.text[span.end :], tuple(moved))

    def measure(self, measure: Measure = "utf16") -> int:
        """What the text costs on a platform that counts so; without spans."""
        return measure_of(self.text, measure)

    def split(self, limit: int, measure: Measure = "utf16", pieces: int = 0) -> tuple[RichText, ...]:
        """Parts of at most `limit`, and at most `pieces` pieces of formatting each (0: any number).

        No character is lost: the parts' texts joined are the text. They are cut between paragraphs, lines,
        sentences or words; never within a visible character, nor within a number with its sign and unit, a tooth
        or an atom unless that alone is longer than a part. Empty text has no parts.
        Raises ValueError if `limit` holds no character.
        """
        parts: list[RichText] = []
        start = 0
        for end in cuts(self.text, self.spans, limit, measure, pieces):
            parts.append(self if end - start == len(self.text) else self.slice(start, end))
            start = end
        return tuple(parts)

    def first_line(self, limit: int = 120) -> RichText:
        """The first line that says something, trimmed; cut at a word with "…" if over `limit` characters."""
        position = 0
        for row in self.text.split("\n"):
            if row.strip():
                start = position + len(row) - len(row.lstrip())
                found = self.slice(start, start + len(row.strip()))
                if len(found) <= limit:
                    return found
                head = next(iter(found.split(max(limit - 1, 1), "chars")))
                return head.slice(0, len(head.text.rstrip())) + "…"
            position += len(row) + 1
        return EMPTY

    def to_json(self) -> str:
        """Compact JSON for sealed columns; `from_json` gives the same value back."""
        rows = [_row(span) for span in self.spans]
        body = {"v": _VERSION, "t": self.text, **({"s": rows} if rows else {})}
        return orjson.dumps(body).decode()

    @classmethod
    def from_json(cls, data: str | bytes) -> RichText:
        """What `to_json` wrote, without kinds this version does not know. Raises ValueError on anything else."""
        body = json.loads(data)
        if not isinstance(body, dict) or body.get("v") != _VERSION or not isinstance(body.get("t"), str):
            raise ValueError("not a rich text of a known version")
        rows = body.get("s", [])
        if not isinstance(rows, list):
            raise ValueError("a rich text's spans are a list")  # noqa: TRY004 - one error for bad data
        return cls(body["t"], tuple(span for row in rows if (span := _span(row)) is not None))


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _row(span: Span) -> list[str | int]:
    where: list[str | int] = [span.kind.value, span.start, span.end]
    row = [*where, span.value, span.form, span.indent, span.number]
    while len(row) > 3 and not row[-1]:
        row.pop()
    return row


def _span(row: object) -> Span | None:
    shape = (str, int, int, str, str, int, int)
    if not isinstance(row, list) or not 3 <= len(row) <= len(shape):
        raise ValueError("a span is a list of 3 to 7 values")
    if any(type(value) is not kind for value, kind in zip(row, shape, strict=False)):
        raise ValueError("a span's value is of another type")
    name, start, end, *rest = row
    return Span(start, end, _KINDS[name], *rest) if name in _KINDS else None


EMPTY = RichText("")


def plain(text: str) -> RichText:
    """Words without any formatting."""
    return RichText(text)


def line(*parts: RichText | str) -> RichText:
    """The parts one after another, nothing between them."""
    return join("", parts)


def lines(*rows: RichText | str) -> RichText:
    """The rows below each other."""
    return join("\n", rows)


def join(separator: str, parts: Iterable[RichText | str]) -> RichText:
    """The parts with the separator between them, normalised once."""
    parts = list(parts)
    if len(parts) == 1 and isinstance(parts[0], RichText):
        return parts[0]
    texts: list[str] = []
    spans: list[Span] = []
    position = 0
    for number, part in enumerate(parts):
        rich = part if isinstance(part, RichText) else RichText(part)
        if number and separator:
            texts.append(separator)
            position += len(separator)
        texts.append(rich.text)
        spans.extend(shift(rich.spans, position))
        position += len(rich.text)
    return RichText("".join(texts), tuple(spans))


def styled(body: RichText | str, *kinds: Kind) -> RichText:
    """The body with these kinds over all of it."""
    rich = body if isinstance(body, RichText) else RichText(body)
    return RichText(rich.text, (*rich.spans, *(Span(0, len(rich.text), kind) for kind in kinds)))


def bold(body: RichText | str) -> RichText:
    """In bold."""
    return styled(body, Kind.BOLD)


def italic(body: RichText | str) -> RichText:
    """In italics."""
    return styled(body, Kind.ITALIC)


def code(text: str) -> RichText:
    """Fixed width, inside a line."""
    return styled(text, Kind.CODE)


def quote(body: RichText | str, *, folded: bool = False) -> RichText:
    """As a quotation; `folded` shows its first lines only where the platform can."""
    return styled(body, Kind.EXPANDABLE if folded else Kind.QUOTE)


def pre(text: str, language: str = "") -> RichText:
    """A block of fixed-width text."""
    return RichText(text, (Span(0, len(text), Kind.PRE, language),))


def link(label: str, url: str) -> RichText:
    """The label, leading to the address."""
    return RichText(label, (Span(0, len(label), Kind.LINK, url),))


def item(body: RichText | str, number: int = 0, indent: int = 0) -> RichText:
    """A list item with its marker, to be put on a line of its own; `number` 0 is a bullet."""
    rich = line(marker(indent, number), body)
    whole = Span(0, len(rich.text), Kind.ITEM, indent=indent, number=number)
    return RichText(rich.text, (*rich.spans, whole))


def mention(account: str, label: str) -> RichText:
    """A person by their account (`account_text`); live only where a gateway is told to make it so."""
    return RichText(label, (Span(0, len(label), Kind.MENTION, account),))


def date(seconds: int, form: str, fallback: str) -> RichText:
    """A moment (Unix seconds) shown in the reader's own time zone by `form`, else as the fallback."""
    return RichText(fallback, (Span(0, len(fallback), Kind.DATE, str(seconds), form),))
