"""Trouble at the flick of a switch: a platform or the model that is down, or slow, and the service itself gone."""

from __future__ import annotations

from typing import Final

from bot.sandbox.faults import Kind, Rule
from bot.sandbox.stage import Stage

KINDS: Final = ("telegram", "slack", "slack speed", "service", "model")
STATES: Final = ("up", "down")
MODEL: Final = ("off", "on", "down")
"""Of the model: not set up, as at the beginning; answering; set up and out of reach."""
SLOW: Final = 2.5
"""Seconds that a slow Slack takes for each answer."""


class Troubles:
    """The switches of one stage; each is on (trouble) or off."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._slow: Rule | None = None
        self._down: set[str] = set()

    @property
    def on(self) -> dict[str, bool]:
        """Every switch and whether it makes trouble."""
        return {
            "telegram": "telegram" in self._down,
            "slack": "slack" in self._down,
            "slack speed": self._slow is not None,
            "service": not self._stage.running,
            "model": self.model == "down",
        }

    @property
    def model(self) -> str:
        """One of MODEL."""
        if not self._stage.modelled:
            return "off"
        return "on" if self._stage.model.is_up else "down"

    async def set_model(self, state: str) -> None:
        """One of MODEL, or KeyError. The service reads its settings at the start: from and to `off` it starts again."""
        if state not in MODEL:
            raise KeyError(state)
        await (self._stage.model.down() if state == "down" else self._stage.model.up())
        modelled = state != "off"
        if self._stage.modelled is modelled:
            return
        self._stage.modelled = modelled
        if self._stage.running:
            await self._stage.down()
            await self._stage.up(wait=not self._down)

    async def turn(self, kind: str, *, trouble: bool) -> None:
        """Make trouble of this kind, or end it; what is so already stays."""
        if kind == "model":
            await self.set_model("down" if trouble else "on")
            return
        if self.on[kind] is trouble:
            return
        match kind:
            case "slack speed":
                self._slow_down(trouble)
            case "service" if trouble:
                await self._stage.pull_the_plug(self._down)
            case "service":
                await self._stage.up(wait=not self._down)
            case _:
                fake = self._stage.slack if kind == "slack" else self._stage.telegram
                await (fake.down() if trouble else fake.up())
                self._down ^= {kind}

    def _slow_down(self, trouble: bool) -> None:
        faults = self._stage.slack.faults
        if self._slow is not None:
            faults.remove(self._slow)
        self._slow = faults.add(Kind.SLOW, times=None, seconds=SLOW) if trouble else None
