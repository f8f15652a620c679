"""When Telegram was last heard, on disk, so that a gap is known after a restart too."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.platforms.telegram.ids import seen_name
from bot.platforms.telegram.pace import Pace
from bot.ports.inbound import Inbox

QUERY_LIFE: Final = 150.0
"""Seconds Telegram keeps a button press for us: a longer gap may have lost some."""
_SECOND: Final = 1_000_000

OnGap = Callable[[float, int], Awaitable[None]]
"""Called with how many seconds we had not heard from Telegram, once they exceed `QUERY_LIFE`, and since when (µs).

A message is kept for a day, `bot.domain.rules.DAY`. Told again, with the same moment, until it could be told.
"""
_log = structlog.get_logger(__name__)


def since_boot() -> float:
    """Seconds that passed, a machine's sleep counted in and a clock put right or wrong left out."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Heard:
    """The last moment at which everything said up to then had reached us. `now` in µs, `awake` in seconds."""

    def __init__(
        self,
        bot: int,
        inbox: Inbox,
        now: Callable[[], int],
        on_gap: OnGap,
        pace: Pace,
        awake: Callable[[], float] = since_boot,
    ) -> None:
        self._name = seen_name(bot)
        self._inbox = inbox
        self._now = now
        self._on_gap = on_gap
        self._pace = pace
        self._awake = awake
        self._heard = awake()
        self._last: int | None = None
        self._noted = 0

    async def load(self) -> None:
        """What an earlier run noted; the first time ever there is nothing."""
        seen = await self._inbox.cursor(self._name)
        self._last = int(seen) if seen else None

    async def now(self, *, gap: bool, surely: bool = False) -> None:
        """We hear. Report the time before as a gap if it was one and is long; note it once in a while, or `surely`.

        `gap` says that hearing was broken off. Where it was not, the machine may still have slept. If reporting
        raises, the gap is not noted as over and is reported again.
        """
        now, awake = self._now(), self._awake()
        if self._last is not None:
            seconds = max(0, now - self._last) / _SECOND if gap else awake - self._heard
            if seconds > QUERY_LIFE:
                _log.warning("telegram_gap", seconds=round(seconds))
                await self._on_gap(seconds, self._last)
        if surely or gap or abs(now - self._noted) >= self._pace.note * _SECOND:
            await self._inbox.store((), (self._name, str(now)))
            self._noted = now
        self._last, self._heard = now, awake
