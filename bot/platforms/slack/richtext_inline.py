"""The elements inside a section, quote, list item or code block."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from typing import Any

from bot.domain.richtext import RichText, runs
from bot.domain.richtext_dates import TOKENS, tokens
from bot.domain.richtext_spans import ATOMS, BLOCKS, Kind, Span

Element = dict[str, Any]

_STYLES = {
    Kind.BOLD: "bold",
    Kind.ITALIC: "italic",
    Kind.STRIKE: "strike",
    Kind.UNDERLINE: "underline",
    Kind.CODE: "code",
}
_EMOJI_NAME = re.compile(r"[\w+'-]{1,100}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3}(?:[0-9A-Fa-f]{3})?")
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_PICTURE_CATEGORIES = frozenset({"So", "Sk", "Sm", "Mn", "Me", "Cf", "Po"})


class Inline:
    """The inline formatting of one text, stretch by stretch."""

    def __init__(self, rich: RichText) -> None:
        self._text = rich.text
        self._runs = list(runs(len(rich.text), [span for span in rich.spans if span.kind not in BLOCKS]))
        self._starts = [start for start, _, _ in self._runs]

    def elements(self, start: int, end: int, tail: str = "") -> list[Element]:
        """The elements for code points [start, end), and plain `tail` after them. No element is empty."""
        made: list[Element] = []
        drawn = start
        first, last = max(bisect_right(self._starts, start) - 1, 0), bisect_left(self._starts, end)
        for at in range(first, last):
            left, right, active = self._runs[at]
            left, right = max(left, drawn), min(right, end)
            if left >= right:
                continue
            style = {_STYLES[span.kind]: True for span in active if span.kind in _STYLES}
            link = next((span for span in active if span.kind is Kind.LINK), None)
            atom = next((span for span in active if span.kind in ATOMS), None)
            element = _atom(atom, self._text[atom.start : atom.end], link) if atom else None
            if element is not None and atom is not None:
                drawn = atom.end
            elif link is not None:
                element = {"type": "link", "url": link.value, "text": self._text[left:right]}
            else:
                element = {"type": "text", "text": self._text[left:right]}
            if style:
                element["style"] = style
            made.append(element)
        if tail:
            if made and made[-1]["type"] == "text" and "style" not in made[-1]:
                made[-1]["text"] += tail
            else:
                made.append({"type": "text", "text": tail})
        return made


def _atom(span: Span, text: str, link: Span | None) -> Element | None:
    """The typed element that shows what the text says, or None where words are the safer way."""
    if span.kind is Kind.MENTION:
        user = span.value.rpartition("/")[2]
        return {"type": "user", "user_id": user} if _USER.fullmatch(user) else None
    if span.kind is Kind.EMOJI:
        return _emoji(span.value.partition(":")[2], text)
    if span.kind is Kind.COLOUR:
        shown = span.value == text and _COLOUR.fullmatch(text)
        return {"type": "color", "value": text} if shown else None
    if span.kind is Kind.DATE:
        return _date(span, text, link)
    return None


def _emoji(name: str, text: str) -> Element | None:
    if not _EMOJI_NAME.fullmatch(name):
        return None
    if text == f":{name}:":
        return {"type": "emoji", "name": name}
    if not _is_picture(text):
        return None
    return {"type": "emoji", "name": name, "unicode": "-".join(f"{ord(char):x}" for char in text)}


def _is_picture(text: str) -> bool:
    """Only characters an emoji is made of, so that no word or figure hides behind its name."""
    keycap = len(text) <= 3 and text.endswith("\u20e3") and text[0] in "0123456789#*"
    rest = text[1:] if keycap else text
    return bool(rest) and all(unicodedata.category(char) in _PICTURE_CATEGORIES for char in rest)


def _date(span: Span, text: str, link: Span | None) -> Element | None:
    try:
        seconds = int(span.value)
    except ValueError:
        return None
    if not TOKENS.issuperset(tokens(span.form)):
        return None
    form = span.form
    if "{weekday}" in form:
        days = re.compile(r"\{weekday\}(?:,? \{date\w*\})?")
        form = days.sub("{date_long}", form)
    element: Element = {"type": "date", "timestamp": seconds, "format": form, "fallback": text}
    if link is not None:
        element["url"] = link.value
    return element
