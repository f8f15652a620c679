"""The clock port: the only way anything learns what time it is. Microseconds since the epoch, UTC."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Says the time. It may jump either way (a machine put right, a test): never measure spans with it."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1000


class ManualClock:
    """A clock moved by hand, for tests, the sandbox and the simulation."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._watchers: list[Callable[[int], None]] = []

    def now(self) -> int:
        """Microseconds since the epoch, UTC, as last set."""
        return self._now

    def set(self, now: int) -> None:
        """Move to `now`, forwards or back, and tell every watcher."""
        self._now = now
        for watcher in tuple(self._watchers):
            watcher(now)

    def advance(self, micros: int) -> None:
        """Move on by `micros` (back, if negative)."""
        self.set(self._now + micros)

    def on_move(self, watcher: Callable[[int], None]) -> None:
        """Call `watcher(now)` after every move, so that whatever sleeps can look again."""
        self._watchers.append(watcher)
