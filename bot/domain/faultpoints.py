"""Named points at which a test may have the process die as if by `kill -9`. Nothing is armed unless a test says so.

`CHAIRSIDE_TEST_CRASH` holds `name:chance` pairs separated by commas, for example `claimed:0.01,sent:0.01`.
"""

from __future__ import annotations

import os
import random
import signal

POINTS = ("stored", "handled", "claimed", "uploaded", "sent", "settled")


class FaultPoints:
    """The chances by name; empty in every real run."""

    def __init__(self, setting: str) -> None:
        self._chances: dict[str, float] = {}
        for pair in filter(None, setting.split(",")):
            name, _, chance = pair.partition(":")
            if name not in POINTS:
                raise ValueError(f"no fault point called {name}")
            self._chances[name] = float(chance)
        self._random = random.SystemRandom()

    def reached(self, name: str) -> None:
        """Die here, if a test armed this point and the dice say so."""
        chance = self._chances.get(name)
        if chance is not None and self._random.random() < chance:
            os.kill(os.getpid(), signal.SIGKILL)


_points = FaultPoints(os.environ.get("CHAIRSIDE_TEST_CRASH", ""))


def arm(setting: str) -> None:
    """Arm anew, for a test that starts the process itself."""
    global _points
    _points = FaultPoints(setting)


def reached(name: str) -> None:
    """Pass a named point."""
    _points.reached(name)
