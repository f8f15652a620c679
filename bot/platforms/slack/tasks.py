"""Work that goes on after an acknowledgement: kept, so that it is neither lost nor left behind at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

log = structlog.get_logger("slack")


class Tasks:
    """Tasks that are held until they end."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run it in the background; an error nobody looks at is logged by its class."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("slack.task_failed", error=type(error).__name__)

    async def drain(self, seconds: float) -> None:
        """Wait for what is running, then cancel the rest."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)
        for task in tuple(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(set(self._running), timeout=1.0)
