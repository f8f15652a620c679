"""The whole service on this machine: real libraries against the fakes, a throw-away database, a clock to move."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from bot.app import App
from bot.config import Config, read
from bot.core import Core, open_core
from bot.domain.rules import Rules
from bot.platforms.slack.manifest import manifest
from bot.sandbox.slack import FakeSlack
from bot.sandbox.slack import Limits as SlackLimits
from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.telegram import FakeTelegram
from bot.sandbox.telegram import Limits as TelegramLimits
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.wirelog import WireLog
from bot.services import roster_file, rosters
from bot.services.unit import Unit

T = TypeVar("T")
TEAM: Final = "T0001"
DENTIST, SPECIALIST, COORDINATOR = 700001, "U0002", "U0003"
ROSTER: Final = """\
practices:
  - {name: Riverside Dental, timezone: Europe/London}
people:
  - {id: patel, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, telegram: 700001}
  - {id: johal, name: Dr Amar Johal, role: specialist, slack: T0001/U0002, capacity: 25,
     expertise: [rotations, open-bite], hours: "24/7", timezone: Europe/London}
  - {id: ops, name: Sam Reid, role: coordinator, slack: T0001/U0003}
"""


BUSY: Final = 30.0
"""Seconds that a busy machine gets where Slack gives three."""


class MovableClock:
    """The machine's clock, moved on at will: it keeps running, as a day does."""

    def __init__(self) -> None:
        self.offset = 0

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1000 + self.offset

    def seconds(self) -> float:
        """The same for the fakes."""
        return self.now() / 1_000_000


class Stage:
    """`async with Stage() as stage:` and everything runs; nothing of it is left afterwards."""

    def __init__(self) -> None:
        self.clock = MovableClock()
        # What is slow on purpose in the world, limits and pacing, is left out: people watch this.
        quiet = WireLog(None)
        self.slack = FakeSlack(now=self.clock.seconds, limits=SlackLimits.off(), wire_log=quiet)
        self.slack.settings.ack_seconds = self.slack.settings.trigger_seconds = BUSY
        self.telegram = FakeTelegram(now=self.clock.seconds, limits=TelegramLimits.off(), wire_log=quiet)
        self._folder = tempfile.TemporaryDirectory(prefix="chairside-")
        self._core: Core | None = None
        self._app: App | None = None

    async def __aenter__(self) -> Self:
        await self.slack.start()
        await self.telegram.start()
        workspace = self.slack.add_workspace(TEAM, "Aligner Desk", manifest=manifest())
        workspace.add_user(SPECIALIST, "Dr Amar Johal")
        workspace.add_user(COORDINATOR, "Sam Reid")
        self.telegram.add_user(DENTIST, "Asha")
        await self.up()
        roster = roster_file.read_roster(ROSTER)
        if isinstance(roster, tuple):
            raise TypeError("the sandbox's own roster has a fault")
        await self.do(lambda unit: rosters.apply(unit, roster))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.down()
        await self.slack.close()
        await self.telegram.close()
        await asyncio.to_thread(self._folder.cleanup)

    @property
    def dentist(self) -> TelegramPerson:
        """Dr Asha Patel, in Telegram."""
        return self.telegram.user(DENTIST)

    @property
    def specialist(self) -> SlackPerson:
        """Dr Amar Johal, in Slack."""
        return self.slack.workspace(TEAM).user(SPECIALIST)

    async def up(self) -> None:
        """Start the service on whatever the database holds."""
        config = self._config()
        self._core = await open_core(config, self.clock, Rules(pacing=False))
        self._app = App(config, self._core, self.clock)
        await self._app.start()
        async with asyncio.timeout(BUSY):
            while not self.slack.workspace(TEAM).sockets:  # noqa: ASYNC110 - a press before that gets no answer
                await asyncio.sleep(0.02)

    async def down(self) -> None:
        """Stop it cleanly; database and files stay."""
        if self._app is not None:
            await self._app.stop()
        self._app = None

    async def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work, as an operator would ask for."""
        if self._core is None:
            raise RuntimeError("the service is down")
        return await self._core.units.do(work)

    async def move_clock_to(self, moment: int) -> None:
        """Let time pass for everybody until `moment` (µs); what falls due meanwhile does so now."""
        self.clock.offset += max(moment - self.clock.now(), 0)
        if self._app is not None and self._core is not None:
            await self._app.scheduler.tick()
            self._core.engine.notify("outbox")

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
        return read(env, env_file=None)
