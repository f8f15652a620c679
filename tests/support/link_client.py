"""What a browser does with a link to a file, without the browser."""

from __future__ import annotations

import hashlib
from types import TracebackType
from typing import Any, Self

import aiohttp

PIECE = 256 * 1024
PUBLIC = "https://chairside.example.org"


class LinkClient:
    """Speaks to the service's own port; `url` is the link as it stood in the chat."""

    def __init__(self, port: int, url: str) -> None:
        page, _, self.token = url.partition("#")
        assert page.startswith(f"{PUBLIC}/files/")
        self.page = page.removeprefix(PUBLIC)
        self._base = f"http://127.0.0.1:{port}"
        self._session = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        """A plain look at a page: status, text, headers."""
        async with self._session.get(self._base + path) as answer:
            return answer.status, await answer.text(), dict(answer.headers)

    async def ask(self, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """One request with the link's secret."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        async with self._session.post(f"{self._base}/files/{path}", headers=headers, **more) as answer:
            return answer.status, await answer.json()

    async def begin(self, name: str, size: int) -> tuple[int, dict[str, Any]]:
        """Say what will come."""
        return await self.ask("begin", json={"name": name, "size": size})

    async def piece(self, data: bytes, at: int, digest: str = "") -> tuple[int, dict[str, Any]]:
        """Send one piece."""
        digest = digest or hashlib.sha256(data).hexdigest()
        return await self.ask(f"piece?at={at}", data=data, headers={"X-Piece-SHA256": digest})

    async def end(self, data: bytes) -> tuple[int, dict[str, Any]]:
        """Say what should have come."""
        return await self.ask("end", json={"sha256": hashlib.sha256(data).hexdigest()})

    async def brings(self, data: bytes, name: str) -> tuple[int, dict[str, Any]]:
        """A whole file; the first answer that is not 200 ends it."""
        status, said = await self.begin(name, len(data))
        at = said.get("at", 0)
        while status == 200 and at < len(data):
            status, said = await self.piece(data[at : at + PIECE], at)
            at = said.get("at", at)
        return await self.end(data) if status == 200 else (status, said)

    async def fetch(self) -> tuple[int, bytes, dict[str, str]]:
        """Download what the link is for, as its form does."""
        async with self._session.post(f"{self._base}/files/fetch", data={"token": self.token}) as answer:
            return answer.status, await answer.read(), dict(answer.headers)
