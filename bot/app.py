"""The roof: every part made once and joined, started in order and stopped in order."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from collections.abc import Coroutine, Mapping
from typing import Any

import structlog
from aiohttp import web

from bot.config import Config, ConfigProblem
from bot.core import ROLE, Core, open_core, settle_heap
from bot.domain.rules import Rules
from bot.drafting.model import ModelWriter
from bot.drafting.retrieval import Library
from bot.platforms.slack.adapter import Slack
from bot.platforms.telegram.adapter import Telegram
from bot.ports.clock import Clock, SystemClock
from bot.ports.gateway import Gateway
from bot.ports.history import Outages
from bot.ports.inbound import Translator
from bot.workers.albums import AlbumWorker
from bot.workers.attic import AtticWorker
from bot.workers.catch_up import CatchUpWorker
from bot.workers.control import Control
from bot.workers.drafts import DraftWorker
from bot.workers.drawings import DrawingWorker
from bot.workers.duties import DUTIES
from bot.workers.files import BlobFiles, FileWorker
from bot.workers.health import health_routes
from bot.workers.inbox import InboxWorker
from bot.workers.links import LinkDoor
from bot.workers.local_socket import SocketTaken
from bot.workers.lookups import LookupWorker
from bot.workers.outbox import OutboxWorker
from bot.workers.rooms import RoomWorker
from bot.workers.scheduler import SchedulerWorker
from bot.workers.watch import TelegramWatch
from handlers.router import handle
from prompts import check_in_plans, library, refinements, targets, wording
from storage import settings
from storage.blobs import FolderBlobs
from storage.engine.base import Role
from storage.errors import InUse, StorageError

log = structlog.get_logger("app")
RECEIVERS_STOP, WORKERS_STOP, PLATFORMS_STOP = 3.0, 3.0, 2.5
"""Seconds each step of a stop gets; the whole stays under ten."""
ROLE_WAIT = 3.0
"""Seconds a predecessor that is just stopping gets to let go of the database."""
ROLE_LOOK = 1.0
"""Seconds between looks whether the role is still ours: on PostgreSQL a broken connection loses it."""


class App:
    """The running service. Make it on the running loop; `start`, then `stop`."""

    def __init__(self, config: Config, core: Core, clock: Clock) -> None:
        for content in (wording, targets, refinements, check_in_plans):
            content.load()
        self.config = config
        self.core = core
        self.clock = clock
        self.blobs = FolderBlobs(config.data_dir / "blobs", core.engine, core.sealer)
        files = BlobFiles(self.blobs)
        outages = Outages(
            lambda team: self.catch_up.hold("slack", team), lambda team, chat: self.catch_up.ask("slack", team, chat)
        )
        self.slack = Slack(config.slack, files, clock, outages=outages) if config.slack else None
        self.watch = TelegramWatch(core.units)
        self.telegram = (
            Telegram(config.telegram, files, clock, on_alarm=self.watch.alarm, on_gap=self.watch.gap)
            if config.telegram is not None
            else None
        )
        self.control = Control(core.units, config.data_dir)
        gateways: dict[str, Gateway] = {}
        translators: dict[str, Translator] = {}
        if self.slack is not None:
            gateways["slack"], translators["slack"] = self.slack.gateway, self.slack.translator
        if self.telegram is not None:
            gateways["telegram"], translators["telegram"] = self.telegram.gateway, self.telegram.translator
        self.gateways: Mapping[str, Gateway] = gateways
        name = f"{socket.gethostname()}:{secrets.token_hex(4)}"
        self.inbox = InboxWorker(core.units, translators, handle)
        histories = {} if self.slack is None else {"slack": self.slack.history}
        self.catch_up = CatchUpWorker(core.units, self.inbox, histories)
        self.outbox = OutboxWorker(core.units, gateways, name)
        self.files = FileWorker(core.units, gateways, self.blobs)
        self.links = LinkDoor(core.units, self.blobs)
        self.attic = AtticWorker(core.units, self.blobs)
        self.writer = ModelWriter(config.model, clock) if config.model is not None else None
        drafter = Library(library.load())
        self.drafts = DraftWorker(core.units, drafter, self.writer)
        drawing, albums = DrawingWorker(core.units, self.blobs), AlbumWorker(core.units, handle)
        lookups = LookupWorker(core.units, drafter, self.drafts.refresh)
        self.keepers = (albums, RoomWorker(core.units, gateways), drawing, self.attic, lookups)
        self.scheduler = SchedulerWorker(core.units, DUTIES)
        self._tasks: list[asyncio.Task[None]] = []
        self._keeping: asyncio.Task[None] | None = None
        self._introducing: asyncio.Task[None] | None = None
        self._role: Role | None = None
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Take the single role, open the doors, then the workers; ready when it returns."""
        self._role = await self._only_one()
        self._keeping = asyncio.create_task(self._keep_role(self._role), name="role")
        await self.blobs.sweep(self.clock.now())
        if self.telegram is not None:
            await self.telegram.open()
        await self._open_http()
        await self._open_control()
        await self.catch_up.hold("slack")
        workers = (self.inbox, self.catch_up, self.outbox, self.files, *self.keepers, self.drafts, self.scheduler)
        self._tasks = [asyncio.create_task(worker.run(), name=type(worker).__name__) for worker in workers]
        if self.slack is not None:
            await self.slack.serve(self.inbox)
        if self.telegram is not None:
            await self.telegram.serve(self.inbox)
            self._introducing = asyncio.create_task(self._introduce(self.telegram))
        log.info("app.started", slack=len(self.config.slack), telegram=self.telegram is not None, port=self.port)

    async def stop(self) -> None:
        """Take nothing more in, settle what is under way, let go. What is left stays in the database."""
        platforms = [one for one in (self.slack, self.telegram) if one is not None]
        for task in (self._introducing, self._keeping):
            if task is not None:
                task.cancel()
        await _within(RECEIVERS_STOP, self.control.stop(), *(one.stop_receiving() for one in platforms))
        for worker in (self.inbox, self.catch_up, self.scheduler, *self.keepers, self.drafts, self.files, self.outbox):
            worker.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=WORKERS_STOP)
            for task in late:
                log.warning("app.late_worker", worker=task.get_name())
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=0.5)
        await _within(PLATFORMS_STOP, *(one.close() for one in platforms))
        await _within(0.5, self.links.close(), *([self.writer.close()] if self.writer is not None else []))
        if self._runner is not None:
            await _within(0.5, self._runner.cleanup())
        if self._role is not None:
            await self._role.release()
        await self.core.close()
        if self._tasks:
            log.info("app.stopped")

    @property
    def healthy(self) -> bool:
        """Every worker runs and every platform that is on takes events."""
        alive = bool(self._tasks) and not any(task.done() for task in self._tasks)
        platforms = [one for one in (self.slack, self.telegram) if one is not None]
        return alive and all(one.healthy for one in platforms)

    async def alone(self) -> bool:
        """Nobody else works on this database, and nobody else can start to."""
        return self._role is not None and await self._role.held()

    async def finished(self) -> str:
        """Wait until a worker ends although nobody asked it to, or another service took our place; its name."""
        tasks = [*self._tasks, *([self._keeping] if self._keeping is not None else [])]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        task = next(iter(done))
        if not task.cancelled() and task.exception() is not None:
            log.error("app.worker_died", worker=task.get_name(), error=type(task.exception()).__name__)
        return task.get_name()

    async def _introduce(self, telegram: Telegram) -> None:
        """What people see of the bot beside its messages: its menu, and its name in invitations."""
        await telegram.set_commands(lambda command: wording.say(f"help.does.{command.name}"))
        await self.watch.keep_name(lambda: telegram.client.identity.username)

    async def _only_one(self) -> Role:
        """The role of the one running service; a predecessor on its way out is waited for."""
        for _ in range(round(ROLE_WAIT / 0.1)):
            role = await self.core.engine.advisory(ROLE)
            if role is not None:
                return role
            await asyncio.sleep(0.1)
        raise ConfigProblem(["DATABASE_URL: another chairside run is working on this database; stop it first"])

    async def _keep_role(self, role: Role) -> None:
        """Take the role again when it was lost with its connection; ends only if somebody else was quicker."""
        while True:
            await asyncio.sleep(ROLE_LOOK)
            try:
                if await role.held():
                    continue
                taken = await self.core.engine.advisory(ROLE)
            except StorageError as error:
                log.warning("app.role", error=type(error).__name__)
                continue
            if taken is None:
                log.error("app.role_lost")
                return
            self._role = role = taken

    async def _open_control(self) -> None:
        try:
            await self.control.start()
        except SocketTaken:
            raise ConfigProblem(
                ["CHAIRSIDE_DATA_DIR: another chairside run uses this folder; give each its own"]
            ) from None
        except OSError as error:  # the service works without, only commands cannot reach it
            log.error("app.no_control", error=type(error).__name__)

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(2.0):
                await self.core.units.look(lambda unit: settings.get(unit.tx, "schema"))
                return True
        except (StorageError, TimeoutError):
            return False

    async def _open_http(self) -> None:
        server = web.Application(client_max_size=4 * 1024 * 1024)
        server.add_routes(health_routes(lambda: self.healthy, self._database_answers))
        if self.config.public_url:
            server.add_routes(self.links.routes())
        for one in (self.slack, self.telegram):
            if one is not None:
                server.add_routes(one.routes())
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.3)
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self.config.http_host, self.config.http_port)
            await site.start()
        except OSError:
            raise ConfigProblem(["CHAIRSIDE_HTTP: this address is in use or not ours; choose another port"]) from None
        self.port = self._runner.addresses[0][1]


