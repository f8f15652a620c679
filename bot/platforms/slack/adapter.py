"""Everything of Slack in one object, for whoever wires the program."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import aiohttp
import structlog
from aiohttp import web

from bot.domain.errors import DeliveryError
from bot.platforms.slack.client import Workspace, Workspaces, new_session
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.doctor import Health, check
from bot.platforms.slack.gateway import SlackGateway
from bot.platforms.slack.history import SlackHistory
from bot.platforms.slack.http import HttpDoor, Served
from bot.platforms.slack.inbound import Receiver
from bot.platforms.slack.rooms import Rooms
from bot.platforms.slack.socket import LOOK, PATIENCE, PING, SocketLink
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.translate import SlackTranslator
from bot.ports.clock import Clock
from bot.ports.gateway import FileSource
from bot.ports.history import Outages
from bot.ports.inbound import Inbox

DRAIN: Final = 3.0
"""Seconds that answers under way get at the end."""
RETRY: Final = 5.0
"""Seconds between two attempts to learn who the bot is."""

log = structlog.get_logger("slack")


class Slack:
    """The adapter: `gateway` and `translator` from the start, events from `serve` until `close`.

    Make it on the running loop; mount `routes()` where the program listens (HTTP mode needs it).
    """

    def __init__(
        self,
        workspaces: Sequence[SlackWorkspace],
        source: FileSource,
        clock: Clock,
        *,
        patience: float = PATIENCE,
        look: float = LOOK,
        ping: float = PING,
        retry: float = RETRY,
        outages: Outages | None = None,
    ) -> None:
        self._session: aiohttp.ClientSession = new_session()
        self.workspaces = Workspaces([Workspace(one, self._session) for one in workspaces])
        self._clock = clock
        self._times = (patience, look, ping)
        self._retry = retry
        self._outages = outages or Outages()
        self._learning: list[asyncio.Task[None]] = []
        self._rooms = Rooms(self.workspaces, asyncio.get_running_loop().time)
        self._tasks = Tasks()
        self._door = HttpDoor(clock)
        self._links: list[SocketLink] = []
        self.gateway = SlackGateway(self.workspaces, self._rooms, source)
        self.history = SlackHistory(self.workspaces)
        self.translator = SlackTranslator(self.workspaces.identity)

    def routes(self) -> list[web.RouteDef]:
        """The route for HTTP mode; 503 until `serve`."""
        return self._door.routes()

    async def check(self) -> list[Health]:
        """One finding a workspace, for `doctor` and `init`."""
        return [await check(one) for one in self.workspaces]

    async def serve(self, inbox: Inbox) -> None:
        """Start to take events into `inbox`, each workspace in its own mode. Slack being down is no error here."""
        served = []
        await asyncio.gather(*(one.try_identify() for one in self.workspaces))
        self._learning = [asyncio.create_task(self._learn(one)) for one in self.workspaces]
        for one in self.workspaces:
            missed = partial(self._missed, one)
            receiver = Receiver(one, inbox, self._rooms, self._tasks, self._clock.now, missed)
            if one.config.socket_mode:
                patience, look, ping = self._times
                change = partial(self._link_changed, one)
                self._links.append(SocketLink(one, receiver, patience=patience, look=look, ping=ping, on_change=change))
            else:
                served.append(Served(one, receiver.app()))
                missed()
        self._door.serve(served)
        for link in self._links:
            link.start()

    @property
    def healthy(self) -> bool:
        """Every workspace is known and every socket is up."""
        return all(one.identity is not None for one in self.workspaces) and all(one.healthy for one in self._links)

    async def stop_receiving(self) -> None:
        """Close the sockets and refuse requests; sending still works. What was not acknowledged comes again."""
        self._door.serve(())
        for task in self._learning:
            task.cancel()
        await asyncio.gather(*(link.stop() for link in self._links))

    async def _link_changed(self, workspace: Workspace, up: bool) -> None:
        """Between losing a socket and having it again nothing reached us."""
        if up:
            self._missed(workspace)
        elif workspace.identity is not None:
            try:
                await self._outages.lost(workspace.identity.team)
            except Exception as error:  # noqa: BLE001 - whoever listens must not stop the link
                log.warning("slack.outage_unheard", workspace=workspace.config.key, error=type(error).__name__)

    def _missed(self, workspace: Workspace, chat: str = "") -> None:
        """Something may not have reached us: say so once it is known which workspace this is."""
        self._tasks.start(self._say_back(workspace, chat))

    async def _say_back(self, workspace: Workspace, chat: str) -> None:
        await self._learn(workspace)
        if workspace.identity is not None:
            self._outages.back(workspace.identity.team, chat)

    async def _learn(self, workspace: Workspace) -> None:
        """Ask who we are until Slack has told."""
        while workspace.identity is None:
            await asyncio.sleep(self._retry)
            try:
                await workspace.identify()
            except DeliveryError as error:
                log.warning("slack.not_identified", workspace=workspace.config.key, code=error.detail)

    async def close(self) -> None:
        """Stop receiving, let the answers under way finish, and give the connections back."""
        await self.stop_receiving()
        await self._tasks.drain(DRAIN)
        await self._session.close()
