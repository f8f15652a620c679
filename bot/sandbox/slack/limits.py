"""Slack's rate limits: one message a second per channel, the other methods by tier per workspace."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings; a client posting 0.98 a second per channel with a burst of 2 is always admitted."""

    enforce: bool = True
    posts_per_second: float = 1.0
    post_burst: int = 3
    per_minute: Mapping[int, int] = field(default_factory=lambda: {1: 1, 2: 20, 3: 50, 4: 100, 5: 600})

    @classmethod
    def off(cls) -> "Limits":
        """No limit at all."""
        return cls(enforce=False)


@dataclass(slots=True)
class Meter:
    """A virtual-scheduling meter for every key: what was admitted, and how long the next has to wait."""

    _due: dict[tuple[str, ...], float] = field(default_factory=dict)
    refused: int = 0
    """Requests that were told to wait so far."""

    def wait(self, key: tuple[str, ...], per_second: float, burst: int, now: float) -> int:
        """0 when admitted, else whole seconds until it would be (at least 1)."""
        step = 1.0 / per_second
        due = self._due.get(key, now)
        if due > now + step * (burst + 1):
            due = now  # the clock went back: a limit must not outlive its own window
        due = max(due, now)
        early = due - now - step * (burst - 1)
        if early > 1e-9:
            self.refused += 1
            return max(1, math.ceil(early))
        self._due[key] = due + step
        return 0

    def clear(self) -> None:
        """Forget all that was counted."""
        self._due.clear()


def wait_for(meter: Meter, limits: Limits, team: str, method: str, tier: int, channel: str, now: float) -> int:
    """Seconds to wait (0: admitted); posts count per channel, all else per workspace and method."""
    if not limits.enforce:
        return 0
    if method == "chat.postMessage":
        return meter.wait((team, channel), limits.posts_per_second, limits.post_burst, now)
    allowed = limits.per_minute[tier]
    return meter.wait((team, "", method), allowed / 60, allowed, now)
