"""What every engine promises, over both databases."""

from __future__ import annotations

import asyncio
import threading
from enum import StrEnum

import pytest

from storage.engine.base import Engine, Tx
from storage.errors import (
    CheckViolation,
    Closed,
    ForeignKeyViolation,
    Integrity,
    Misuse,
    NotNullViolation,
    StorageError,
    UniqueViolation,
)
from tests.support.databases import open_url

TABLES = (
    "CREATE TABLE room(id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BYTEA, size BIGINT CHECK (size >= 0))",
    "CREATE TABLE guest(id BIGINT PRIMARY KEY, room_id BIGINT REFERENCES room(id) DEFERRABLE INITIALLY DEFERRED)",
)


@pytest.fixture
async def engine(bare_url: str):
    opened = await open_url(bare_url)
    for table in TABLES:
        await opened.write(lambda tx, table=table: tx.execute(table))
    yield opened
    await opened.close()


def add(id_: int, name: str | None = None, **more: object):
    row = {"id": id_, "name": name or f"room {id_}", "body": None, "size": None, **more}

    def unit(tx: Tx) -> int:
        return tx.execute("INSERT INTO room(id, name, body, size) VALUES (:id, :name, :body, :size)", row)

    return unit


async def ids(engine: Engine) -> list[int]:
    rows = await engine.read(lambda tx: tx.all("SELECT id FROM room ORDER BY id"))
    return [row["id"] for row in rows]


class Kind(StrEnum):
    LARGE = "large"


async def test_rows_come_back_as_they_went(engine: Engine) -> None:
    big = 2**62 + 1
    assert await engine.write(add(big, name="ä % :x 'q' 🦷", body=b"\0\xff%", size=big)) == 1
    row = await engine.read(lambda tx: tx.one("SELECT * FROM room WHERE id = :id", {"id": big, "unused": 1}))
    assert row == {"id": big, "name": "ä % :x 'q' 🦷", "body": b"\0\xff%", "size": big}
    assert type(row["body"]) is bytes
    assert await engine.read(lambda tx: tx.one("SELECT * FROM room WHERE id = 1")) is None


async def test_counts(engine: Engine) -> None:
    rows = [{"id": n, "name": f"r{n}", "size": n} for n in range(5)]
    insert = "INSERT INTO room(id, name, size) VALUES (:id, :name, :size)"
    assert await engine.write(lambda tx: tx.many(insert, rows)) == 5
    assert await engine.write(lambda tx: tx.many(insert, [])) == 0
    assert await engine.write(lambda tx: tx.execute("UPDATE room SET size = size + :n", {"n": 1})) == 5
    assert await engine.write(lambda tx: tx.execute("DELETE FROM room WHERE id < :n RETURNING id", {"n": 2})) == 2
    assert await engine.write(lambda tx: tx.execute("UPDATE room SET size = 0 WHERE id = 99")) == 0
    returned = "UPDATE room SET size = :a + :b WHERE id = :id RETURNING size"
    row = await engine.write(lambda tx: tx.one(returned, {"a": 2**40, "b": 2**40, "id": 3}))
    assert row == {"size": 2**41}


async def test_words_of_our_own_types(engine: Engine) -> None:
    await engine.write(add(1, name=Kind.LARGE, size=True))
    row = await engine.read(lambda tx: tx.one("SELECT name, size FROM room"))
    assert row == {"name": "large", "size": 1}


async def test_claims_skip_what_is_locked(engine: Engine) -> None:
    await engine.write(add(1))
    claim = "SELECT id FROM room WHERE size IS NULL ORDER BY id LIMIT :k FOR UPDATE SKIP LOCKED"
    assert await engine.write(lambda tx: tx.all(claim, {"k": 3})) == [{"id": 1}]


