"""Two cases of one dentist with two specialists, on real services and a real database, copied for every run."""

from __future__ import annotations

import asyncio
import itertools
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row

from bot.domain.ids import CaseId, IdSource
from bot.domain.rules import Rules
from bot.ports.clock import ManualClock
from bot.services import rooms
from bot.services.unit import Unit, Units
from bot.workers.outbox import OutboxWorker
from storage.engine.base import Engine
from storage.keys import unlock
from storage.sealing import Sealer
from tests.support import casework
from tests.support.casework import JOHAL, PATEL, SHAH, START
from tests.support.databases import PostgresDatabases, migrate, open_url
from tests.support.platforms import slack, telegram

T = TypeVar("T")
Row = dict[str, Any]
MEMORY = Path("/dev/shm")
"""Where databases that nobody needs afterwards cost no disk."""
RULES = Rules(pacing=False)
CASES = {CaseId(1001): ("C-7K3F", JOHAL), CaseId(1002): ("C-7K4G", SHAH)}
CAPABILITIES = {"slack": slack().capabilities, "telegram": telegram().capabilities}


@dataclass
class Desk:
    """One run's database and clock. `rows` looks past the product."""

    engine: Engine
    units: Units
    clock: ManualClock
    rows: Callable[[str], list[Row]]
    close_eyes: Callable[[], None]


class Stage:
    """One event loop for the runs of a machine, over copies of a SQLite file or lent PostgreSQL databases."""

    def __init__(self, databases: PostgresDatabases | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self._folder = Path(tempfile.mkdtemp(prefix="outbox-", dir=MEMORY if MEMORY.is_dir() else None))
        self._runs = itertools.count(1)
        self._databases = databases
        self._lent = ""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end on the stage's loop."""
        return self.loop.run_until_complete(work)

    def desk(self) -> Desk:
        """A fresh practice: both cases open, nothing said yet."""
        folder = self._folder / str(next(self._runs))
        if self._databases is None:
            shutil.copytree(_template(), folder)
            return self.run(_open(f"sqlite:///{folder / 'outbox.db'}", folder, START + 1_000_000))
        folder.mkdir()
        self._lent = self._databases.take()
        desk = self.run(_open(self._databases.server.url(self._lent), folder, START))
        self.run(_build(desk))
        return desk

    def close(self, desk: Desk) -> None:
        """End a run."""
        desk.close_eyes()
        self.run(desk.engine.close())
        if self._databases is not None:
            self._databases.give_back(self._lent)

    def end(self) -> None:
        """The machine is done."""
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self._folder, ignore_errors=True)


async def _open(url: str, folder: Path, now: int) -> Desk:
    engine = await open_url(url)
    sealer = Sealer(await unlock(engine, folder / "outbox.key", 0))
    clock = ManualClock(now)
    tokens = itertools.count(now)
    units = Units(
        engine,
        clock,
        IdSource(clock.now, random.Random(7).getrandbits, 1),
        sealer,
        CAPABILITIES,
        RULES,
        lambda: f"token-{next(tokens)}",
    )
    eyes: Any
    if url.startswith("sqlite"):
        eyes = sqlite3.connect(
            f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )

        def rows(sql: str) -> list[Row]:
            cursor = eyes.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]
    else:
        eyes = psycopg.connect(url, autocommit=True, row_factory=dict_row)

        def rows(sql: str) -> list[Row]:
            return list(eyes.execute(sql.encode()))

    return Desk(engine, units, clock, rows, eyes.close)


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="outbox-world-"))
    url = f"sqlite:///{folder / 'outbox.db'}"
    migrate(url)
    with closing(asyncio.new_event_loop()) as loop:
        desk = loop.run_until_complete(_open(url, folder, START))
        loop.run_until_complete(_build(desk))
        desk.close_eyes()
        loop.run_until_complete(desk.engine.close())
        loop.run_until_complete(loop.shutdown_default_executor())
    return folder


async def _build(desk: Desk) -> None:
    await desk.units.do(casework.people_of_the_practice)
    await desk.units.do(_cases)
    worker = OutboxWorker(desk.units, {"slack": slack(), "telegram": telegram()}, "build")
    while await worker.turn() is not None:
        desk.clock.advance(1)


def _cases(unit: Unit) -> None:
    for case, (ref, specialist) in CASES.items():
        unit.tx.execute(
            """INSERT INTO case_file(id, ref, practice_id, dentist_id, specialist_id, state, created_at)
               VALUES (:id, :ref, 1, :d, :s, 'open', :now)""",
            {"id": case, "ref": ref, "d": PATEL, "s": specialist, "now": unit.now},
        )
        assert rooms.take_seat(unit, case, "dentist", PATEL) is not None
        assert rooms.take_seat(unit, case, "specialist", specialist) is not None
