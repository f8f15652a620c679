"""Socket Mode, watched: the library retries a burnt ticket for ever, so a link that stays down is built anew."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.platforms.slack.client import Workspace, silent_logger
from bot.platforms.slack.inbound import Receiver
from bot.platforms.slack.updates import EVENT, kind_of

PATIENCE: Final = 45.0
"""Seconds without a healthy connection before a new handler is built."""
LOOK: Final = 1.0
DOWN_LOOK: Final = 0.1
"""Seconds between looks while it is down: what is said first afterwards waits for us to notice."""
PING: Final = 10.0
CLOSING: Final = 3.0

log = structlog.get_logger("slack")


class _Handler(AsyncSocketModeHandler):
    """Events, most of what comes, go to the receiver as they are: bolt would build a request and a context for each."""

    def __init__(self, workspace: Workspace, receiver: Receiver, app: AsyncApp, ping: float) -> None:
        self._receiver = receiver
        super().__init__(
            app, workspace.config.app_token, logger=silent_logger(), web_client=workspace.web, ping_interval=ping
        )

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Acknowledge an event once it is kept, and leave what people press and fill in to bolt."""
        if kind_of(req.payload) != EVENT:
            await super().handle(client, req)
            return
        response = await self._receiver.receive(req.payload, again=bool(req.retry_attempt))
        if response.status == 200:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))


class SocketLink:
    """One workspace's socket. `look` is how often it is looked at, all in seconds."""

    def __init__(
        self,
        workspace: Workspace,
        receiver: Receiver,
        *,
        patience: float = PATIENCE,
        look: float = LOOK,
        ping: float = PING,
        on_change: Callable[[bool], Awaitable[None]] | None = None,
    ) -> None:
        self._workspace = workspace
        self._on_change = on_change
        self._receiver = receiver
        self._app = receiver.app()
        self._patience = patience
        self._look = look
        self._down_look = min(look, DOWN_LOOK)
        self._ping = ping
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connected = False
        """There has been a connection."""
        self.healthy = False
        self.built = 0
        """How many handlers were built so far."""

    def start(self) -> None:
        """Connect and keep connected, in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Close the socket, in bounded time."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            handler = self._build()
            connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
            try:
                await self._watch(handler)
            finally:
                if self.healthy and self._on_change is not None:
                    await self._on_change(False)
                self.healthy = False
                await self._close(handler, connecting)
            if not self._stopping.is_set():
                log.error("slack.socket_rebuilt", workspace=self._workspace.config.key, built=self.built)

    def _build(self) -> AsyncSocketModeHandler:
        self.built += 1
        handler = _Handler(self._workspace, self._receiver, self._app, self._ping)
        if not self._workspace.config.at_slack:
            handler.client.proxy = None
        self._heed_reconnects(handler)
        return handler

    def _heed_reconnects(self, handler: AsyncSocketModeHandler) -> None:
        """Between two connections something may have been lost, however soon the library has made the second.

        Said before it is made: what comes over it first waits for what was missed.
        """
        connect = handler.client.connect

        async def heeded() -> None:
            again, self._connected = self._connected, True
            if again and self._on_change is not None:
                await self._on_change(False)
            await connect()  # type: ignore[no-untyped-call]
            if again and self._on_change is not None:
                await self._on_change(True)

        handler.client.connect = heeded  # type: ignore[method-assign]  # the library's own monitor calls it

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        """Return when the link was down for too long, or at the end."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._look if self.healthy else self._down_look)
            up = await handler.client.is_connected()
            if up != self.healthy:
                self.healthy = up
                log.info("slack.socket", workspace=self._workspace.config.key, up=up)
                if self._on_change is not None:
                    await self._on_change(up)
            if up:
                last = loop.time()
            elif loop.time() - last >= self._patience:
                return

    async def _close(self, handler: AsyncSocketModeHandler, connecting: asyncio.Task[None]) -> None:
        connecting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await connecting
        try:
            await asyncio.wait_for(handler.close_async(), CLOSING)  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - a socket that will not close must not keep the next from opening
            log.warning("slack.socket_close", workspace=self._workspace.config.key, error=type(error).__name__)
            await handler.client.aiohttp_client_session.close()
