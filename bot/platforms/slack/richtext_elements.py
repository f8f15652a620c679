"""The inline elements of Slack's rich text, each as words with a span that says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.richtext import EMPTY, RichText
from bot.domain.richtext_dates import render
from bot.domain.richtext_spans import Kind, Span
from bot.platforms.slack.richtext_mrkdwn import named, unescape

_STYLES = {
    "bold": Kind.BOLD,
    "italic": Kind.ITALIC,
    "strike": Kind.STRIKE,
    "underline": Kind.UNDERLINE,
    "code": Kind.CODE,
}
_NAMED = {
    "user": (Kind.MENTION, "user_id", "@"),
    "channel": (Kind.CHANNEL, "channel_id", "#"),
    "usergroup": (Kind.GROUP, "usergroup_id", "@"),
    "team": (Kind.TEAM, "team_id", "@"),
}
_WORDS = ("text", "fallback", "title", "alt_text", "label", "name", "value")
"""Where an unknown element may keep its words."""
_TONES = {tone: chr(0x1F3FB + tone - 2) for tone in range(2, 7)}


@dataclass(frozen=True, slots=True)
class Context:
    """`names` by id, and whether the words are escaped."""

    names: Mapping[str, str]
    escaped: bool = False

    def read(self, text: str) -> str:
        """The words as they were typed."""
        return unescape(text) if self.escaped else text


def element(value: Mapping[str, Any], context: Context) -> RichText:
    """The element with its style."""
    body = _body(value, context)
    style = value.get("style")
    if not body or not isinstance(style, dict):
        return body
    styles = [Span(0, len(body), kind) for name, kind in _STYLES.items() if style.get(name) is True]
    return RichText(body.text, (*body.spans, *styles)) if styles else body


def _body(value: Mapping[str, Any], context: Context) -> RichText:
    kind = value.get("type")
    if kind == "text":
        text = value.get("text")
        return RichText(context.read(text)) if isinstance(text, str) else _unknown(value)
    if isinstance(kind, str) and kind in _NAMED:
        mark, field, sign = _NAMED[kind]
        ident = value.get(field)
        if isinstance(ident, str) and ident:
            return named(mark, ident, sign, context.names.get(ident, ""))
    if kind == "broadcast" and isinstance(value.get("range"), str):
        return _marked(f"@{value['range']}", Kind.BROADCAST, value["range"])
    if kind == "emoji" and isinstance(value.get("name"), str):
        return _emoji(value)
    if kind == "date":
        return _date(value, context)
    if kind == "color" and isinstance(value.get("value"), str):
        return _marked(value["value"], Kind.COLOUR, value["value"])
    return _link(value, context) or _unknown(value)


def _link(value: Mapping[str, Any], context: Context) -> RichText:
    """A link, or anything else that has an address."""
    url, text = value.get("url"), value.get("text")
    if not isinstance(url, str) or not url:
        return EMPTY
    label = context.read(text) if isinstance(text, str) and text else url.removeprefix("mailto:")
    return _marked(label, Kind.LINK, url)


def _emoji(value: Mapping[str, Any]) -> RichText:
    name = value["name"]
    picture = _picture(value.get("unicode"))
    tone = value.get("skin_tone")
    toned = any(char in picture for char in _TONES.values())
    if picture and isinstance(tone, int) and tone in _TONES and not toned:
        picture, toned = picture + _TONES[tone], True
    if toned:
        return RichText(picture)
    return _marked(picture or f":{name}:", Kind.EMOJI, f"slack:{name}")


def _picture(value: object) -> str:
    """The characters of "1f44d" or "2764-fe0f", or nothing."""
    if not isinstance(value, str) or not value:
        return ""
    try:
        codes = [int(code, 16) for code in value.split("-")]
        picture = "".join(map(chr, codes))
    except (ValueError, OverflowError):
        return ""
    return picture if picture.isprintable() or "\u200d" in picture or "\ufe0f" in picture else ""


def _date(value: Mapping[str, Any], context: Context) -> RichText:
    moment, form, fallback = value.get("timestamp"), value.get("format"), value.get("fallback")
    try:
        seconds = int(moment) if isinstance(moment, int | float | str) else None
    except (ValueError, OverflowError):
        seconds = None
    if seconds is None or not isinstance(form, str):
        return _unknown(value)
    text = context.read(fallback) if isinstance(fallback, str) and fallback else render(seconds, form)
    spans = [Span(0, len(text), Kind.DATE, str(seconds), form)]
    if isinstance(value.get("url"), str):
        spans.append(Span(0, len(text), Kind.LINK, value["url"]))
    return RichText(text, tuple(spans))


def _unknown(value: Mapping[str, Any]) -> RichText:
    return RichText(" ".join(words(value)))


def words(value: object) -> Iterator[str]:
    """All that an element of an unknown kind says, in order, without recursion: depth comes from the wire.

    It is JSON, so that objects are dicts, and lists are lists.
    """
    pending: list[object] = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            found = [each[name] for name in _WORDS if name in each]
            yield from (text for text in found if isinstance(text, str) and text)
            pending.extend(reversed([part for part in each.values() if isinstance(part, dict | list)]))
        elif isinstance(each, list):
            pending.extend(reversed(each))


def _marked(text: str, kind: Kind, value: str) -> RichText:
    return RichText(text, (Span(0, len(text), kind, value),))
