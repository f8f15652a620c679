"""A picture made of a stored scan, by a child; whatever goes wrong with it, the scan is none the worse."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.domain.filetypes import FileType
from bot.domain.ids import CaseId
from bot.ports.blobs import BlobStore, StoredBlob
from bot.services import pictures
from bot.services.unit import Units
from bot.workers.aside.run import Aside

log = structlog.get_logger("pictures")
LARGEST: Final = 4 * 1024 * 1024
SECONDS: Final = 90.0


class Pictures:
    """Makes pictures of scans, one at a time, in a child of their own: no file waits for a picture of another."""

    def __init__(self, units: Units, blobs: BlobStore) -> None:
        self._units = units
        self._blobs = blobs
        self._aside = Aside()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, case: CaseId, kind: FileType, scan: StoredBlob) -> None:
        """A picture of a scan into its case, if it is one and not too large; it is there when it is ready."""
        if not pictures.wanted(kind, scan.size):
            return
        task = asyncio.create_task(self._make(case, kind, scan))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def resume(self) -> None:
        """Draw what an earlier run was about to."""
        for scan in await self._units.look(pictures.missing):
            self.begin(*scan)

    async def close(self) -> None:
        """Draw nothing more; what is not ready is drawn after the next start."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _make(self, case: CaseId, kind: FileType, scan: StoredBlob) -> None:
        try:
            chunks = self._blobs.open(case, scan.name)
            async with self._aside.run("model", chunks, kind.ext, seconds=SECONDS) as answer:
                if "problem" in answer.said:
                    log.info("pictures.none", size=scan.size)
                    return
                picture = await self._blobs.put(case, answer.rest, limit=LARGEST)
            if not await self._units.do(lambda unit: pictures.add(unit, case, scan, picture)):
                await self._blobs.delete(picture.name)
        except Exception as error:  # noqa: BLE001 - no picture is no harm, and nothing of the scan's way may depend on it
            log.warning("pictures.failed", size=scan.size, error=type(error).__name__)
