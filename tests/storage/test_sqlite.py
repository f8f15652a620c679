"""What is SQLite's alone: one process, group commit, and faults of disk and lock."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine.base import Tx
from storage.engine.sqlite import SqliteEngine, open_sqlite
from storage.errors import Busy, ConfigError, Corrupt, DiskFull, InUse, Misuse

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


async def test_settings_that_keep_the_promise(engine: SqliteEngine, path: Path) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "secure_delete", "temp_store")
    found = await engine.write(lambda tx: [tx.one(f"PRAGMA {name}") for name in names])
    assert [list(row.values())[0] for row in found if row] == ["wal", 2, 1, 0, 1, 2]
    assert await engine.read(lambda tx: tx.one("PRAGMA query_only")) == {"query_only": 1}
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_waiting_units_share_one_commit(engine: SqliteEngine) -> None:
    held, go = threading.Event(), threading.Event()

    def gate(tx: Tx) -> None:
        held.set()
        assert go.wait(10)

    first = asyncio.create_task(engine.write(gate))
    await asyncio.to_thread(held.wait, 10)
    statements: list[str] = []
    waiting = [asyncio.create_task(engine.write(add(n))) for n in range(50)]
    watching = asyncio.create_task(engine.write(lambda tx: tx._connection.set_trace_callback(statements.append)))
    last = [asyncio.create_task(engine.write(add(n))) for n in range(50, 60)]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, watching, *waiting, *last)
    assert statements.count("COMMIT") == 1
    assert sum(statement.startswith("SAVEPOINT") for statement in statements) == 10


async def test_nothing_is_answered_before_the_commit(engine: SqliteEngine, path: Path) -> None:
    """Each result, as soon as it is there, is already to be seen by another process's eyes."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as eyes:

        async def one(n: int) -> None:
            await engine.write(add(n))
            assert eyes.execute("SELECT 1 FROM room WHERE id = ?", (n,)).fetchone() == (1,)

        await asyncio.gather(*(one(n) for n in range(100)))


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
        try:
            add(2, 1_000_000)(tx)
        except DiskFull:
            pass
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


# ------------------------------------------------------------------------------------------------- one process


async def test_a_second_process_is_refused(engine: SqliteEngine, path: Path) -> None:
    with pytest.raises(InUse, match="another Chairside process is using .*room"):
        await open_sqlite(path)
    script = f"""
import asyncio, pathlib
from storage.engine.sqlite import open_sqlite
from storage.errors import InUse
try:
    asyncio.run(open_sqlite(pathlib.Path({str(path)!r})))
except InUse:
    print("refused")
"""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n"


async def test_the_lock_goes_with_the_engine(path: Path) -> None:
    for _ in range(2):
        engine = await open_sqlite(path)
        await engine.close()


async def test_looking_on_while_another_writes(engine: SqliteEngine, path: Path) -> None:
    looker = await open_sqlite(path, read_only=True)
    try:
        await engine.write(add(1))
        assert await count(looker) == 1
        with pytest.raises(Misuse, match="for reading only"):
            await looker.write(add(2))
    finally:
        await looker.close()
    await engine.write(add(3))
    assert await count(engine) == 2


async def test_looking_at_what_a_crash_left(engine: SqliteEngine, path: Path, tmp_path: Path) -> None:
    """A read-only look at an unfinished log sees what was committed and leaves the log where it is."""
    for n in range(20):
        await engine.write(add(n))
    left = tmp_path / "left"
    shutil.copytree(path.parent, left)
    (left / "x.db-shm").unlink()
    size = (left / "x.db-wal").stat().st_size
    assert size > 0
    looker = await open_sqlite(left / "x.db", read_only=True)
    assert await count(looker) == 20
    await looker.close()
    assert (left / "x.db-wal").stat().st_size == size
    again = await open_sqlite(left / "x.db")
    assert await count(again) == 20
    await again.close()


# ------------------------------------------------------------------------------------------------ log and file


async def test_the_log_stays_small_and_ends_empty(engine: SqliteEngine, path: Path) -> None:
    wal = path.with_name("x.db-wal")
    largest = 0
    for start in range(0, 20_000, 500):
        rows = [{"id": n, "body": bytes(200)} for n in range(start, start + 500)]
        await engine.write(lambda tx, rows=rows: tx.many(ADD, rows))
        largest = max(largest, wal.stat().st_size)
    assert largest < 2_000_000  # the rows themselves are 4 MB
    await engine.close()
    assert not wal.exists()
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT COUNT(*) FROM room").fetchone() == (20_000,)


async def test_a_long_reader_only_puts_the_checkpoint_off(engine: SqliteEngine, path: Path) -> None:
    begun, go = threading.Event(), threading.Event()

    def long(tx: Tx) -> int:
        tx.one("SELECT * FROM room")
        begun.set()
        assert go.wait(10)
        return len(tx.all("SELECT id FROM room"))

    reading = asyncio.create_task(engine.read(long))
    await asyncio.to_thread(begun.wait, 10)
    for n in range(1200):
        await engine.write(add(n, 100))
    go.set()
    assert await reading == 0
    assert await count(engine) == 1200


async def test_not_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"certainly not a database, though long enough to be one" * 100)
    with pytest.raises(Corrupt):
        await open_sqlite(path)
    path.unlink()
    engine = await open_sqlite(path)  # nothing stayed locked
    await engine.close()


async def test_places_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no database at"):
        await open_sqlite(tmp_path / "none.db", read_only=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match=r"cannot write .*: Not a directory|File exists"):
        await open_sqlite(tmp_path / "file" / "x.db")
    with pytest.raises(ConfigError, match="Is a directory"):
        os.mkdir(tmp_path / "folder.db")
        await open_sqlite(tmp_path / "folder.db")


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
