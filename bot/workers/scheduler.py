"""The clock loop: APScheduler is only the ticker; the truth is rows with a due moment, settled in a transaction."""

from __future__ import annotations

import asyncio
import contextlib
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
REST = 0.1
"""Seconds from one look to the next at least, however often it is woken."""
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
    """Runs every duty when it is due, and at least every `TICK` seconds.

    Each message wakes it, for it moves something that is due much later: then it only asks what is due by now.
    """

    def __init__(self, units: Units, duties: Sequence[Duty]) -> None:
        self._units = units
        self._duties = duties
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._stopping = asyncio.Event()
        self._busy = asyncio.Lock()
        self._turns = 0
        self._ticked = 0.0

    async def run(self) -> None:
        """Tick until `stop`, at least every `TICK` seconds; a wake on "scheduler" looks at once, or after `REST`."""
        loop = asyncio.get_running_loop()
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
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), REST)
                # Woken or not: the ticker goes by the machine's clock, and sleeps on when that is put back.
                woken = await self._units.engine.wait_notify("scheduler", float(TICK))
                await self._turn(whole=not woken or loop.time() - self._ticked >= TICK)
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
        await self._turn(whole=True)

    async def _turn(self, *, whole: bool) -> None:
        """Every duty, or those that are due by their own word; one turn after another."""
        self._turns += 1
        try:
            async with self._busy:
                if self._stopping.is_set():
                    return
                moments = [] if whole else await self._moments()
                due = self._duties
                if whole:
                    self._ticked = asyncio.get_running_loop().time()
                else:
                    now = self._units.clock.now()
                    due = [duty for duty, at in zip(due, moments, strict=False) if at is not None and at <= now]
                for duty in due:
                    await self._do(duty)
                if due:
                    moments = await self._moments()
                if self._turns == 1:  # else the next turn does: a tick that falls due while one runs is skipped
                    self._bring_forward(moments)
        finally:
            self._turns -= 1

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

    async def _moments(self) -> list[int | None]:
        """When each duty is due next; nothing while the database is out of reach."""
        try:
            return await self._units.look(lambda unit: [duty.next_due(unit) for duty in self._duties])
        except RETRYABLE:
            return []

    def _bring_forward(self, moments: Sequence[int | None]) -> None:
        known = [moment for moment in moments if moment is not None]
        if not known or not self._scheduler.running:
            return
        seconds = (min(known) - self._units.clock.now()) / SECOND
        if seconds < TICK:
            # never at this very instant: a job due while its own tick runs would be skipped
            at = datetime.now(UTC).timestamp() + max(seconds, 0.05)
            self._scheduler.modify_job("tick", next_run_time=datetime.fromtimestamp(at, UTC))
