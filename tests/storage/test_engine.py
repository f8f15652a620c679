"""What every engine promises about rows, errors and transactions, over both databases."""

from __future__ import annotations

import asyncio
import threading
from enum import StrEnum

import pytest

from storage.engine.base import Engine, Tx
from storage.errors import (
    CheckViolation,
    ForeignKeyViolation,
    Integrity,
    Misuse,
    NotNullViolation,
    StorageError,
    UniqueViolation,
)
from tests.support.databases import open_url
from tests.support.rooms import add, ids, make_rooms


@pytest.fixture
async def engine(bare_url: str):
    opened = await open_url(bare_url)
    await make_rooms(opened)
    yield opened
    await opened.close()


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
