"""What SQLite's writer remembers is what it would read: after any mixture of writes, failures and shared commits."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import seats
from storage.engine.base import Engine, Row, Tx
from storage.engine.kept import MOST, changes, rests_on
from storage.engine.sqlite import open_sqlite
from tests.support.databases import open_url

JOINED = """SELECT s.*, a.name, a.id AS account FROM seat s JOIN account a ON a.id = s.account_id
            WHERE s.id = :id AND a.state <> 'gone' ORDER BY s.id DESC LIMIT 1"""
ALONE = "SELECT * FROM account WHERE id = :id"
LOOSE = "SELECT s.id, total FROM seat s WHERE s.id = :id"
QUERIES = (JOINED, ALONE, LOOSE)
TABLES = (
    "CREATE TABLE account(id BIGINT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, seen BIGINT NOT NULL)",
    "CREATE TABLE seat(id BIGINT PRIMARY KEY, account_id BIGINT NOT NULL, total BIGINT NOT NULL)",
)
WRITES = (
    "UPDATE account SET name = name || 'x' WHERE id = :id",
    "UPDATE account SET seen = seen + 1 WHERE id = :id",
    "UPDATE account SET seen = CASE WHEN seen > 3 THEN 0 ELSE 1 END, state = 'gone' WHERE id = :id RETURNING state",
    "UPDATE seat SET total = COALESCE(total, 0) + :id, account_id = (SELECT MIN(id) FROM account) WHERE id = :id",
    "INSERT INTO seat(id, account_id, total) VALUES (:id, :id, 0) ON CONFLICT (id) DO UPDATE SET total = 7",
    "INSERT INTO account(id, name, state, seen) VALUES (:id, 'n', 'on', 0) ON CONFLICT DO NOTHING",
    "DELETE FROM account WHERE id = :id",
    "WITH gone AS (SELECT 1 AS one) DELETE FROM seat WHERE id = :id AND 1 IN (SELECT one FROM gone)",
)


def test_what_a_query_rests_on() -> None:
    found = rests_on(f"{seats.FULL} WHERE s.id = :id")
    assert found["seat"] is None
    assert found["lane"] == {"id", "seat_id"}
    assert "last_no" not in (found["case_file"] or {"last_no"})
    assert "state" in (found["account"] or ())
    assert rests_on(ALONE) == {"account": None}
    assert rests_on(LOOSE) == {"seat": None}  # `total` may be anybody's
    assert rests_on(JOINED) == {"seat": None, "account": {"name", "id", "state"}}
    assert rests_on("SELECT a.x FROM t a -- WHERE b.y = 1\n WHERE a.z = ':b'") == {"t": {"x", "z"}}


def test_what_a_statement_changes() -> None:
    assert changes("SELECT 1") == ("", None)
    assert changes(" update lane SET a = a + 1, b = CASE WHEN x(1, 2) THEN 'WHERE' END WHERE c = 1 RETURNING d") == (
        "lane",
        {"a", "b"},
    )
    assert changes("UPDATE t SET a = (SELECT b FROM u WHERE c = 1), d = :d") == ("t", {"a", "d"})
    assert changes("UPDATE t SET (a, b) = (1, 2)") == ("t", None)
    assert changes("INSERT INTO t(a) VALUES (1)") == ("t", None)
    assert changes("DELETE FROM t") == ("t", None)
    assert changes("ALTER TABLE t ADD COLUMN x") is changes("WITH a AS (SELECT 1) UPDATE t SET b = 1") is None


def _made(tx: Tx) -> None:
    for table in TABLES:
        tx.execute(table)
    for number in range(3):
        tx.execute(WRITES[5], {"id": number})
        tx.execute(WRITES[4], {"id": number})


STEP = st.tuples(st.sampled_from((*QUERIES, *WRITES)), st.integers(0, 3))
UNIT = st.tuples(st.lists(STEP, max_size=6), st.sampled_from(("fine", "fine", "raises", "clashes")))


def _unit(steps: list[tuple[str, int]], end: str, wrong: list[object]):
    def unit(tx: Tx) -> None:
        for sql, number in steps:
            if sql in QUERIES:
                kept: list[Row] = tx.kept(sql, {"id": number})
                if kept != (fresh := tx.all(sql, {"id": number})):
                    wrong.append((sql, kept, fresh))
                for row in kept:
                    row.clear()  # a caller's own: nobody else sees what is done to it
            else:
                tx.execute(sql, {"id": number})
        if end == "raises":
            raise LookupError
        if end == "clashes":
            tx.execute("INSERT INTO account(id, name, state, seen) VALUES (2, NULL, NULL, 0)")

    return unit


@given(st.lists(st.lists(UNIT, min_size=1, max_size=4), max_size=8))
@settings(max_examples=120, deadline=None)
def test_what_is_remembered_is_what_stands(tmp_path_factory: pytest.TempPathFactory, batches: list[list]) -> None:
    async def play(path: Path) -> list[object]:
        engine = await open_sqlite(path)
        wrong: list[object] = []
        try:
            await engine.write(_made)
            for batch in batches:  # each is one shared COMMIT
                units = (engine.write(_unit(*unit, wrong)) for unit in batch)
                await asyncio.gather(*units, return_exceptions=True)
            await engine.write(_unit([(sql, n) for sql in QUERIES for n in range(4)], "fine", wrong))
        finally:
            await engine.close()
        return wrong

    assert asyncio.run(play(tmp_path_factory.mktemp("kept") / "x.db")) == []


async def test_a_table_that_is_changed_gives_its_new_columns(bare_url: str) -> None:
    engine: Engine = await open_url(bare_url)
    try:
        await engine.write(_made)
        ask = {"id": 1}
        before = await engine.write(lambda tx: (tx.kept(ALONE, ask), tx.all(ALONE, ask)))
        await engine.write(lambda tx: tx.execute("ALTER TABLE account RENAME COLUMN name TO called"))
        after = await engine.write(lambda tx: (tx.kept(ALONE, ask), tx.all(ALONE, ask)))
    finally:
        await engine.close()
    assert [list(rows[0]) for rows in (*before, *after)] == [
        *[["id", "name", "state", "seen"]] * 2,
        *[["id", "called", "state", "seen"]] * 2,
    ]


async def test_it_is_asked_once_and_forgets_what_is_too_much(bare_url: str) -> None:
    engine: Engine = await open_url(bare_url)
    try:
        await engine.write(_made)
        assert await engine.write(lambda tx: [len(tx.kept(ALONE, {"id": n})) for n in range(MOST + 10)]) == [
            *(1 for _ in range(3)),
            *(0 for _ in range(MOST + 7)),
        ]
        assert await engine.read(lambda tx: tx.kept(ALONE, {"id": 1})) == await engine.write(
            lambda tx: tx.all(ALONE, {"id": 1})
        )
    finally:
        await engine.close()
