"""The lookup loop: what a specialist asks the library for is searched off the loop, beside drafts that take long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog

from bot.domain.rules import MINUTE
from bot.ports.drafter import Drafter
from bot.services import draft_looks, draft_lookup
from bot.services.unit import Unit, Units
from bot.workers.drafts import suggested
from storage import faq_requests as rows
from storage.errors import RETRYABLE

log = structlog.get_logger("lookups")
Row = dict[str, Any]
LEASE = MINUTE
MOST_AT_ONCE = 8
LONGEST = 2.0
"""Seconds between looks when nobody asks."""


class LookupWorker:
    """Answers `/faq WORDS`. `refresh` lets the drafter know what was changed in the library since."""

    def __init__(self, units: Units, drafter: Drafter, refresh: Callable[[], Awaitable[None]]) -> None:
        self._units = units
        self._drafter = drafter
        self._refresh = refresh
        self._stopping = False

    async def run(self) -> None:
        """Look up until `stop`."""
        while not self._stopping:
            try:
                if await self.look_up():
                    continue
            except RETRYABLE as error:
                log.warning("lookups.database", error=type(error).__name__)
            if not self._stopping:
                await self._units.engine.wait_notify("lookups", LONGEST)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("lookups")

    async def look_up(self) -> int:
        """Answer what waits, in order; how many there were."""
        taken = await self._units.do(partial(_take, limit=MOST_AT_ONCE))
        if taken:
            await self._refresh()
        for row in taken:
            await self._try(row)
        return len(taken)

    async def _try(self, row: Row) -> None:
        try:
            words = await self._units.look(lambda unit: draft_lookup.words_of(unit, row))
            found = await asyncio.to_thread(self._drafter.find, words)
            called = await self._calls(row)
            await self._units.do(lambda unit: draft_lookup.settle(unit, row, words, found, called=called))
        except RETRYABLE:
            raise
        except Exception as error:  # noqa: BLE001 - one request's fault must not stop the others
            log.error("lookups.fault", request=row["id"], error=type(error).__name__)
            if int(row["attempts"]) >= self._units.rules.poison_attempts:
                await self._units.do(lambda unit: draft_lookup.give_up(unit, row))

    async def _calls(self, row: Row) -> bool:
        """Whether a person is needed by what the dentist has just said and nobody has looked at yet."""
        asked = await self._units.look(lambda unit: draft_looks.not_looked_at(unit, row["case_id"]))
        if asked is None:
            return False
        return asked.calls(await suggested(asked, lambda words: asyncio.to_thread(self._drafter.suggest, words)))


def _take(unit: Unit, *, limit: int) -> list[Row]:
    return rows.due(unit.tx, unit.now, unit.now + LEASE, limit)
