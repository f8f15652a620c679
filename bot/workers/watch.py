"""What the running service notices about its platforms: alarms and gaps for the coordinators, the bot's own name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from bot.domain.rules import DAY, SECOND
from bot.services import draft_renewal, gaps, invites, notices
from bot.services.unit import Unit, Units
from storage import settings
from storage.errors import RETRYABLE

LOOK = 0.5
"""Seconds between looks for a name that is not known yet."""
SUBJECT = "Telegram"
PLATFORM = "telegram"
KEPT = DAY
"""How long Telegram keeps a message for us (µs); what is older is gone."""

log = structlog.get_logger("watch")


class TelegramWatch:
    """The listeners the Telegram adapter is given."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def alarm(self, alarm: str, active: bool) -> None:
        """Something keeps updates from coming, or has passed: one incident while it lasts."""

        def note(unit: Unit) -> None:
            if active:
                notices.alert(unit, alarm, SUBJECT)
            else:
                notices.resolved(unit, alarm, SUBJECT)

        await self._units.do(note)

    async def gap(self, seconds: float, since: int) -> None:
        """Telegram was out of reach so long that it has dropped presses, or messages: told once each time."""

        def note(unit: Unit) -> None:
            if gaps.first_told(unit, PLATFORM, since):
                notices.alert(unit, "telegram_gap", SUBJECT)
                notices.resolved(unit, "telegram_gap", SUBJECT)
                gaps.tell(unit, PLATFORM, since, since + round(seconds * SECOND) - KEPT)
                draft_renewal.offer_again(unit, PLATFORM)

        log.warning("watch.gap", seconds=round(seconds))
        await self._units.do(note)

    async def keep_name(self, name: Callable[[], str]) -> None:
        """Write down the bot's user name as soon as the platform has told it: invite links are made of it."""
        while True:
            known = name()
            if known:
                try:
                    await self._units.do(partial(_name, known=known))
                    return
                except RETRYABLE as error:
                    log.warning("watch.database", error=type(error).__name__)
            await asyncio.sleep(LOOK)


def _name(unit: Unit, *, known: str) -> None:
    if settings.get(unit.tx, invites.TELEGRAM_NAME) != known:
        settings.put(unit.tx, invites.TELEGRAM_NAME, known, unit.now)
