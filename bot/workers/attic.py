"""The attic loop: files in the blob store that belong to nobody go, after a time and never while one may be in use."""

from __future__ import annotations

from functools import partial

import structlog

from bot.domain.rules import DAY
from bot.ports.blobs import SHELVES, BlobStore
from bot.services.unit import Unit, Units
from storage import attachments
from storage.errors import RETRYABLE, StorageError

log = structlog.get_logger("attic")
EVERY = 6 * 3600.0
"""Seconds between two looks through the store."""
GRACE = DAY
"""A file younger than this may still be about to get its row."""
MOST = 10_000
"""Names remembered from one look to the next."""


class AtticWorker:
    """Removes what two looks in a row found to belong to nobody: a clock that jumps makes no file old."""

    def __init__(self, units: Units, blobs: BlobStore) -> None:
        self._units = units
        self._blobs = blobs
        self._suspected: set[str] = set()
        self._stopping = False

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping:
            try:
                await self.turn()
            except RETRYABLE as error:
                log.warning("attic.database", error=type(error).__name__)
            except (OSError, StorageError) as error:
                log.error("attic.fault", error=type(error).__name__)
            if not self._stopping:
                await self._units.engine.wait_notify("attic", EVERY)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("attic")

    async def turn(self) -> int:
        """Look through the store once; how many files were removed."""
        removed, suspected = 0, set[str]()
        for shelf in range(SHELVES):
            if self._stopping:
                return removed
            names = await self._blobs.aged(shelf, self._units.clock.now() - GRACE)
            if not names:
                continue
            for name in await self._units.look(partial(_unowned, names=names)):
                if name in self._suspected:
                    removed += await self._blobs.delete(name)
                elif len(suspected) < MOST:
                    suspected.add(name)
        self._suspected = suspected
        if removed:
            log.info("attic.removed", count=removed)
        return removed


def _unowned(unit: Unit, names: list[str]) -> list[str]:
    return attachments.unowned(unit.tx, names)
