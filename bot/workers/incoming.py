"""A file on its way in: its first bytes looked at before it is decided what becomes of the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.domain.errors import ChairsideError
from bot.domain.filetypes import HEAD
from bot.domain.media_limits import TOO_LARGE
from bot.domain.problems import Problem


class Unfit(ChairsideError):
    """A file's content may not pass: a key below relay.file, or a Problem that says why."""

    def __init__(self, reason: str | Problem) -> None:
        super().__init__(reason if isinstance(reason, str) else reason.key)
        self.reason = reason


class Incoming:
    """The chunks of one download, read once and in order; `close` lets go of its connection."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._begun: list[bytes] = []
        self._head = b""
        self.tail = bytearray()
        """The last bytes that went by, as many as `rest` was asked to keep."""

    async def head(self) -> bytes:
        """The first `HEAD` bytes, or all there are."""
        got = sum(len(chunk) for chunk in self._begun)
        while not self._head:
            chunk = await anext(self._chunks, None)
            if chunk is not None:
                self._begun.append(chunk)
                got += len(chunk)
            if chunk is None or got >= HEAD:
                self._head = b"".join(self._begun)[:HEAD]
            if chunk is None:
                break
        return self._head

    async def rest(self, keep: int = 0) -> AsyncIterator[bytes]:
        """Every chunk from the first on; the last `keep` bytes stay in `tail`."""
        async for chunk in self._every():
            if keep:
                self.tail += chunk[-keep:]
                del self.tail[:-keep]
            yield chunk

    async def _every(self) -> AsyncIterator[bytes]:
        await self.head()
        while self._begun:
            yield self._begun.pop(0)
        async for chunk in self._chunks:
            yield chunk

    async def whole(self, most: int) -> bytes:
        """All of it at once; Unfit past `most` bytes."""
        parts: list[bytes] = []
        size = 0
        async for chunk in self.rest():
            size += len(chunk)
            if size > most:
                raise Unfit(TOO_LARGE)
            parts.append(chunk)
        return b"".join(parts)

    async def close(self) -> None:
        """Let go of what was not read."""
        await let_go(self._chunks)


async def let_go(chunks: AsyncIterator[bytes]) -> None:
    """Close a stream that may not have been read to its end."""
    close = getattr(chunks, "aclose", None)
    if close is not None:
        await close()
