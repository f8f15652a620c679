"""Wakes inside one process: a bell for each channel, rung on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable


class Bells:
    """One bell a channel. Ringing is remembered until somebody waits."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}
        self._answers: dict[str, Callable[[], None]] = {}

    def _bell(self, channel: str) -> asyncio.Event:
        return self._bells.setdefault(channel, asyncio.Event())

    def ring(self, channels: Iterable[str]) -> None:
        """Wake the waiters of these channels."""
        for channel in channels:
            answer = self._answers.pop(channel, None)
            if answer is None:
                self._bell(channel).set()
            else:
                answer()

    def taken(self, channel: str) -> bool:
        """Whether the bell rang since the last wait, which it is then for."""
        bell = self._bell(channel)
        rang = bell.is_set()
        bell.clear()
        return rang

    def answer(self, channel: str, call: Callable[[], None] | None) -> None:
        """The next ring calls this, once, and is not remembered; None: nobody answers."""
        if call is None:
            self._answers.pop(channel, None)
        else:
            self._answers[channel] = call

    def ring_all(self) -> None:
        """Wake every waiter there ever was: wakes may have been missed."""
        self.ring({*self._bells, *self._answers})

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
