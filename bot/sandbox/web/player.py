"""The guided story in the page: step by step, with a pause, and the keyboard handed over at any point."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

from bot.sandbox.hands import REFUSALS, Hands
from bot.sandbox.people import BY_HANDLE
from bot.sandbox.script import Script, Step

READING: Final = 2.4
"""Seconds for a line of narration before the next thing happens, at pace 1."""
BETWEEN: Final = 0.9
"""Seconds between what people do, at pace 1."""


class State(StrEnum):
    """Where a story stands."""

    READY = "ready"
    PLAYING = "playing"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class Player:
    """Plays one script; `stir` is called at every change. Whoever pauses it may do anything and go on afterwards."""

    def __init__(self, script: Script, hands: Hands, stir: Callable[[], None], pace: float = 1.0) -> None:
        self.script = script
        self.state = State.READY
        self.at = 0
        self.why = ""
        self._hands = hands
        self._stir = stir
        self._pace = pace
        self._task: asyncio.Task[None] | None = None
        self._idle = True
        self._stopping = False
        self._focus: dict[str, dict[str, Any]] = {}

    def view(self) -> dict[str, Any]:
        """Title, state, the line of narration, how far it is, and where to look in each app."""
        steps = self.script.steps
        begun = self.at + (self.state is State.PLAYING)
        done = [step for step in steps[:begun] if step.verb == "note"]
        return {
            "title": self.script.title,
            "state": self.state,
            "note": str(done[-1].value) if done and (self.at or self.state is not State.READY) else "",
            "at": self.at,
            "of": len(steps),
            "why": self.why,
            "focus": list(self._focus.values()),
        }

    async def play(self) -> None:
        """Go on to the end, unless paused."""
        await self._begin(one=False)

    async def step(self) -> None:
        """One line of narration with what belongs to it, then pause."""
        await self._begin(one=True)

    async def pause(self) -> None:
        """Stop: at once while waiting, else after what is being done; what was waited for is waited for again later."""
        task, self._task = self._task, None
        self._stopping = True
        if task is not None:
            if self._idle:
                task.cancel()
            await asyncio.wait([task])
        if self.state is State.PLAYING:
            self._turn(State.PAUSED)

    async def _begin(self, *, one: bool) -> None:
        if self.state is State.PLAYING or self.at >= len(self.script.steps):
            return
        self.why, self._stopping = "", False
        self._turn(State.PLAYING)
        self._task = asyncio.create_task(self._run(one))

    async def _run(self, one: bool) -> None:
        steps, begun = self.script.steps, self.at
        try:
            while self.at < len(steps) and not self._stopping:
                step = steps[self.at]
                if one and step.verb == "note" and self.at > begun:
                    self._turn(State.PAUSED)
                    return
                self._look_at(step)
                self._stir()
                self._idle = step.verb.startswith("sees")
                await self._hands.do(step)
                self._idle = True
                self.at += 1
                self._stir()
                await asyncio.sleep(self._pace * _pause(step))
            if self.at >= len(steps):
                self._turn(State.DONE)
        except REFUSALS as error:
            self.why = str(error).partition("\n")[0]
            self._turn(State.STOPPED)

    def _look_at(self, step: Step) -> None:
        """Whose app this step is in, and which room by words of its name; the last of each app, the newest last."""
        if step.who:
            account = BY_HANDLE[step.who]
            room = str(step.value) if step.verb == "sees_room" else step.place
            self._focus.pop(account.platform, None)
            self._focus[account.platform] = {
                "at": self.at,
                "platform": account.platform,
                "user": account.user,
                "room": room,
                "verb": step.verb,
            }

    def _turn(self, state: State) -> None:
        self.state = state
        self._stir()


def _pause(step: Step) -> float:
    if step.verb == "note":
        return READING
    return 0.0 if step.verb.startswith("sees") else BETWEEN
