"""The clock loop: woken by every message, it asks what is due by now, does that and nothing else."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest

import bot.workers.scheduler
from bot.domain.rules import HOUR
from bot.ports.clock import SystemClock
from bot.services.unit import Unit
from bot.workers.scheduler import Duty, SchedulerWorker
from tests.support.casework import Casework


async def test_however_often_it_is_woken_it_rests_between_looks(
    desk: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.workers.scheduler, "REST", 0.3)
    asked: list[float] = []
    duty = Duty("ask", lambda unit, limit: 0, lambda unit: asked.append(time.monotonic()))
    worker = SchedulerWorker(desk.units, (duty,))
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        while len(asked) < 4:
            desk.units.engine.notify("scheduler")
            await asyncio.sleep(0.005)
    assert all(later - earlier > 0.29 for earlier, later in itertools.pairwise(asked))
    monkeypatch.setattr(bot.workers.scheduler, "REST", 60.0)
    await asyncio.sleep(0.5)
    desk.units.engine.notify("scheduler")
    worker.stop()  # nor does it rest when it is to stop
    async with asyncio.timeout(20):
        await running


async def test_woken_it_does_what_is_due_by_its_own_word_and_nothing_else(desk: Casework) -> None:
    done: list[str] = []
    due: dict[str, int | None] = {"later": desk.units.clock.now() + HOUR, "some": None, "never": None}

    def duty(name: str) -> Duty:
        def run(unit: object, limit: int) -> int:
            done.append(name)
            due[name] = None
            return 0

        return Duty(name, run, lambda unit: due[name])

    worker = SchedulerWorker(desk.units, tuple(duty(name) for name in due))
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        while len(done) < 3:  # noqa: ASYNC110 - at its start it does everything, on the database's thread
            await asyncio.sleep(0.01)
        async with worker._busy:  # that first look is over, and has nothing to come back for
            due["later"] = desk.units.clock.now() + HOUR
        due["some"] = desk.units.clock.now() - 1
        done.clear()
        desk.units.engine.notify("scheduler")
        while not done:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    worker.stop()
    await running
    assert done == ["some"]


async def test_no_tick_falls_due_while_one_runs(
    desk: Casework, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bot.workers.scheduler, "REST", 0.01)
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
