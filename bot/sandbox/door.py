"""The listening side of a fake platform: one port that can be taken down (refused) and up again."""

import contextlib
import socket
from typing import Final, Self

from aiohttp import web

HOST: Final = "127.0.0.1"


class Door:
    """Serves one aiohttp application on a loopback port that stays the same across `down()` and `up()`."""

    def __init__(self, app: web.Application, port: int = 0) -> None:
        """`port` 0 takes a free one at `open()`."""
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        self._port = port
        self._site: web.SockSite | None = None
        self._placeholder: socket.socket | None = None

    @property
    def port(self) -> int:
        """The port, known once open."""
        return self._port

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash."""
        return f"http://{HOST}:{self._port}"

    @property
    def is_up(self) -> bool:
        """Whether connections are accepted."""
        return self._site is not None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Start the application and listen."""
        await self._runner.setup()
        await self.up()

    async def down(self) -> None:
        """Refuse connections and break the open ones; requests already taken run to their end, unanswered."""
        if self._site is None:
            return
        await self._site.stop()
        self._site = None
        server = self._runner.server
        for connection in list(server.connections) if isinstance(server, web.Server) else ():
            if connection.transport is not None:
                connection.transport.abort()
        # Bound but not listening: refuses, and keeps the port from being given to anyone else.
        self._placeholder = _bound(self._port)

    async def up(self) -> None:
        """Listen (again) on the same port."""
        if self._site is not None:
            return
        if self._placeholder is not None:
            self._placeholder.close()
            self._placeholder = None
        listener = _bound(self._port)
        self._port = int(listener.getsockname()[1])
        self._site = web.SockSite(self._runner, listener)
        await self._site.start()

    async def close(self) -> None:
        """Stop for good; running handlers are cancelled after a moment."""
        self._site = None
        if self._placeholder is not None:
            self._placeholder.close()
            self._placeholder = None
        with contextlib.suppress(RuntimeError):
            await self._runner.cleanup()


def _bound(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener
