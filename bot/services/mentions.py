"""Who is called in a message: platforms send an id where people read a name."""

from __future__ import annotations

from bot.domain.addresses import Place
from bot.domain.richtext import RichText
from bot.domain.richtext_names import clean_name
from bot.domain.richtext_spans import Kind, Span
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts

_NAMELESS = {Kind.MENTION: "somebody", Kind.GROUP: "group", Kind.CHANNEL: "channel", Kind.TEAM: "team"}


def named(unit: Unit, place: Place, body: RichText) -> RichText:
    """The text with the roster's name for everybody it calls by a bare id; words in place of any other bare id."""
    if not body.spans:
        return body
    for span in reversed([span for span in body.spans if span.kind in _NAMELESS]):
        ident = span.value.rpartition(":")[2]
        if ident and body.text[span.start + 1 : span.end] == ident:
            body = body.reworded(span, body.text[span.start] + _name(unit, place, span, ident))
    return body


def _name(unit: Unit, place: Place, span: Span, ident: str) -> str:
    found = accounts.find(unit.tx, place.platform, place.workspace, ident) if span.kind is Kind.MENTION else None
    return clean_name(found["name"]) if found is not None else say(f"relay.nameless.{_NAMELESS[span.kind]}")
