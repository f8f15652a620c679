"""Files that come over a link, piece by piece into the sealed store; what is not brought to its end leaves nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Final

import structlog

from bot.domain.errors import ChairsideError
from bot.domain.filetypes import FileType
from bot.domain.ids import CaseId
from bot.ports.blobs import BlobStore, StoredBlob
from bot.services.identity import Field
from bot.workers.incoming import Incoming
from bot.workers.take_in import SLICE, take_in

log = structlog.get_logger("uploads")
AT_ONCE: Final = 4
IDLE: Final = 15 * 60.0
"""Seconds that an upload is waited for after its last piece."""
MOST_PIECE: Final = 2 * 1024 * 1024


class Busy(ChairsideError):
    """As many files are being brought as there is room for."""


class Altered(ChairsideError):
    """What arrived is not what was sent."""


class _Abandoned(ChairsideError):
    """The rest will not come."""


class Upload:
    """One file on its way in. `at` bytes of it are here; `kept` ends with it stored, or raises why it may not pass."""

    def __init__(self, blobs: BlobStore, case: CaseId, name: str, size: int, limit: int) -> None:
        self.name, self.size, self.at = name, size, 0
        self.lock = asyncio.Lock()
        self.looked: tuple[FileType, StoredBlob, tuple[Field, ...]] | None = None
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._sha256 = hashlib.sha256()
        self._whole = False
        self.kept: asyncio.Task[tuple[FileType, StoredBlob]] = asyncio.create_task(self._keep(blobs, case, limit))
        self.kept.add_done_callback(_look_at)

    async def feed(self, piece: bytes) -> None:
        """The next bytes; returns once they are taken, so that only one piece is ever in memory."""
        await asyncio.to_thread(self._sha256.update, piece)
        self.at += len(piece)
        self._pieces.put_nowait(piece)
        taken = asyncio.create_task(self._pieces.join())
        try:
            await asyncio.wait((taken, self.kept), return_when=asyncio.FIRST_COMPLETED)
        finally:
            taken.cancel()
        if self.kept.done():
            await self.kept

    async def finish(self, sha256: str) -> tuple[FileType, StoredBlob]:
        """The file is whole: wait until it is kept. Raises Altered if it is not the one that was sent."""
        if self.at != self.size or self._sha256.hexdigest() != sha256:
            await self.abandon()
            raise Altered("not what was sent")
        self._whole = True
        self._pieces.put_nowait(None)
        return await asyncio.shield(self.kept)

    async def abandon(self) -> None:
        """Keep nothing of it."""
        self.kept.cancel()
        await asyncio.wait((self.kept,))

    async def _keep(self, blobs: BlobStore, case: CaseId, limit: int) -> tuple[FileType, StoredBlob]:
        incoming = Incoming(self._chunks())
        try:
            return await take_in(blobs, case, incoming, name=self.name, size=self.size, limit=limit, exact=True)
        finally:
            await incoming.close()

    async def _chunks(self) -> AsyncIterator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            for at in range(0, len(piece), SLICE):
                yield piece[at : at + SLICE]
            self._pieces.task_done()
        if not self._whole:
            raise _Abandoned("cut off")


class Uploads:
    """The files on their way in, by the link they come over."""

    def __init__(self, blobs: BlobStore, *, idle: float = IDLE) -> None:
        self._blobs = blobs
        self._idle = idle
        self._running: dict[str, Upload] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def get(self, link: str) -> Upload | None:
        """The upload under way over a link."""
        return self._running.get(link)

    async def begin(self, link: str, case: CaseId, name: str, size: int, limit: int) -> Upload:
        """A new upload, or the one under way if it is of the same file; raises Busy."""
        running = self._running.get(link)
        if running is not None:
            if (running.name, running.size) == (name, size) and not running.kept.done():
                self.touch(link)
                return running
            await self.drop(link)
        if len(self._running) >= AT_ONCE:
            raise Busy("uploads")
        upload = self._running[link] = Upload(self._blobs, case, name, size, limit)
        self.touch(link)
        return upload

    def touch(self, link: str) -> None:
        """Something came: wait for the next piece from now on."""
        self._disarm(link)
        self._timers[link] = asyncio.get_running_loop().call_later(self._idle, self._forget, link)

    async def drop(self, link: str) -> None:
        """Stop waiting for an upload; what came of it is gone."""
        self._disarm(link)
        upload = self._running.pop(link, None)
        if upload is not None:
            await upload.abandon()

    def done(self, link: str) -> None:
        """The file is in its case."""
        self._disarm(link)
        self._running.pop(link, None)

    async def close(self) -> None:
        """Drop them all."""
        for link in list(self._running):
            await self.drop(link)

    def _forget(self, link: str) -> None:
        log.info("uploads.abandoned", at=self._running[link].at)
        task = asyncio.create_task(self.drop(link))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _disarm(self, link: str) -> None:
        timer = self._timers.pop(link, None)
        if timer is not None:
            timer.cancel()


def _look_at(task: asyncio.Task[tuple[FileType, StoredBlob]]) -> None:
    """Whoever ends an upload may be gone by then: its outcome was still seen."""
    if not task.cancelled():
        task.exception()
