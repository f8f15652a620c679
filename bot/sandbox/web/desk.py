"""The page's own state: the stage, the switches, the story; what changed is noticed here and shown to every window."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any, Final

from bot.domain.rules import SECOND
from bot.sandbox.hands import Hands
from bot.sandbox.people import ACCOUNTS, TEAM
from bot.sandbox.script import Script
from bot.sandbox.slack import FakeWorkspace
from bot.sandbox.stage import Stage
from bot.sandbox.troubles import MODEL, Troubles
from bot.sandbox.web import middle_view, slack_acts, slack_view, telegram_acts, telegram_view
from bot.sandbox.web.pictures import Pictures
from bot.sandbox.web.player import Player
from storage.errors import StorageError

JSON = dict[str, Any]
STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
LOOK: Final = 0.5
"""Seconds between looks at the database, which tells of no change by itself."""
GATHER: Final = 0.04
"""Seconds in which changes are gathered into one."""


class Desk:
    """One page's worth of everything. `open` it, then `look` and `do`."""

    def __init__(self, stage: Stage, script: Script, pace: float = 1.0) -> None:
        self.stage = stage
        self.troubles = Troubles(stage)
        self.player = Player(script, Hands(stage, self.troubles), self.stir, pace)
        self.pictures = Pictures()
        self._changed = asyncio.Event()
        self._busy = asyncio.Lock()
        self._last: JSON = {"cases": [], "deliveries": [], "drafts": [], "record": []}
        self._stops = [
            stage.telegram.truth.listen(lambda _: self.stir()),
            stage.slack.truth.listen(lambda _: self.stir()),
        ]

    async def close(self) -> None:
        """Stop the story and listen no more."""
        await self.player.pause()
        for stop in self._stops:
            stop()

    def stir(self) -> None:
        """Something changed."""
        self._changed.set()

    async def change(self) -> None:
        """Wait for the next change, at most until the next look at the database."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await self._changed.wait()
            await asyncio.sleep(GATHER)
        self._changed.clear()

    # --------------------------------------------------------------------------------------------------- looking
    async def look(self, telegram: int, slack: str) -> dict[str, JSON]:
        """Every part of the page, as these two people and Chairside see it now."""
        return {
            "people": self._people(),
            "telegram": telegram_view.view(self.stage.telegram, self.stage.telegram.user(telegram)),
            "slack": slack_view.view(self._workspace.data, self._workspace.user(slack)),
            "middle": await self._middle(),
            "clock": {"offset": self.stage.clock.offset // 1000, "next": await self._next()},
            "troubles": {**self.troubles.on, "model": self.troubles.model},
            "story": self.player.view(),
        }

    @property
    def _workspace(self) -> FakeWorkspace:
        return self.stage.slack.workspace(TEAM)

    def _people(self) -> JSON:
        """Everybody, with how much the app has said to them: what is new can be marked."""
        listed = []
        for one in ACCOUNTS:
            if one.platform == "telegram":
                said = len(self.stage.telegram.user(int(one.user)).messages())
            else:
                said = len(self._workspace.user(one.user).messages())
            listed.append({"platform": one.platform, "id": one.user, "name": one.name, "role": one.role, "said": said})
        return {"everyone": listed}

    async def _middle(self) -> JSON:
        """What the database shows; while the service is down, what it showed last."""
        with contextlib.suppress(RuntimeError, StorageError):
            self._last = await self.stage.look(middle_view.view)
        return self._last

    async def _next(self) -> int | None:
        with contextlib.suppress(RuntimeError, StorageError):
            due = await self.stage.next_due()
            return None if due is None else due // 1000
        return None

    # ----------------------------------------------------------------------------------------------------- doing
    async def do(self, act: str, given: JSON) -> None:
        """One act: `telegram.say`, `slack.press`, `clock.move`, `trouble.turn`, `story.play` …"""
        area, _, kind = act.partition(".")
        try:
            match area:
                case "telegram":
                    await telegram_acts.act(self.stage.telegram.user(int(given["who"])), kind, given)
                case "slack":
                    await slack_acts.act(self._workspace.user(str(given["who"])), kind, given)
                case "clock" if kind == "move":
                    await self._move(str(given["by"]))
                case "trouble" if kind == "turn":
                    async with self._busy:
                        await self.troubles.turn(str(given["kind"]), trouble=bool(given["trouble"]))
                case "model" if kind in MODEL:
                    async with self._busy:
                        await self.troubles.set_model(kind)
                case "story":
                    await {"play": self.player.play, "step": self.player.step, "pause": self.player.pause}[kind]()
                case other:
                    raise KeyError(other)
        finally:
            self.stir()

    async def _move(self, by: str) -> None:
        async with self._busy:
            now = self.stage.clock.now()
            if by == "next":
                due = await self.stage.next_due()
                if due is None:
                    raise AssertionError("Nothing is planned yet.")
                await self.stage.move_clock_to(max(due, now) + SECOND)
            else:
                await self.stage.move_clock_to(now + round(STEPS[by].total_seconds()) * SECOND)
