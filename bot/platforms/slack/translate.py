"""Slack's JSON as neutral events: pure, and it never raises on odd but valid JSON."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.events import InboundEvent
from bot.platforms.slack.events import translate_event
from bot.platforms.slack.ids import Identity, team_of
from bot.platforms.slack.interactions import translate_interaction
from bot.platforms.slack.jsontext import loads
from bot.platforms.slack.updates import EVENT, LIVE, kind_of


class SlackTranslator:
    """`bot.ports.inbound.Translator` for Slack. `identity` adds what `auth.test` told, where the payload does not."""

    def __init__(self, identity: Callable[[str], Identity | None] = lambda team: None) -> None:
        self._identity = identity

    def translate(self, body: bytes, *, live: bool) -> InboundEvent | None:
        """The event in neutral shape; None for our own doings and for what does not concern us."""
        try:
            payload = loads(body)
        except ValueError:
            return None
        if not isinstance(payload, dict):
            return None
        kind = kind_of(payload)
        if kind == EVENT:
            return translate_event(payload, self._identity(team_of(payload)))
        if kind in LIVE:
            return translate_interaction(payload, live=live)
        return None
