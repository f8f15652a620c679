"""Wakes inside one process: a bell for each channel, rung on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable


class Bells:
    """One bell a channel. Ringing is remembered until somebody waits."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}

    def _bell(self, channel: str) -> asyncio.Event:
        return self._bells.setdefault(channel, asyncio.Event())

    def ring(self, channels: Iterable[str]) -> None:
        """Wake the waiters of these channels."""
        for channel in channels:
            self._bell(channel).set()

    def ring_all(self) -> None:
        """Wake every waiter there ever was: wakes may have been missed."""
        self.ring(tuple(self._bells))

    async def wait(self, channel: str, seconds: float) -> bool:
        """Wait up to `seconds`; True if the bell rang since the last wait."""
        bell = self._bell(channel)
        if not bell.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await bell.wait()
            except TimeoutError:
                return False
        bell.clear()
        return True
