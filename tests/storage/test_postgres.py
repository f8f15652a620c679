"""What is PostgreSQL's alone: several processes, deadlocks, connections that break, wakes and roles between engines."""

from __future__ import annotations

import asyncio
import threading
import time

import psycopg
import pytest

from storage.engine.base import Tx
from storage.engine.postgres import PostgresEngine, open_postgres
from storage.errors import Busy, CommitUnknown, ConfigError, Integrity, Misuse, StorageError, Unavailable
from tests.support.postgres import Server

pytestmark = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)


@pytest.fixture
async def pair(bare_url: str):
    """Two engines over one database, as two processes would have them."""
    engines = [await open_postgres(bare_url, size=4, patience=0.5) for _ in range(2)]
    await engines[0].write(
        lambda tx: tx.execute("CREATE TABLE room(id BIGINT PRIMARY KEY, name TEXT, size BIGINT NOT NULL)")
    )
    await engines[0].write(
        lambda tx: tx.many("INSERT INTO room(id, name, size) VALUES (:id, '', 0)", [{"id": n} for n in range(1, 21)])
    )
    yield engines
    for engine in engines:
        await engine.close()


async def sizes(engine: PostgresEngine) -> dict[int, int]:
    rows = await engine.read(lambda tx: tx.all("SELECT id, size FROM room ORDER BY id"))
    return {row["id"]: row["size"] for row in rows}


def raise_size(*ids: int):
    def unit(tx: Tx) -> None:
        for id_ in ids:
            tx.execute("UPDATE room SET size = size + 1 WHERE id = :id", {"id": id_})

    return unit


async def test_a_deadlock_is_run_again(pair: list[PostgresEngine]) -> None:
    meeting = threading.Barrier(2)
    runs: list[int] = []

    def crossing(first: int, second: int):
        def unit(tx: Tx) -> None:
            runs.append(first)
            raise_size(first)(tx)
            if len(runs) <= 2:
                meeting.wait(10)
            raise_size(second)(tx)

        return unit

    await asyncio.gather(pair[0].write(crossing(1, 2)), pair[1].write(crossing(2, 1)))
    assert len(runs) == 3
    found = await sizes(pair[0])
    assert (found[1], found[2]) == (2, 2)


async def test_two_engines_never_claim_the_same_row(pair: list[PostgresEngine]) -> None:
    def claim(tx: Tx) -> list[int]:
        rows = tx.all(
            """UPDATE room SET size = 1 WHERE id IN
                 (SELECT id FROM room WHERE size = 0 ORDER BY id LIMIT :k FOR UPDATE SKIP LOCKED) RETURNING id""",
            {"k": 3},
        )
        return [row["id"] for row in rows]

    claimed = await asyncio.gather(*(pair[n % 2].write(claim) for n in range(8)))
    flat = [id_ for ids in claimed for id_ in ids]
    assert len(flat) == len(set(flat))
    while ids := await pair[0].write(claim):
        flat += ids
    assert sorted(flat) == list(range(1, 21))


async def pids(engine: PostgresEngine) -> list[int]:
    """The backends of every pooled connection."""
    gate = threading.Barrier(4)

    def query(tx: Tx) -> int:
        row = tx.one("SELECT pg_backend_pid() AS pid")
        gate.wait(10)
        assert row is not None
        return int(row["pid"])

    found = await asyncio.gather(*(engine.read(query) for _ in range(4)))
    assert len(set(found)) == 4
    return list(found)


async def test_connections_that_broke_while_idle(pair: list[PostgresEngine]) -> None:
    for pid in await pids(pair[0]):
        await pair[1].read(lambda tx, pid=pid: tx.one("SELECT pg_terminate_backend(:pid::int)", {"pid": pid}))
    await asyncio.gather(*(pair[0].write(raise_size(n)) for n in range(1, 9)))
    assert (await sizes(pair[0]))[8] == 1
    for pid in await pids(pair[0]):
        await pair[1].read(lambda tx, pid=pid: tx.one("SELECT pg_terminate_backend(:pid::int)", {"pid": pid}))
    assert (await sizes(pair[0]))[8] == 1


async def test_a_connection_that_breaks_inside_a_unit(pair: list[PostgresEngine], postgres_server: Server) -> None:
    runs: list[int] = []

    def unit(tx: Tx) -> None:
        raise_size(1)(tx)
        row = tx.one("SELECT pg_backend_pid() AS pid")
        assert row is not None
        runs.append(row["pid"])
        if len(runs) == 1:
            postgres_server.run(f"SELECT pg_terminate_backend({row['pid']})")
        raise_size(2)(tx)

    await pair[0].write(unit)
    assert len(runs) == 2
    found = await sizes(pair[1])
    assert (found[1], found[2]) == (1, 1)


async def test_a_connection_that_breaks_in_commit_is_not_run_again(pair: list[PostgresEngine]) -> None:
    for sql in (
        """CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$""",
        """CREATE CONSTRAINT TRIGGER leaving AFTER UPDATE ON room DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW WHEN (NEW.id = 13) EXECUTE FUNCTION leave()""",
    ):
        await pair[0].write(lambda tx, sql=sql: tx.execute(sql))
    runs: list[int] = []

    def unit(tx: Tx) -> None:
        runs.append(1)
        raise_size(13)(tx)

    with pytest.raises(CommitUnknown):
        await pair[0].write(unit)
    assert runs == [1]
    await pair[0].write(raise_size(12))
    assert (await sizes(pair[1]))[13] == 0


