"""The blob port: large bytes kept sealed, streamed in and out, never whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from bot.domain.errors import ChairsideError
from bot.domain.ids import CaseId

SHELVES = 256
"""Parts a store is looked through in, each of bounded size."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What was stored: its name in the store, its size in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: bytes


class BlobTooLarge(ChairsideError):
    """The stream went past the limit given; nothing of it was kept."""


class BlobStore(Protocol):
    """Keeps the files of a case. A blob can be read only as the case it was stored for."""

    async def put(self, case: CaseId, chunks: AsyncIterable[bytes], *, limit: int | None = None) -> StoredBlob:
        """Seal and keep a stream; it is on disk for good when this returns, and not at all if it raises.

        Raises BlobTooLarge past `limit` bytes, and `storage` errors when there is no room or no key.
        """
        ...

    def open(self, case: CaseId, name: str) -> AsyncIterator[bytes]:
        """The content in order, each chunk checked before it is given; a cut or altered blob raises there.

        A consumer must treat everything as void if the iteration raises; FileNotFoundError: no such blob.
        """
        ...

    async def delete(self, name: str) -> bool:
        """Remove a blob; False if it was not there."""
        ...

    async def sweep(self, before: int) -> int:
        """Remove uploads left unfinished before `before` (microseconds); how many there were."""
        ...

    async def aged(self, shelf: int, before: int) -> list[str]:
        """Names of whole blobs on one of `SHELVES` shelves (from 0) that were written before `before` (µs)."""
        ...
