"""A message without what points at a person: each finding replaced by neutral words, everything else as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.domain import identifiers
from bot.domain.identifier_names import in_file_name
from bot.domain.identifier_types import NOTHING, Finding, Kind, Known, folded
from bot.domain.richtext import RichText, join
from bot.domain.richtext_spans import PINGS, Span
from bot.domain.richtext_spans import Kind as SpanKind


def find_in(body: RichText, today: date, known: Known = NOTHING) -> tuple[Finding, ...]:
    """The findings in a message's words; a mention names somebody on purpose and is none."""
    pings = [span for span in body.spans if span.kind in PINGS]
    found = identifiers.find(body.text, today, known)
    return tuple(one for one in found if not any(one.start < span.end and span.start < one.end for span in pings))


def redact(body: RichText, found: Iterable[Finding], words: Mapping[Kind, str]) -> RichText:
    """The body with each finding replaced by its kind's words. Formatting stays; links that give one away go.

    `found` is in order and does not overlap, as `find_in` gives it.
    """
    every = list(found)
    texts = [folded(one.kind, body.text[one.start : one.end]) for one in every]
    safe = RichText(body.text, tuple(span for span in body.spans if not _tells(span, every, texts)))
    parts: list[RichText | str] = []
    position = 0
    for one in every:
        parts.extend((safe.slice(position, one.start), words[one.kind]))
        position = one.end
    return join("", [*parts, safe.slice(position)])


def redact_file_name(name: str, word: str) -> str:
    """A file's name without names of people; its type stays."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    for one in reversed(list(in_file_name(stem))):
        stem = stem[: one.start] + word + stem[one.end :]
    return stem + dot + ending


def _tells(span: Span, found: list[Finding], texts: list[str]) -> bool:
    """A link under a finding ("tel:", "mailto:"), or one whose address holds it."""
    if span.kind is not SpanKind.LINK:
        return False
    if any(one.start < span.end and span.start < one.end for one in found):
        return True
    return any(
        text and text in folded(one.kind, span.value) for one, text in zip(found, texts, strict=True) if len(text) > 3
    )
