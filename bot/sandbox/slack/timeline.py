"""Things due later by an injected clock, which tests may move by hand and which may even go back."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Callable

POLL_SECONDS = 0.02  # real seconds between looks at the clock while something is due


class Timeline:
    """Calls back when the clock has reached a time; looks at it every few hundredths while anything waits."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._task: asyncio.Task[None] | None = None

    def at(self, due: float, callback: Callable[[], None]) -> None:
        """Run `callback` on the loop once the clock shows `due` (seconds since the epoch)."""
        heapq.heappush(self._waiting, (due, next(self._order), callback))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of the clock."""
        if seconds <= 0:
            return
        reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.at(self.now() + seconds, lambda: None if reached.done() else reached.set_result(None))
        await reached

    async def _watch(self) -> None:
        while self._waiting:
            now = self.now()
            while self._waiting and self._waiting[0][0] <= now:
                heapq.heappop(self._waiting)[2]()
            await asyncio.sleep(POLL_SECONDS)

    async def close(self) -> None:
        """Forget everything due."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
