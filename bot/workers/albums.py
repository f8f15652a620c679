"""The album loop: what has been whole for a short pause is handled as one message, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.domain.events import InboundEvent
from bot.domain.outbound import Reply
from bot.domain.rules import SECOND
from bot.services import albums
from bot.services.unit import Unit, Units
from storage import albums as rows
from storage.errors import RETRYABLE

log = structlog.get_logger("albums")
Handle = Callable[[Unit, InboundEvent], Reply | None]
BATCH = 50
POLL = 5.0
"""Seconds between looks when nothing is gathered."""


class AlbumWorker:
    """Hands albums over. `handle` is the same that the inbox calls; both may meet one album, and one of them has it."""

    def __init__(self, units: Units, handle: Handle) -> None:
        self._units = units
        self._handle = handle
        self._stopping = False

    async def run(self) -> None:
        """Hand over until `stop`. What an earlier run left gets its pause anew: the rest of it may be on its way."""
        begun = False
        while not self._stopping:
            wait = 1.0
            try:
                if not begun:
                    await self._units.do(albums.give_time)
                    begun = True
                wait = await self.turn()
            except RETRYABLE as error:
                log.warning("albums.database", error=type(error).__name__)
            if wait > 0 and not self._stopping:
                await self._units.engine.wait_notify("albums", wait)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("albums")

    async def turn(self) -> float:
        """Hand over what is due; seconds until there may be more."""
        pause, most = self._units.rules.album_pause, self._units.rules.poison_attempts
        due = await self._units.look(lambda unit: rows.due(unit.tx, unit.now, pause, most, BATCH))
        for album in due:
            await self._one(album)
        if len(due) == BATCH:
            return 0.0
        at = await self._units.look(lambda unit: rows.next_due(unit.tx, most))
        return POLL if at is None else min(POLL, max(0.02, (at - self._units.clock.now()) / SECOND))

    async def _one(self, album: int) -> None:
        def hand_over(unit: Unit) -> None:
            event = albums.take(unit, album)
            if event is not None:
                self._handle(unit, event)

        try:
            await self._units.do(hand_over)
        except RETRYABLE:
            raise
        except Exception as error:  # noqa: BLE001 - one album's fault must not stop the others
            log.error("albums.fault", album=album, error=type(error).__name__)
            await self._units.do(lambda unit: albums.failed(unit, album))
