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
from storage.errors import ConfigError, Corrupt, InUse, Misuse

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


async def test_a_rider_shares_the_commit_of_whoever_woke_it(engine: SqliteEngine) -> None:
    def waking(tx: Tx) -> None:
        add(1)(tx)
        tx.notify("outbox")

    riding = asyncio.create_task(engine.ride("outbox", 60, add(2)))
    await asyncio.sleep(0)
    await engine.write(waking)
    assert await count(engine) == 2  # not a moment later than the unit that took it along
    assert await riding == 1
    assert not await engine.wait_notify("outbox", 0.001)


async def test_settings_that_keep_the_promise(engine: SqliteEngine, path: Path) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "secure_delete", "temp_store")
    found = await engine.write(lambda tx: [tx.one(f"PRAGMA {name}") for name in names])
    assert [next(iter(row.values())) for row in found if row] == ["wal", 2, 1, 0, 1, 2]
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
    assert not any(statement.startswith("SAVEPOINT") for statement in statements)


async def test_a_unit_that_raises_leaves_its_neighbours_in_one_commit(engine: SqliteEngine) -> None:
    held, go = threading.Event(), threading.Event()

    def gate(tx: Tx) -> None:
        held.set()
        assert go.wait(10)

    def fails(tx: Tx) -> None:
        add(100)(tx)
        raise ValueError

    first = asyncio.create_task(engine.write(gate))
    await asyncio.to_thread(held.wait, 10)
    statements: list[str] = []
    units = [lambda tx: tx._connection.set_trace_callback(statements.append), add(1), fails, add(2)]
    waiting = [asyncio.create_task(engine.write(unit)) for unit in units]
    await asyncio.sleep(0)
    go.set()
    ends = await asyncio.gather(first, *waiting, return_exceptions=True)
    assert [type(end) for end in ends if isinstance(end, BaseException)] == [ValueError]
    assert statements.count("COMMIT") == 1
    assert await engine.read(lambda tx: [row["id"] for row in tx.all("SELECT id FROM room ORDER BY id")]) == [1, 2]


async def test_nothing_is_answered_before_the_commit(engine: SqliteEngine, path: Path) -> None:
    """Each result, as soon as it is there, is already to be seen by another process's eyes."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as eyes:

        async def one(n: int) -> None:
            await engine.write(add(n))
            assert eyes.execute("SELECT 1 FROM room WHERE id = ?", (n,)).fetchone() == (1,)

        await asyncio.gather(*(one(n) for n in range(100)))


# ------------------------------------------------------------------------------------------------- one process


async def test_a_second_process_is_refused(engine: SqliteEngine, path: Path) -> None:
    with pytest.raises(InUse, match=r"another Chairside process is using .*room"):
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
        async with asyncio.timeout(5):  # at once, and not when it is woken
            with pytest.raises(Misuse, match="for reading only"):
                await looker.ride("outbox", 60, add(2))
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
    for start in range(0, 6000, 600):  # each enough for a checkpoint
        rows = [{"id": n, "body": bytes(100)} for n in range(start, start + 600)]
        await engine.write(lambda tx, rows=rows: tx.many(ADD, rows))
    go.set()
    assert await reading == 0
    assert await count(engine) == 6000


async def test_the_log_is_tidied_up_in_a_quiet_moment(
    engine: SqliteEngine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine.sqlite.QUIET", 1.0)

    async def grown(rows: int) -> int:
        """Bytes in the file itself while units come one after another, then once nothing comes any more."""
        for _ in range(rows // 100):
            first = await count(engine)
            await engine.write(
                lambda tx, first=first: tx.many(ADD, [{"id": first + n, "body": bytes(900)} for n in range(100)])
            )
        return path.stat().st_size

    before = path.stat().st_size
    assert await grown(1000) == before  # nobody who waits for a commit waits for this as well
    async with asyncio.timeout(30):
        while path.stat().st_size < before + 900_000:  # noqa: ASYNC110 - the other thread's work
            await asyncio.sleep(0.01)
    assert await grown(4500) > before + 3_600_000  # but it does not wait for ever either


@pytest.fixture
def not_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"certainly not a database, though long enough to be one" * 100)


@pytest.mark.usefixtures("not_a_database")
async def test_not_a_database(path: Path) -> None:
    with pytest.raises(Corrupt):
        await open_sqlite(path)
    os.unlink(path)
    engine = await open_sqlite(path)  # nothing stayed locked
    await engine.close()


async def test_places_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no database at"):
        await open_sqlite(tmp_path / "none.db", read_only=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match=r"cannot write .*: Not a directory|File exists"):
        await open_sqlite(tmp_path / "file" / "x.db")
    os.mkdir(tmp_path / "folder.db")
    with pytest.raises(ConfigError, match="Is a directory"):
        await open_sqlite(tmp_path / "folder.db")