@pytest.mark.parametrize(
    ("sql", "kind", "constraint"),
    [
        ("INSERT INTO room(id, name) VALUES (1, 'second')", UniqueViolation, ("room.id", "room_pkey")),
        ("INSERT INTO room(id, name) VALUES (2, 'first')", UniqueViolation, ("room.name", "room_name_key")),
        ("INSERT INTO room(id) VALUES (2)", NotNullViolation, ("room.name", "name")),
        ("INSERT INTO room(id, name, size) VALUES (2, 'x', -1)", CheckViolation, ("size >= 0", "room_size_check")),
        ("INSERT INTO guest(id, room_id) VALUES (1, 7)", ForeignKeyViolation, None),
    ],
)
async def test_refused_rows(engine: Engine, sql: str, kind: type[Integrity], constraint: tuple[str, str]) -> None:
    await engine.write(add(1, name="first"))
    with pytest.raises(kind) as caught:
        await engine.write(lambda tx: tx.execute(sql))
    assert await ids(engine) == [1]
    assert caught.value.__context__ is None  # the driver's error may quote values, so it does not travel along
    assert "first" not in str(caught.value)
    if constraint:
        assert caught.value.constraint in constraint


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT * FROM nowhere", "INSERT INTO room(id, name) VALUES (:id, :gone)"])
async def test_faults_of_ours(engine: Engine, sql: str) -> None:
    with pytest.raises(Misuse):
        await engine.write(lambda tx: tx.execute(sql, {"id": 1}))
    with pytest.raises(Misuse):
        await engine.write(add(1, name=object()))
    with pytest.raises(Misuse):
        await engine.write(add(2**63))
    with pytest.raises(Misuse):
        await engine.write(add(1, name="lone \ud800 surrogate"))
    assert await ids(engine) == []


async def test_a_unit_that_raises_leaves_nothing(engine: Engine) -> None:
    def unit(tx: Tx) -> None:
        add(1)(tx)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await engine.write(unit)
    assert await ids(engine) == []


async def test_a_failed_statement_fails_the_unit_even_when_swallowed(engine: Engine) -> None:
    seen: list[type[StorageError]] = []

    def unit(tx: Tx) -> str:
        add(1)(tx)
        for _ in range(2):
            try:
                add(1)(tx)
            except StorageError as error:
                seen.append(type(error))
        return "all is well"

    with pytest.raises(UniqueViolation):
        await engine.write(unit)
    assert seen == [UniqueViolation, UniqueViolation]
    assert await ids(engine) == []


async def test_no_unit_ends_its_transaction(engine: Engine) -> None:
    def unit(tx: Tx) -> None:
        add(1)(tx)
        tx.execute("COMMIT")

    with pytest.raises(Misuse):
        await engine.write(unit)
    assert await ids(engine) == []


async def test_a_transaction_is_of_no_use_afterwards(engine: Engine) -> None:
    kept = await engine.write(lambda tx: tx)
    with pytest.raises(Misuse, match="over"):
        kept.execute("INSERT INTO room(id, name) VALUES (1, 'late')")
    kept = await engine.read(lambda tx: tx)
    with pytest.raises(Misuse, match="over"):
        kept.one("SELECT 1")


async def test_queries_do_not_write(engine: Engine) -> None:
    with pytest.raises(Misuse):
        await engine.read(add(1))
    assert await engine.write(add(1)) == 1  # the refusal does not stick to the connection
    assert await ids(engine) == [1]


async def test_a_query_sees_one_state(engine: Engine) -> None:
    begun, written = threading.Event(), threading.Event()

    def query(tx: Tx) -> tuple[int, int]:
        first = len(tx.all("SELECT id FROM room"))
        begun.set()
        assert written.wait(10)
        return first, len(tx.all("SELECT id FROM room"))

    reading = asyncio.create_task(engine.read(query))
    await asyncio.to_thread(begun.wait, 10)
    await engine.write(add(1))
    written.set()
    assert await reading == (0, 0)
    assert await ids(engine) == [1]


async def test_many_at_once(engine: Engine) -> None:
    def count(tx: Tx) -> int:
        row = tx.one("UPDATE room SET size = size + 1 WHERE id = 0 RETURNING size")
        assert row is not None
        return int(row["size"])

    await engine.write(add(0, size=0))
    sizes = await asyncio.gather(*(engine.write(count) for _ in range(200)))
    assert sorted(sizes) == list(range(1, 201))


async def test_neighbours_of_a_failing_unit_are_saved(engine: Engine) -> None:
    async def one(n: int) -> object:
        unit = add(0) if n % 3 == 0 else add(n)
        try:
            return await engine.write(unit)
        except UniqueViolation:
            return None

    results = await asyncio.gather(*(one(n) for n in range(60)))
    assert results.count(None) == 19  # of twenty rooms with one id, one is saved
    assert await ids(engine) == [0, *(n for n in range(60) if n % 3)]


