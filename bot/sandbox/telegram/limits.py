"""Rate limits as a bot meets them: per bot, per chat with a burst, per group and minute; by the injected clock."""

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests per second with a burst; None switches a limit off.

    The defaults leave room for a client that paces 0.98/s with a burst of 4 per chat and 29/s with a burst of 20.
    """

    bot_rate: float | None = 30.0
    bot_burst: int = 30
    chat_rate: float | None = 1.0
    chat_burst: int = 5
    group_per_minute: int | None = 20

    @classmethod
    def off(cls) -> "Limits":
        """Nothing is limited."""
        return cls(bot_rate=None, chat_rate=None, group_per_minute=None)


@dataclass(slots=True)
class Meter:
    """What one server has let through; a refused request costs nothing."""

    limits: Limits
    _due: dict[tuple[int, int], float] = field(default_factory=dict)
    _minutes: dict[tuple[int, int], deque[float]] = field(default_factory=dict)
    refused: int = 0
    """Requests that were told to wait so far."""

    def wait(self, bot: int, chat: int | None, now: float) -> int:
        """0 and the request is counted, or the whole seconds to wait and it is not; `chat` None: bot only."""
        limits = self.limits
        buckets: list[tuple[tuple[int, int], float, int]] = []
        if limits.bot_rate is not None:
            buckets.append(((bot, 0), limits.bot_rate, limits.bot_burst))
        if limits.chat_rate is not None and chat is not None:
            buckets.append(((bot, chat), limits.chat_rate, limits.chat_burst))
        for key, rate, burst in buckets:
            # A clock set back must not stop a chat for an hour.
            if self._due.get(key, 0.0) > now + (burst + 1) / rate:
                self._due[key] = now
        waits = [self._due.get(key, 0.0) - (burst - 1) / rate - now for key, rate, burst in buckets]
        minute: deque[float] | None = None
        if chat is not None and chat < 0 and limits.group_per_minute is not None:
            minute = self._minutes.setdefault((bot, chat), deque())
            while minute and not now - 60 < minute[0] <= now:
                minute.popleft()
            if len(minute) >= limits.group_per_minute:
                waits.append(minute[0] + 60 - now)
        longest = max(waits, default=0.0)
        # A millionth of a second is rounding, not haste.
        if longest > 1e-6:
            self.refused += 1
            return max(1, math.ceil(longest))
        for key, rate, _ in buckets:
            self._due[key] = max(self._due.get(key, 0.0), now) + 1 / rate
        if minute is not None:
            minute.append(now)
        return 0
