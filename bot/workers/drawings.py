"""Draws timelines and charts that were asked for, one at a time in a child: nothing of it touches the loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Protocol

import structlog

from bot.ports.blobs import BlobStore, StoredBlob
from bot.services import drawings, report_posts
from bot.services.drawings import Drawing
from bot.services.unit import Unit, Units
from bot.workers.aside.run import Aside
from storage.errors import RETRYABLE

log = structlog.get_logger("drawings")
POLL: Final = 5.0
"""Seconds between looks when nobody asks."""
LARGEST: Final = 4 * 1024 * 1024
SECONDS: Final = 60.0


class Kind(Protocol):
    """What one kind of picture needs: which is next, and what becomes of it."""

    def take(self, unit: Unit) -> Drawing | None:
        """The next to be drawn."""

    def drawn(self, unit: Unit, drawing: Drawing, picture: StoredBlob) -> bool:
        """It is in the store: post it. False if nobody needs it any more."""

    def failed(self, unit: Unit, drawing: Drawing) -> None:
        """Once more in a moment, or at last the words alone."""


KINDS: Final[tuple[Kind, ...]] = (drawings, report_posts)


class DrawingWorker:
    """One loop, with an `Aside` of its own: a scan that takes a minute holds up no timeline."""

    def __init__(self, units: Units, blobs: BlobStore) -> None:
        self._units = units
        self._blobs = blobs
        self._aside = Aside()
        self._stopping = False

    async def run(self) -> None:
        """Draw until `stop`."""
        begun = False
        while not self._stopping:
            try:
                if not begun:
                    await self._units.do(drawings.begin)
                    begun = True
                if sum([await self._next(kind) for kind in KINDS]):
                    continue
            except RETRYABLE as error:
                log.warning("drawings.database", error=type(error).__name__)
            if not self._stopping:
                await self._units.engine.wait_notify("drawings", POLL)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("drawings")

    async def _next(self, kind: Kind) -> bool:
        drawing = None if self._stopping else await self._units.do(kind.take)
        if drawing is not None:
            await self._draw(kind, drawing)
        return drawing is not None

    async def _draw(self, kind: Kind, drawing: Drawing) -> None:
        try:
            async with self._aside.run(drawing.job, _once(drawing.plan), seconds=SECONDS) as answer:
                if "problem" in answer.said:
                    raise ValueError("not drawn")
                picture = await self._blobs.put(drawing.case, answer.rest, limit=LARGEST)
            if not await self._units.do(lambda unit: kind.drawn(unit, drawing, picture)):
                await self._blobs.delete(picture.name)
        except RETRYABLE:
            raise
        except Exception as error:  # noqa: BLE001 - without a picture the dates go as words
            log.warning("drawings.failed", error=type(error).__name__, attempts=drawing.attempts)
            await self._units.do(lambda unit: kind.failed(unit, drawing))


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
