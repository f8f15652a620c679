"""What every engine promises about commits, cancelled callers, wakes, roles and closing, over both databases."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from storage.engine.base import Engine, Tx
from storage.errors import Closed, ForeignKeyViolation, Misuse, UniqueViolation
from tests.support.databases import open_url
from tests.support.rooms import add, ids, make_rooms


@pytest.fixture
async def engine(bare_url: str):
    opened = await open_url(bare_url)
    await make_rooms(opened)
    yield opened
    await opened.close()


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
        def unit(tx: Tx) -> int:
            add(n if n % 3 else 1000 + n)(tx)
            return 1 if n % 3 else add(0)(tx)  # too late for what this unit has already done

        try:
            return await engine.write(unit)
        except UniqueViolation:
            return None

    results = await asyncio.gather(*(one(n) for n in range(60)))
    assert results.count(None) == 19  # of twenty units that add room 0, one is saved
    saved = await ids(engine)
    assert saved[:-1] == [0, *(n for n in range(60) if n % 3)]
    assert saved[-1] >= 1000


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
    assert all(1 <= n <= 3 for n in runs.values())  # with all others, with savepoints, alone


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
    async with asyncio.timeout(10):
        while len(await ids(engine)) < 20:  # on PostgreSQL the last to be asked is not the last to be done
            pass


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
        tx.after_commit(lambda: int("x"))
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


def waking(n: int):
    def unit(tx: Tx) -> None:
        add(n)(tx)
        tx.notify("outbox")

    return unit


async def test_a_rider_goes_when_it_is_woken_and_no_sooner(engine: Engine) -> None:
    seen = _rooms
    riding = asyncio.create_task(engine.ride("outbox", 60, seen))
    await asyncio.sleep(0)
    await engine.write(add(1))
    assert not riding.done()
    await engine.write(waking(2))
    assert (await riding)[:2] == [1, 2]
    # a wake that came before is for whoever rides next, and one that took a rider along is for nobody else
    await engine.write(waking(3))
    assert await engine.ride("outbox", 60, seen) == [1, 2, 3]
    assert await engine.ride("outbox", 0.001, seen) == [1, 2, 3]  # patience is over
    assert await engine.ride("outbox", 0, seen) == [1, 2, 3]
    riding = asyncio.create_task(engine.ride("outbox", 60, seen))
    await asyncio.sleep(0)
    engine.notify("outbox")
    assert await riding == [1, 2, 3]


def _rooms(tx: Tx) -> list[int]:
    return [row["id"] for row in tx.all("SELECT id FROM room ORDER BY id")]


async def test_a_wake_while_a_rider_is_under_way_is_for_the_next(engine: Engine) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(tx: Tx) -> list[int]:
        found = _rooms(tx)
        begun.set()
        assert go.wait(10)
        return found

    riding = asyncio.create_task(engine.ride("outbox", 60, slow))
    await asyncio.sleep(0)
    first = asyncio.create_task(engine.write(waking(1)))
    await asyncio.to_thread(begun.wait, 10)
    engine.notify("outbox")  # a request has ended: what it kept back may go now
    go.set()
    assert await riding == [1]
    await first
    async with asyncio.timeout(5):
        assert await engine.ride("outbox", 60, _rooms) == [1]


async def test_a_second_wake_before_a_rider_is_back_is_for_the_next(engine: Engine) -> None:
    begun = threading.Event()

    def first(tx: Tx) -> None:
        waking(1)(tx)
        begun.set()
        time.sleep(0.1)

    riding = asyncio.create_task(engine.ride("outbox", 60, _rooms))
    await asyncio.sleep(0)
    writing = [asyncio.create_task(engine.write(first))]
    await asyncio.to_thread(begun.wait, 10)
    writing.append(asyncio.create_task(engine.write(waking(2))))
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251 - the loop is busy: both are committed before it hears of the first
    seen = await riding
    await asyncio.gather(*writing)
    async with asyncio.timeout(5):
        assert await engine.ride("outbox", 0 if 2 in seen else 60, _rooms) == [1, 2]


async def test_what_is_queued_behind_a_rider_without_patience_is_for_the_next(engine: Engine) -> None:
    begun, go = threading.Event(), threading.Event()

    def busy(tx: Tx) -> None:
        begun.set()
        assert go.wait(10)

    writing = asyncio.create_task(engine.write(busy))
    await asyncio.to_thread(begun.wait, 10)
    riding = asyncio.create_task(engine.ride("outbox", 0.01, _rooms))
    await asyncio.sleep(0.1)
    queued = asyncio.create_task(engine.write(waking(1)))
    await asyncio.sleep(0)
    go.set()
    seen = await riding
    await asyncio.gather(writing, queued)
    async with asyncio.timeout(5):
        assert await engine.ride("outbox", 0 if 1 in seen else 60, _rooms) == [1]


async def test_a_rider_that_fails_takes_nobody_with_it(engine: Engine) -> None:
    def clash(tx: Tx) -> None:
        add(9)(tx)
        tx.notify("scheduler")
        add(1)(tx)

    await engine.write(add(1))
    riding = asyncio.create_task(engine.ride("outbox", 60, clash))
    await asyncio.sleep(0)
    failing = [engine.write(add(1)), engine.write(waking(2)), engine.write(add(3))]
    ends = await asyncio.gather(riding, *failing, return_exceptions=True)
    assert [type(end) for end in ends] == [UniqueViolation, UniqueViolation, type(None), int]
    assert await ids(engine) == [1, 2, 3]
    assert not await engine.wait_notify("scheduler", 0.001)


async def test_a_rider_whose_commit_fails_is_told_apart(engine: Engine) -> None:
    def homeless(tx: Tx) -> None:  # the reference is checked at COMMIT
        tx.execute("INSERT INTO guest(id, room_id) VALUES (1, 404)")

    riding = asyncio.create_task(engine.ride("outbox", 60, homeless))
    await asyncio.sleep(0)
    await asyncio.gather(engine.write(waking(1)), engine.write(waking(2)))
    with pytest.raises(ForeignKeyViolation):
        await riding
    assert await ids(engine) == [1, 2]


async def test_a_rider_whose_caller_is_gone_does_not_go(engine: Engine) -> None:
    riding = asyncio.create_task(engine.ride("outbox", 60, add(7)))
    await asyncio.sleep(0)
    riding.cancel()
    await asyncio.wait([riding])
    await engine.write(waking(1))
    assert await engine.wait_notify("outbox", 5)  # nobody rode, so it is still to be heard
    assert await ids(engine) == [1]
    riding = asyncio.create_task(engine.ride("outbox", 0.05, add(8)))
    await asyncio.sleep(0)
    await engine.close()
    with pytest.raises(Closed):
        await riding


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
