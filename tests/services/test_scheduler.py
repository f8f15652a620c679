"""The clock loop: woken by every message, it looks and then not again for a while."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest

import bot.workers.scheduler
from bot.workers.scheduler import Duty, SchedulerWorker
from tests.support.casework import Casework


async def test_however_often_it_is_woken_it_rests_between_looks(
    desk: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.workers.scheduler, "REST", 0.3)
    looks: list[float] = []
    duty = Duty("look", lambda unit, limit: looks.append(time.monotonic()) or 0, lambda unit: None)
    worker = SchedulerWorker(desk.units, (duty,))
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        while len(looks) < 4:
            desk.units.engine.notify("scheduler")
            await asyncio.sleep(0.005)
    assert all(later - earlier > 0.29 for earlier, later in itertools.pairwise(looks))
    monkeypatch.setattr(bot.workers.scheduler, "REST", 60.0)
    await asyncio.sleep(0.5)
    desk.units.engine.notify("scheduler")
    worker.stop()  # nor does it rest when it is to stop
    async with asyncio.timeout(20):
        await running
