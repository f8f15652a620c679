"""The clock loop: APScheduler is only the ticker; the truth is rows with a due moment, settled in a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.ids import PersonId
from bot.domain.rules import CLOCK_LOOKS, SECOND
from bot.services.unit import Unit, Units
from storage.errors import RETRYABLE

log = structlog.get_logger("scheduler")
TICK = CLOCK_LOOKS // SECOND
"""Seconds between looks when nothing is due sooner; a clock that jumps is caught by the next one."""
BATCH = 100


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that falls due: `run(unit, limit)` does it and says how much, `next_due` when to look again (µs).

    With `each`, `run` only leases what is due and names whose it is, and `each` does one person's share in a
    transaction of its own: one that fails holds up nobody else, and comes again once its lease is over.
    """

    name: str
    run: Callable[[Unit, int], int | list[PersonId]]
    next_due: Callable[[Unit], int | None]
    each: Callable[[Unit, PersonId], object] | None = None


class SchedulerWorker:
    """Runs every duty when it is due, and at least every `TICK` seconds."""

    def __init__(self, units: Units, duties: Sequence[Duty]) -> None:
        self._units = units
        self._duties = duties
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._stopping = asyncio.Event()
        self._busy = asyncio.Lock()
        self._ticks = 0
        """Under way or waiting for their turn."""

    async def run(self) -> None:
        """Tick until `stop`, at least every `TICK` seconds; a wake on "scheduler" looks at once."""
        self._scheduler.add_job(
            self.tick,
            IntervalTrigger(seconds=TICK, timezone=UTC),
            id="tick",
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        try:
            await self.tick()
            while not self._stopping.is_set():
                # Woken or not: the ticker goes by the machine's clock, and sleeps on when that is put back.
                await self._units.engine.wait_notify("scheduler", float(TICK))
                await self.tick()
        finally:
            self._scheduler.shutdown(wait=False)
        async with self._busy:
            log.info("scheduler.stopped")

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping.set()
        self._units.engine.notify("scheduler")

    async def tick(self) -> None:
        """Do everything that is due now, then bring the next tick forward to what comes next."""
        self._ticks += 1
        try:
            async with self._busy:
                if self._stopping.is_set():
                    return
                for duty in self._duties:
                    await self._do(duty)
                if self._ticks == 1:  # else the next does: what is brought forward into a tick that runs is skipped
                    await self._bring_forward()
        finally:
            self._ticks -= 1

    async def _do(self, duty: Duty) -> None:
        try:
            done = BATCH
            while done >= BATCH and not self._stopping.is_set():
                found = await self._units.do(lambda unit: duty.run(unit, BATCH))
                if isinstance(found, int):
                    done = found
                    continue
                done = BATCH if found else 0
                for person_id in found:
                    await self._do_one(duty, person_id)
        except RETRYABLE as error:
            log.warning("scheduler.database", duty=duty.name, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - one duty's fault must not stop the others
            log.error("scheduler.fault", duty=duty.name, error=type(error).__name__)

    async def _do_one(self, duty: Duty, person_id: PersonId) -> None:
        each = duty.each
        assert each is not None
        try:
            await self._units.do(lambda unit: each(unit, person_id))
        except RETRYABLE:
            raise
        except Exception as error:  # noqa: BLE001 - one person's fault must not stop the others
            log.error("scheduler.fault", duty=duty.name, error=type(error).__name__)

    async def _bring_forward(self) -> None:
        try:
            moments = await self._units.look(lambda unit: [duty.next_due(unit) for duty in self._duties])
        except RETRYABLE:
            return
        known = [moment for moment in moments if moment is not None]
        if not known or not self._scheduler.running:
            return
        seconds = (min(known) - self._units.clock.now()) / SECOND
        if seconds < TICK:
            # never at this very instant: a job due while its own tick runs would be skipped
            at = datetime.now(UTC).timestamp() + max(seconds, 0.05)
            self._scheduler.modify_job("tick", next_run_time=datetime.fromtimestamp(at, UTC))
