"""Slack's escaped text, for messages that carry no blocks, and for the one line that stands on a lock screen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.richtext import RichText, join
from bot.domain.richtext_dates import render
from bot.domain.richtext_names import clean_name
from bot.domain.richtext_spans import Kind, Span

_CONTROL = re.compile(r"<([^<>\n]{1,4000})>")
_DATE = re.compile(r"!date\^(-?\d{1,12})\^([^^|]+)(?:\^([^|]+))?(?:\|(.*))?", re.DOTALL)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}:[^\s|]+")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_BROADCASTS = frozenset({"here", "channel", "everyone"})


def escape(text: str) -> str:
    """For a top-level `text`: nothing in it is read as a mention, a link or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The characters that Slack's three escapes stand for."""
    return _ENTITY.sub(lambda match: _CHARACTERS[match[1]], text)


def decode(text: str, names: Mapping[str, str] | None = None) -> RichText:
    """The words of an escaped text with its mentions, channels, dates and links; `names` maps ids to names.

    Marks such as `*` stay as they are: they may have been meant so.
    """
    parts: list[RichText | str] = []
    position = 0
    for match in _CONTROL.finditer(text):
        found = _control(match[1], names or {})
        if found is None:
            continue
        parts += [unescape(text[position : match.start()]), found]
        position = match.end()
    return join("", [*parts, unescape(text[position:])])


def _control(body: str, names: Mapping[str, str]) -> RichText | None:
    target, _, label = body.partition("|")
    label = unescape(label)
    sign, name = target[:1], target[1:]
    if sign == "@" and name:
        return _named(Kind.MENTION, name, "@", label, names)
    if sign == "#" and name:
        return _named(Kind.CHANNEL, name, "#", label, names)
    if target.startswith("!subteam^"):
        return _named(Kind.GROUP, target.removeprefix("!subteam^"), "@", label, names)
    if sign == "!" and name in _BROADCASTS:
        return _marked(f"@{name}", Kind.BROADCAST, name)
    if match := _DATE.fullmatch(body):
        seconds, form, url, fallback = match.groups()
        words = unescape(fallback or "") or render(int(seconds), form)
        spans = [Span(0, len(words), Kind.DATE, seconds, unescape(form))]
        if url:
            spans.append(Span(0, len(words), Kind.LINK, unescape(url)))
        return RichText(words, tuple(spans))
    if sign == "!" and label:
        return RichText(label)
    address = unescape(target)
    if _ADDRESS.fullmatch(address):
        return _marked(label or address.removeprefix("mailto:"), Kind.LINK, address)
    return None


def named(kind: Kind, ident: str, sign: str, name: str) -> RichText:
    """An id under a name fit to be shown, or under itself."""
    shown = clean_name(name.removeprefix(sign)) or ident
    return _marked(f"{sign}{shown}", kind, f"slack:{ident}")


def _named(kind: Kind, ident: str, sign: str, label: str, names: Mapping[str, str]) -> RichText:
    return named(kind, ident, sign, label or names.get(ident, ""))


def _marked(text: str, kind: Kind, value: str) -> RichText:
    return RichText(text, (Span(0, len(text), kind, value),))