async def test_a_server_that_goes_and_comes_back(pair: list[PostgresEngine], postgres_server: Server) -> None:
    row = await pair[0].read(lambda tx: tx.one("SELECT current_database() AS name"))
    assert row is not None
    name = row["name"]
    postgres_server.run(
        f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    results = await asyncio.gather(*(pair[0].write(raise_size(n)) for n in range(1, 9)), return_exceptions=True)
    assert {type(result) for result in results} == {Unavailable}
    with pytest.raises(Unavailable):
        await pair[0].advisory("scheduler")
    postgres_server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    deadline = time.monotonic() + 20
    while True:
        try:
            await pair[0].write(raise_size(1))
            break
        except Unavailable:
            assert time.monotonic() < deadline
    found = await sizes(pair[0])
    assert (found[1], sum(found.values())) == (1, 1)  # nothing that was refused was saved


async def test_wakes_reach_the_other_process(pair: list[PostgresEngine]) -> None:
    def unit(tx: Tx) -> None:
        raise_size(1)(tx)
        tx.notify("outbox")

    await pair[1].wait_notify("outbox", 0.001)  # the bell rung at the start, in case something was missed
    waiting = asyncio.create_task(pair[1].wait_notify("outbox", 10))
    await pair[0].write(unit)
    assert await waiting
    waiting = asyncio.create_task(pair[0].wait_notify("scheduler", 10))
    for _ in range(100):
        pair[1].notify("scheduler")
    assert await waiting


async def test_listening_goes_on_after_a_break(pair: list[PostgresEngine]) -> None:
    listeners = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
    await pair[1].wait_notify("outbox", 0.001)
    await pair[0].read(lambda tx: tx.all(listeners))
    assert await pair[1].wait_notify("outbox", 10)  # once more: something may have been missed
    waiting = asyncio.create_task(pair[1].wait_notify("outbox", 10))
    await pair[0].write(lambda tx: tx.notify("outbox"))
    assert await waiting


async def test_a_role_has_one_holder_among_processes(pair: list[PostgresEngine]) -> None:
    role = await pair[0].advisory("telegram poller")
    assert role is not None
    assert await pair[1].advisory("telegram poller") is None
    await role.release()
    other = await pair[1].advisory("telegram poller")
    assert other is not None
    assert await pair[0].advisory("telegram poller") is None
    await pair[1].close()
    assert await pair[0].advisory("telegram poller") is not None


async def test_a_role_is_lost_with_its_connection(pair: list[PostgresEngine]) -> None:
    role = await pair[0].advisory("scheduler")
    assert role is not None
    holders = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    await pair[1].read(lambda tx: tx.all(holders))
    assert not await role.held()
    assert not await role.held()
    other = await pair[1].advisory("scheduler")
    assert other is not None
    assert await pair[0].advisory("scheduler") is None
    await role.release()
    assert await other.held()


async def test_another_process_changes_a_table(pair: list[PostgresEngine]) -> None:
    query = "SELECT * FROM room WHERE id = :id"
    for _ in range(40):  # often enough to be prepared on every connection
        await asyncio.gather(*(pair[0].read(lambda tx: tx.one(query, {"id": 1})) for _ in range(4)))
    await pair[1].write(lambda tx: tx.execute("ALTER TABLE room ADD COLUMN colour TEXT DEFAULT 'blue'"))
    row = await pair[0].read(lambda tx: tx.one(query, {"id": 1}))
    assert row is not None
    assert row["colour"] == "blue"


async def test_a_lock_held_too_long_is_busy(pair: list[PostgresEngine]) -> None:
    def impatient(tx: Tx) -> None:
        tx.execute("SET LOCAL lock_timeout = '20ms'")
        raise_size(1)(tx)

    held, go = threading.Event(), threading.Event()

    def holder(tx: Tx) -> None:
        raise_size(1)(tx)
        held.set()
        assert go.wait(10)

    holding = asyncio.create_task(pair[0].write(holder))
    await asyncio.to_thread(held.wait, 10)
    with pytest.raises(Busy):
        await pair[1].write(impatient)
    go.set()
    await holding
    assert (await sizes(pair[1]))[1] == 1


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("INSERT INTO room(id, name, size) VALUES (1, :secret, 0)", Integrity),
        ("INSERT INTO room(id, name, size) VALUES (99, :secret, NULL)", Integrity),
        ("SELECT CAST(:secret AS BIGINT)", Misuse),
        ("SELECT :secret FROM nowhere", Misuse),
        ("DO $$ BEGIN RAISE EXCEPTION 'Mrs Oak' USING ERRCODE = '22023'; END $$", Misuse),
    ],
)
async def test_errors_hold_no_values(pair: list[PostgresEngine], sql: str, kind: type[StorageError]) -> None:
    with pytest.raises(kind) as caught:
        await pair[0].write(lambda tx: tx.execute(sql, {"secret": "Mrs Oak"} if ":secret" in sql else None))
    assert "Oak" not in f"{caught.value!s}{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"


async def test_addresses_that_lead_nowhere(bare_url: str, tmp_path) -> None:
    with pytest.raises(ConfigError) as refused:
        await open_postgres("postgresql://u:hush@host/name?nonsense=1")
    assert "hush" not in str(refused.value)
    with pytest.raises(Unavailable) as unanswered:
        await open_postgres(f"postgresql://u:hush@/name?host={tmp_path}", patience=0.2)
    assert "hush" not in str(unanswered.value)


async def test_nothing_stays_connected(bare_url: str, postgres_server: Server) -> None:
    engine = await open_postgres(bare_url, size=2)
    await engine.advisory("x")
    await engine.close()
    name = bare_url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(postgres_server.url(), autocommit=True) as eyes:
        deadline = time.monotonic() + 10
        while eyes.execute("SELECT 1 FROM pg_stat_activity WHERE datname = %s", (name,)).fetchone():
            assert time.monotonic() < deadline