async def test_a_failed_commit_blames_only_its_own(engine: Engine) -> None:
    def homeless(tx: Tx) -> None:  # the reference is checked at COMMIT, so a shared COMMIT fails for all
        tx.execute("INSERT INTO guest(id, room_id) VALUES (1, 404)")

    runs: dict[int, int] = {}

    def counted(n: int):
        def unit(tx: Tx) -> int:
            runs[n] = runs.get(n, 0) + 1
            add(n)(tx)
            tx.after_commit(lambda: hooks.append(n))
            return n

        return unit

    hooks: list[int] = []
    units = [counted(1), homeless, counted(2), homeless, counted(3)]
    results = await asyncio.gather(*(engine.write(unit) for unit in units), return_exceptions=True)
    assert [r for r in results if not isinstance(r, Exception)] == [1, 2, 3]
    assert [type(r) for r in results if isinstance(r, Exception)] == [ForeignKeyViolation] * 2
    assert await ids(engine) == [1, 2, 3]
    assert sorted(hooks) == [1, 2, 3]  # once each, however often the unit ran
    assert all(1 <= n <= 2 for n in runs.values())


async def test_cancelling_the_caller_does_not_undo(engine: Engine) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        begun.set()
        assert go.wait(10)
        add(1)(tx)

    running = asyncio.create_task(engine.write(slow))
    queued = [asyncio.create_task(engine.write(add(n))) for n in range(2, 20)]
    await asyncio.to_thread(begun.wait, 10)
    for task in (running, *queued):
        task.cancel()
    await asyncio.gather(running, *queued, return_exceptions=True)
    assert all(task.cancelled() for task in (running, *queued))
    go.set()
    await engine.write(add(20))
    while len(await ids(engine)) < 20:
        await asyncio.sleep(0.001)


async def test_local_space_and_hooks_belong_to_one_transaction(engine: Engine) -> None:
    heard: list[str] = []

    def unit(tx: Tx) -> dict[object, object]:
        assert tx.local == {}
        tx.local["x"] = 1
        tx.after_commit(lambda: heard.append("hook"))
        return tx.local

    assert await engine.write(unit) == {"x": 1}
    assert heard == ["hook"]

    def failing(tx: Tx) -> None:
        unit(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await engine.write(failing)
    assert heard == ["hook"]


async def test_a_hook_that_raises_does_not_undo(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    def unit(tx: Tx) -> str:
        add(1)(tx)
        tx.after_commit(lambda: [][0])
        return "saved"

    assert await engine.write(unit) == "saved"
    assert await ids(engine) == [1]
    assert "hook after COMMIT failed" in caplog.text


async def test_wakes_follow_the_commit(engine: Engine) -> None:
    def unit(tx: Tx) -> None:
        add(1)(tx)
        tx.notify("outbox")

    def failing(tx: Tx) -> None:
        tx.notify("inbox")
        raise LookupError

    await engine.write(unit)
    assert await engine.wait_notify("outbox", 5)
    assert not await engine.wait_notify("outbox", 0.001)
    with pytest.raises(LookupError):
        await engine.write(failing)
    assert not await engine.wait_notify("inbox", 0.001)
    waiting = asyncio.create_task(engine.wait_notify("inbox", 5))
    await asyncio.sleep(0)
    engine.notify("inbox")
    assert await waiting


async def test_a_role_has_one_holder(engine: Engine) -> None:
    role = await engine.advisory("telegram poller")
    assert role is not None
    assert role.name == "telegram poller"
    assert await role.held()
    assert await engine.advisory("telegram poller") is None
    other = await engine.advisory("scheduler")
    assert other is not None
    await role.release()
    await role.release()
    assert not await role.held()
    again = await engine.advisory("telegram poller")
    assert again is not None
    assert await again.held()
    await role.release()  # of the past: it must not take the role from its new holder
    assert await again.held()
    assert await other.held()


async def test_closing_finishes_what_was_accepted(bare_url: str, engine: Engine) -> None:
    writes = [asyncio.create_task(engine.write(add(n))) for n in range(50)]
    await asyncio.sleep(0)
    await engine.close()
    assert await asyncio.gather(*writes) == [1] * 50
    for refused in (engine.write(add(99)), engine.read(lambda tx: None), engine.advisory("x")):
        with pytest.raises(Closed):
            await refused
    await engine.close()  # harmless
    again = await open_url(bare_url)
    assert len(await ids(again)) == 50
    await again.close()


async def test_odd_errors_reach_the_caller(engine: Engine) -> None:
    def stop(tx: Tx) -> None:
        raise StopIteration

    with pytest.raises(Misuse):
        await engine.write(stop)
    with pytest.raises(Misuse):
        await engine.read(stop)
    assert await engine.write(add(1)) == 1