async def _within(seconds: float, *steps: Coroutine[Any, Any, None]) -> None:
    """Do all of it at once, for so long; what fails or is late is left, since everything is in the database."""
    tasks = [asyncio.create_task(step) for step in steps]
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, BaseException):
            log.warning("app.stop", error=type(outcome).__name__)


async def serve(config: Config, *, clock: Clock | None = None, rules: Rules | None = None) -> bool:
    """Run until SIGTERM or SIGINT and stop cleanly; False if a worker died instead."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    clock = clock or SystemClock()
    core = await _open(config, clock, rules)
    try:
        app = App(config, core, clock)
    except BaseException:
        await core.close()
        raise
    asked, working = asyncio.create_task(stop.wait()), asyncio.create_task(_work(app))
    try:
        await asyncio.wait((asked, working), return_when=asyncio.FIRST_COMPLETED)
        clean = asked.done()  # a stop asked for while starting is heeded at once
        if not clean:
            await working
        return clean
    finally:
        working.cancel()
        asked.cancel()
        await asyncio.gather(working, asked, return_exceptions=True)
        await app.stop()


async def _open(config: Config, clock: Clock, rules: Rules | None) -> Core:
    """The database, once a command that is just writing, or a predecessor on its way out, has let go of it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + ROLE_WAIT
    while True:
        try:
            return await open_core(config, clock, rules)
        except InUse:
            if loop.time() > until:
                raise
            await asyncio.sleep(0.1)


async def _work(app: App) -> None:
    await app.start()
    settle_heap()
    await app.finished()
