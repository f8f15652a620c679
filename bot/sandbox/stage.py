"""The whole service on this machine: real libraries against the fakes, a throw-away database, a clock to move."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar
from zoneinfo import ZoneInfo

from bot.app import App
from bot.config import Config, read
from bot.core import Core, open_core
from bot.domain.rules import SECOND, Rules
from bot.platforms.slack.manifest import manifest
from bot.sandbox import model
from bot.sandbox.clock import MovableClock
from bot.sandbox.people import ACCOUNTS, COVER, DENTIST, ROSTER, SPECIALIST, TEAM
from bot.sandbox.slack import FakeSlack
from bot.sandbox.slack import Limits as SlackLimits
from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.telegram import FakeTelegram
from bot.sandbox.telegram import Limits as TelegramLimits
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.wirelog import WireLog
from bot.services import roster_file, rosters
from bot.services.overview import LISTED
from bot.services.unit import Unit
from bot.workers.duties import DUTIES
from storage import deliveries
from storage.engine.base import Row

T = TypeVar("T")
BEGINS: Final = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
"""A Monday, thirteen weeks before the wedding."""
BUSY: Final = 30.0
"""Seconds that a busy machine gets where Slack gives three."""
SETTLED: Final = 2.0
"""Seconds that requests under way get to end before the clock jumps: nobody's request takes days."""
MOST_EVENTS: Final = 200
"""Things that fall due one by one in a single jump."""


class Stage:
    """`async with Stage() as stage:` and everything runs; nothing of it is left afterwards."""

    def __init__(self) -> None:
        self.clock = MovableClock(BEGINS)
        # What is slow on purpose in the world, limits and pacing, is left out: people watch this.
        quiet = WireLog(None)
        self.slack = FakeSlack(now=self.clock.seconds, limits=SlackLimits.off(), wire_log=quiet)
        self.slack.settings.ack_seconds = self.slack.settings.trigger_seconds = BUSY
        self.telegram = FakeTelegram(now=self.clock.seconds, limits=TelegramLimits.off(), wire_log=quiet)
        self.model = model.FakeModel()
        self.modelled = False
        """Whether the service is told of the model, from its next start on."""
        self._folder = tempfile.TemporaryDirectory(prefix="chairside-")
        self._core: Core | None = None
        self._app: App | None = None

    async def __aenter__(self) -> Self:
        await self.slack.start()
        await self.telegram.start()
        await self.model.start()
        workspace = self.slack.add_workspace(TEAM, "Aligner Desk", manifest=manifest())
        for one in ACCOUNTS:
            if one.platform == "slack":
                workspace.add_user(one.user, one.name)
            else:
                self.telegram.add_user(int(one.user), one.first_name)
        await self.up()
        roster = roster_file.read_roster(ROSTER)
        if isinstance(roster, tuple):
            raise TypeError("the sandbox's own roster has a fault")
        await self.do(lambda unit: rosters.apply(unit, roster))
        await self.telegram.user(COVER).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.down()
        await self.slack.close()
        await self.telegram.close()
        await self.model.close()
        await asyncio.to_thread(self._folder.cleanup)

    @property
    def dentist(self) -> TelegramPerson:
        """Dr Asha Patel, in Telegram."""
        return self.telegram.user(DENTIST)

    @property
    def specialist(self) -> SlackPerson:
        """Dr Amar Johal, in Slack."""
        return self.slack.workspace(TEAM).user(SPECIALIST)

    @property
    def running(self) -> bool:
        """Whether the service is up."""
        return self._app is not None

    async def up(self, *, wait: bool = True) -> None:
        """Start the service on whatever the database holds; `wait` until Slack's socket stands."""
        config = self._config()
        self._core = await open_core(config, self.clock, Rules(pacing=False))
        app = App(config, self._core, self.clock)
        try:
            await app.start()
        except BaseException:
            await app.stop()
            raise
        self._app = app
        async with asyncio.timeout(BUSY):
            while wait and not self.slack.workspace(TEAM).sockets:  # noqa: ASYNC110 - a press before that gets no answer
                await asyncio.sleep(0.02)

    async def down(self) -> None:
        """Stop it cleanly; database and files stay."""
        app, self._app = self._app, None
        if app is not None:
            await app.stop()

    async def pull_the_plug(self, down: Collection[str] = ()) -> None:
        """End it in the middle of whatever it does: its connections are cut. `down`: platforms that stay so."""
        await self.slack.down()
        await self.telegram.down()
        try:
            await self.down()
        finally:
            if "slack" not in down:
                await self.slack.up()
            if "telegram" not in down:
                await self.telegram.up()

    async def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work, as an operator would ask for."""
        return await self._durable.units.do(work)

    async def look(self, query: Callable[[Unit], T]) -> T:
        """Read the database."""
        return await self._durable.units.look(query)

    @property
    def _durable(self) -> Core:
        if self._core is None or self._app is None:
            raise RuntimeError("the service is down")
        return self._core

    async def next_due(self) -> int | None:
        """When the next thing falls due after now (µs); None if nothing is planned or the service is down."""
        if self._app is None:
            return None
        moments = await self.look(lambda unit: [duty.next_due(unit) for duty in DUTIES])
        now = self.clock.now()
        return min((moment for moment in moments if moment is not None and moment > now), default=None)

    async def move_clock_to(self, moment: int) -> None:
        """Let time pass for everybody until `moment` (µs); what falls due on the way does so one after another."""
        for _ in range(MOST_EVENTS):
            due = await self.next_due()
            if due is None or due >= moment:
                break
            await self._jump(due + SECOND)
        await self._jump(moment)

    async def _jump(self, moment: int) -> None:
        await self._rest()
        self.clock.offset += max(moment - self.clock.now(), 0)
        if self._app is not None and self._core is not None:
            await self._app.scheduler.tick()
            for worker in ("outbox", "files", "rooms"):
                self._core.engine.notify(worker)
            await self._rest()

    async def _rest(self) -> None:
        """A lease must not run out under a request because the clock jumped."""
        if self._app is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLED):
                while any(  # noqa: ASYNC110 - a row in the database gives no event
                    row["state"] == "sending" for row in await self.look(_open_deliveries)
                ):
                    await asyncio.sleep(0.02)

    def _config(self) -> Config:
        workspace = self.slack.workspace(TEAM)
        folder = Path(self._folder.name)
        env = {
            "DATABASE_URL": f"sqlite:///{folder / 'chairside.db'}",
            "CHAIRSIDE_DATA_DIR": str(folder),
            "CHAIRSIDE_HTTP": "127.0.0.1:0",
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": self.slack.base_url,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
        }
        if self.modelled:
            env |= {"OPENAI_MODEL": model.NAME, "OPENAI_BASE_URL": self.model.base_url, "OPENAI_API_KEY": model.KEY}
        return read(env, env_file=None)


def _open_deliveries(unit: Unit) -> list[Row]:
    return deliveries.listing(unit.tx, dead_only=False, limit=LISTED)
