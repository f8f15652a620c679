"""SQLite under faults of disk, lock and process: nothing is acknowledged that is not saved, and it recovers."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage.engine.base import Tx
from storage.engine.sqlite import SqliteEngine, open_sqlite
from storage.errors import Busy, DiskFull

ADD = "INSERT INTO room(id, body) VALUES (:id, :body)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room" / "x.db"


@pytest.fixture
async def engine(path: Path):
    opened = await open_sqlite(path, busy_seconds=0.05)
    await opened.write(lambda tx: tx.execute("CREATE TABLE room(id INTEGER PRIMARY KEY, body BYTEA)"))
    yield opened
    await opened.close()


def add(id_: int, size: int = 10):
    return lambda tx: tx.execute(ADD, {"id": id_, "body": bytes(size)})


async def count(engine: SqliteEngine) -> int:
    row = await engine.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM room"))
    assert row is not None
    return int(row["n"])


# --------------------------------------------------------------------------------------------------- disk full


async def limit_pages(engine: SqliteEngine, spare: int) -> None:
    def unit(tx: Tx) -> None:
        pages = tx.one("PRAGMA page_count")
        assert pages is not None
        tx.all(f"PRAGMA max_page_count = {pages['page_count'] + spare}")

    await engine.write(unit)


async def test_disk_full_saves_nothing_it_does_not_acknowledge(engine: SqliteEngine) -> None:
    await limit_pages(engine, 40)
    results = await asyncio.gather(*(engine.write(add(n, 9000)) for n in range(60)), return_exceptions=True)
    saved = {n for n, result in enumerate(results) if result == 1}
    assert {type(result) for result in results} == {int, DiskFull}
    rows = await engine.read(lambda tx: tx.all("SELECT id FROM room"))
    assert {row["id"] for row in rows} == saved
    assert 0 < len(saved) < 60
    await limit_pages(engine, 10_000)  # somebody made room
    assert await engine.write(add(100, 9000)) == 1
    assert await engine.read(lambda tx: tx.one("PRAGMA integrity_check")) == {"integrity_check": "ok"}


async def test_a_unit_that_swallows_disk_full_is_not_acknowledged(engine: SqliteEngine) -> None:
    def unit(tx: Tx) -> str:
        add(1)(tx)
        with suppress(DiskFull):
            add(2, 1_000_000)(tx)
        return "saved"

    await limit_pages(engine, 5)
    neighbours = [add(n) for n in (10, 11)]
    results = await asyncio.gather(
        *(engine.write(each) for each in (neighbours[0], unit, neighbours[1])), return_exceptions=True
    )
    assert results[0] == results[2] == 1
    assert isinstance(results[1], DiskFull)
    assert await count(engine) == 2


# ------------------------------------------------------------------------------------------------------ locked


async def test_locked_by_somebody_else(engine: SqliteEngine, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        results = await asyncio.gather(*(engine.write(add(n)) for n in range(10)), return_exceptions=True)
        assert {type(result) for result in results} == {Busy}
        assert await count(engine) == 0  # readers are not in its way
        other.execute("ROLLBACK")
    assert await asyncio.gather(*(engine.write(add(n)) for n in range(10))) == [1] * 10
    assert await count(engine) == 10


async def test_a_short_lock_is_waited_out(path: Path) -> None:
    engine = await open_sqlite(path, busy_seconds=10)
    await engine.write(lambda tx: tx.execute("CREATE TABLE room(id INTEGER PRIMARY KEY, body BYTEA)"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(engine.write(add(1)))
        done, _ = await asyncio.wait([writing], timeout=0.05)
        assert not done
        other.execute("ROLLBACK")
        assert await writing == 1
    await engine.close()


# ------------------------------------------------------------------------------------------------------ killed


async def test_killed_between_commits(path: Path) -> None:
    """What was acknowledged before a SIGKILL is there afterwards."""
    script = f"""
import asyncio, pathlib
from storage.engine.sqlite import open_sqlite
async def main():
    engine = await open_sqlite(pathlib.Path({str(path)!r}))
    await engine.write(lambda tx: tx.execute("CREATE TABLE room(id INTEGER PRIMARY KEY, body BYTEA)"))
    async def lane(k):
        for n in range(k, 10**9, 5):
            await engine.write(lambda tx: tx.execute({ADD!r}, {{"id": n, "body": b"x"}}))
            print(n, flush=True)
    await asyncio.gather(*(lane(k) for k in range(5)))
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = [int(await process.stdout.readline()) for _ in range(300)]
    process.kill()
    said += [int(line) for line in (await process.stdout.read()).splitlines(keepends=True) if line.endswith(b"\n")]
    await process.wait()
    engine = await open_sqlite(path)
    rows = await engine.read(lambda tx: tx.all("SELECT id FROM room"))
    assert set(said) <= {row["id"] for row in rows}
    assert await engine.read(lambda tx: tx.one("PRAGMA integrity_check")) == {"integrity_check": "ok"}
    await engine.close()


async def test_a_process_that_forgets_to_close_still_ends(path: Path) -> None:
    script = f"""
import asyncio, pathlib
from storage.engine.sqlite import open_sqlite
async def main():
    engine = await open_sqlite(pathlib.Path({str(path)!r}))
    await engine.write(lambda tx: tx.execute("CREATE TABLE room(id INTEGER PRIMARY KEY, body BYTEA)"))
    raise SystemExit(3)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    async with asyncio.timeout(30):
        assert await process.wait() == 3
