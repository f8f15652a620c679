"""The roof: every part made once and joined, started in order and stopped in order."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.config import Config, ConfigProblem
from bot.domain.ids import IdSource
from bot.domain.rules import Rules
from bot.drafting.retrieval import Library
from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.capabilities import CAPABILITIES as SLACK
from bot.platforms.telegram.adapter import Telegram
from bot.platforms.telegram.capabilities import CAPABILITIES as TELEGRAM
from bot.ports.clock import Clock, SystemClock
from bot.ports.gateway import Gateway
from bot.ports.inbound import Translator
from bot.services import assignment, checkins, holding
from bot.services.unit import Units
from bot.workers.drafts import DraftWorker
from bot.workers.files import BlobFiles, FileWorker
from bot.workers.health import health_routes
from bot.workers.inbox import InboxWorker
from bot.workers.outbox import OutboxWorker
from bot.workers.scheduler import Duty, SchedulerWorker
from handlers.router import handle
from prompts import library, wording
from storage import checkins as checkin_rows
from storage import held, migrate, offers, settings
from storage.blobs import FolderBlobs
from storage.engine.base import Engine, Role
from storage.engine.open import open_engine
from storage.errors import StorageError
from storage.keys import unlock
from storage.process import take_number
from storage.sealing import Sealer

log = structlog.get_logger("app")
CAPABILITIES = {"slack": SLACK, "telegram": TELEGRAM}
DUTIES = (
    Duty("check_ins", checkins.ask_due, lambda unit: checkin_rows.next_due(unit.tx)),
    Duty("held", holding.ask_again, lambda unit: held.next_due(unit.tx)),
    Duty("offers", assignment.expire_due, lambda unit: offers.next_due(unit.tx)),
)
STOP_WITHIN = 8.0
"""Seconds the workers get to settle what is under way; the whole stop stays under ten."""


@dataclass(slots=True)
class Core:
    """The durable middle: database, keys and units of work; commands use it without any platform."""

    engine: Engine
    units: Units
    sealer: Sealer

    async def close(self) -> None:
        """Let go of the database."""
        await self.engine.close()


async def open_core(config: Config, clock: Clock | None = None, rules: Rules | None = None) -> Core:
    """Open the database, bring its schema up to date, prove the key. Raises `storage` errors with one line each."""
    clock = clock or SystemClock()
    engine = await open_engine(config.database_url, data_dir=config.data_dir)
    try:
        await migrate.upgrade(engine, migrate.load(), clock.now())
        keys = await unlock(engine, config.key_file, clock.now())
        sealer = Sealer(keys)
        number = await engine.write(take_number)
    except BaseException:
        await engine.close()
        raise
    ids = IdSource(clock.now, secrets.randbits, number)
    return Core(engine, Units(engine, clock, ids, sealer, CAPABILITIES, rules), sealer)


class App:
    """The running service. Make it on the running loop; `start`, then `stop`."""

    def __init__(self, config: Config, core: Core, clock: Clock) -> None:
        wording.load()
        self.config = config
        self.core = core
        self.clock = clock
        self.blobs = FolderBlobs(config.data_dir / "blobs", core.engine, core.sealer)
        files = BlobFiles(self.blobs)
        self.slack = Slack(config.slack, files, clock) if config.slack else None
        self.telegram = Telegram(config.telegram, files, clock) if config.telegram is not None else None
        gateways: dict[str, Gateway] = {}
        translators: dict[str, Translator] = {}
        if self.slack is not None:
            gateways["slack"], translators["slack"] = self.slack.gateway, self.slack.translator
        if self.telegram is not None:
            gateways["telegram"], translators["telegram"] = self.telegram.gateway, self.telegram.translator
        self.gateways: Mapping[str, Gateway] = gateways
        name = f"{socket.gethostname()}:{secrets.token_hex(4)}"
        self.inbox = InboxWorker(core.units, translators, handle)
        self.outbox = OutboxWorker(core.units, gateways, name)
        self.files = FileWorker(core.units, gateways, self.blobs)
        self.drafts = DraftWorker(core.units, Library(library.load()))
        self.scheduler = SchedulerWorker(core.units, DUTIES)
        self._tasks: list[asyncio.Task[None]] = []
        self._role: Role | None = None
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Take the single role, open the doors, then the workers; ready when it returns."""
        self._role = await self.core.engine.advisory("run")
        if self._role is None:
            raise ConfigProblem(["DATABASE_URL: another chairside run is working on this database; stop it first"])
        if self.telegram is not None:
            await self.telegram.open()
        await self._open_http()
        workers = (self.inbox, self.outbox, self.files, self.drafts, self.scheduler)
        self._tasks = [asyncio.create_task(worker.run(), name=type(worker).__name__) for worker in workers]
        if self.slack is not None:
            await self.slack.serve(self.inbox)
        if self.telegram is not None:
            await self.telegram.set_commands(lambda command: wording.say(f"help.does.{command.name}"))
            await self.telegram.serve(self.inbox)
        log.info("app.started", slack=len(self.config.slack), telegram=self.telegram is not None, port=self.port)

    async def stop(self) -> None:
        """Take nothing more in, settle what is under way, let go. What is left stays in the database."""
        receivers = [one.stop_receiving() for one in (self.slack, self.telegram) if one is not None]
        await asyncio.wait_for(asyncio.gather(*receivers, return_exceptions=True), 4.0)
        for worker in (self.inbox, self.scheduler, self.drafts, self.files, self.outbox):
            worker.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_WITHIN / 2)
            for task in late:
                log.warning("app.late_worker", worker=task.get_name())
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1.0)
        for one in (self.slack, self.telegram):
            if one is not None:
                await one.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._role is not None:
            await self._role.release()
        await self.core.close()
        log.info("app.stopped")

    @property
    def healthy(self) -> bool:
        """Every worker runs and every platform that is on takes events."""
        alive = bool(self._tasks) and not any(task.done() for task in self._tasks)
        platforms = [one for one in (self.slack, self.telegram) if one is not None]
        return alive and all(one.healthy for one in platforms)

    async def finished(self) -> str:
        """Wait until a worker ends although nobody asked it to; its name."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        task = next(iter(done))
        if not task.cancelled() and task.exception() is not None:
            log.error("app.worker_died", worker=task.get_name(), error=type(task.exception()).__name__)
        return task.get_name()

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
        for one in (self.slack, self.telegram):
            if one is not None:
                server.add_routes(one.routes())
        self._runner = web.AppRunner(server, access_log=None)
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self.config.http_host, self.config.http_port)
            await site.start()
        except OSError:
            raise ConfigProblem(["CHAIRSIDE_HTTP: this address is in use or not ours; choose another port"]) from None
        self.port = self._runner.addresses[0][1]


async def serve(config: Config, *, clock: Clock | None = None, rules: Rules | None = None) -> bool:
    """Run until SIGTERM or SIGINT and stop cleanly; False if a worker died instead."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    clock = clock or SystemClock()
    core = await open_core(config, clock, rules)
    try:
        app = App(config, core, clock)
    except BaseException:
        await core.close()
        raise
    try:
        await app.start()
        asked, died = asyncio.create_task(stop.wait()), asyncio.create_task(app.finished())
        await asyncio.wait((asked, died), return_when=asyncio.FIRST_COMPLETED)
        clean = asked.done()
        for task in (asked, died):
            task.cancel()
    finally:
        await app.stop()
    return clean
