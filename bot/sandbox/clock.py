"""A clock that runs as the machine's does and can be moved: injected into the service and both stand-ins."""

from __future__ import annotations

import time
from datetime import datetime

from bot.domain.rules import SECOND


class MovableClock:
    """Begins at `begins` (now if None), is moved by `offset` (µs), and keeps running, as a day does."""

    def __init__(self, begins: datetime | None = None) -> None:
        self.offset = 0 if begins is None else round(begins.timestamp() * SECOND) - time.time_ns() // 1000

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1000 + self.offset

    def seconds(self) -> float:
        """The same for the fakes."""
        return self.now() / SECOND
