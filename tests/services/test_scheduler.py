"""The clock loop: ticks by its own hand and ticks of the ticker do not get in each other's way."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.ports.clock import SystemClock
from bot.services.unit import Unit
from bot.workers.scheduler import Duty, SchedulerWorker
from tests.support.casework import Casework


async def test_no_tick_falls_due_while_one_runs(desk: Casework, caplog: pytest.LogCaptureFixture) -> None:
    desk.units.clock = SystemClock()
    done: list[int] = [0]

    def run(unit: Unit, limit: int) -> int:
        time.sleep(0.1)
        done.append(unit.now)
        return 0

    worker = SchedulerWorker(desk.units, (Duty("slow", run, lambda unit: done[-1] + 160_000),))
    with caplog.at_level("WARNING", logger="apscheduler"):
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(20):
            while len(done) < 8:
                desk.units.engine.notify("scheduler")
                await asyncio.sleep(0.01)
        worker.stop()
        await running
    assert "skipped" not in caplog.text
