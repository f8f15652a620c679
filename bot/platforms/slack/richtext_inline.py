"""The elements inside a section, quote, list item or code block."""

from __future__ import annotations

import re
import unicodedata
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


def inline(rich: RichText, start: int, end: int, tail: str = "") -> list[Element]:
    """The elements for code points [start, end), and plain `tail` after them. No element is empty."""
    elements: list[Element] = []
    piece = rich.slice(start, end) if start < end else RichText("")
    spans = [span for span in piece.spans if span.kind not in BLOCKS]
    drawn = 0
    for left, right, active in runs(len(piece.text), spans):
        if left < drawn:
            continue
        style = {_STYLES[span.kind]: True for span in active if span.kind in _STYLES}
        link = next((span for span in active if span.kind is Kind.LINK), None)
        atom = next((span for span in active if span.kind in ATOMS), None)
        words = piece.text[left:right]
        element = _atom(atom, piece.text[atom.start : atom.end], link) if atom else None
        if element is not None and atom is not None:
            drawn = atom.end
        elif link is not None:
            element = {"type": "link", "url": link.value, "text": words}
        else:
            element = {"type": "text", "text": words}
        if style:
            element["style"] = style
        elements.append(element)
    if tail:
        if elements and elements[-1]["type"] == "text" and "style" not in elements[-1]:
            elements[-1]["text"] += tail
        else:
            elements.append({"type": "text", "text": tail})
    return elements


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
