"""The inbox: committed once, handled once, in order within a chat, and no flood holds up anybody else."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog

from bot.domain.addresses import Account, Place
from bot.domain.events import InboundEvent, MessageReceived, Origin
from bot.domain.outbound import Reply, Toast
from bot.domain.richtext import plain
from bot.ports.inbound import RawUpdate
from bot.services.unit import Unit, Units
from bot.workers.inbox import BEHIND, KEEP, InboxWorker
from storage import inbox
from tests.support.casework import Casework


class Words:
    """A platform whose updates are just their text."""

    def translate(self, body: bytes, *, live: bool) -> InboundEvent | None:
        origin = Origin(Place("slack", "T0001", "C1"), Account("slack", "T0001", "U0002"), 0, live)
        return MessageReceived(origin, "1", plain(body.decode()))


class Listener:
    """Handles by remembering; it can be told to fail."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fail: set[str] = set()
        self.failed: list[str] = []
        self.live: list[bool] = []

    def handle(self, unit: Unit, event: InboundEvent) -> Reply | None:
        assert isinstance(event, MessageReceived)
        if event.body.text in self.fail:
            self.failed.append(event.body.text)
            raise ValueError("ours")
        unit.tx.after_commit(lambda: self.heard.append(event.body.text))
        self.live.append(event.origin.live)
        return Toast(event.body.text)


def update(text: str, queue: str = "a") -> RawUpdate:
    return RawUpdate("slack", "T0001", (f"key:{text}",), queue, text.encode())


async def until(found: object) -> None:
    assert callable(found)
    async with asyncio.timeout(20):
        while not found():  # noqa: ASYNC110 - what is heard is set on the database thread
            await asyncio.sleep(0.01)


async def at_rest(worker: InboxWorker, ears: Listener) -> None:
    """Until updates are handled on the spot: the worker runs, and nothing of before is under way any more."""
    for number in itertools.count():
        said = f"rest {number}"
        await worker.store([update(said)])
        if ears.heard[-1:] == [said]:
            break
        await until(lambda said=said: ears.heard[-1:] == [said])
    ears.heard.clear()


@asynccontextmanager
async def slowly(desk: Casework) -> AsyncIterator[tuple[InboxWorker, Listener, Slow]]:
    """A worker at rest, its units' answers in the test's hands."""
    ears, slow = Listener(), Slow(desk.units)
    worker = InboxWorker(slow, {"slack": Words()}, ears.handle)  # type: ignore[arg-type]
    running = asyncio.create_task(worker.run())
    await at_rest(worker, ears)
    yield worker, ears, slow
    worker.stop()
    await running


async def test_each_update_is_handled_once_and_in_order(desk: Casework) -> None:
    ears = Listener()
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(worker.run())
    for number in range(20):
        await worker.store([update(f"{number:03}"), update(f"{number:03}")])
    await until(lambda: len(ears.heard) == 20)
    worker.stop()
    await running
    assert ears.heard == [f"{number:03}" for number in range(20)]
    assert await desk.rows("SELECT id FROM inbox") == []


async def test_where_nothing_waits_an_update_is_handled_as_it_is_stored(desk: Casework) -> None:
    ears = Listener()
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(worker.run())
    await at_rest(worker, ears)
    await worker.store([update("one", "b"), update("two", "b")], ("offset", "7"))
    assert ears.heard == ["one", "two"]
    assert await worker.cursor("offset") == "7"
    ears.fail.add("bad")
    await worker.store([update("bad", "b"), update("good", "b")], ("offset", "9"))  # undone, and then by the usual way
    await until(lambda: ears.heard[2:] == ["good"])
    await worker.store([update("three", "c"), update("four", "d")])  # of several chats: each in a unit of its own
    await until(lambda: sorted(ears.heard[3:]) == ["four", "three"])
    assert await worker.cursor("offset") == "9"
    worker.stop()
    await running


async def test_behind_one_that_is_under_way_an_update_is_handled_as_it_is_stored_in_its_turn(
    desk: Casework,
) -> None:
    async with slowly(desk) as (worker, ears, slow):
        slow.held, before = [gate := asyncio.Event()], slow.count
        stores = [asyncio.create_task(worker.store([update(said)])) for said in ("one", "two", "three")]
        await until(lambda: ears.heard == ["one"])
        assert not any(store.done() for store in stores)
        gate.set()
        await asyncio.gather(*stores)
        assert ears.heard == ["one", "two", "three"]
        assert slow.count == before + 3


async def test_few_that_wait_in_memory_are_handled_before_what_comes_as_it_is_stored(desk: Casework) -> None:
    async with slowly(desk) as (worker, ears, slow):
        pressed = asyncio.create_task(worker.handle_now(update("press")))
        await asyncio.sleep(0)
        before = slow.count
        await worker.store([update("said")])
        assert ears.heard == ["press", "said"]
        assert await pressed == Toast("press")
        assert slow.count <= before + 2  # the press, and what was said in one


async def test_behind_very_many_an_update_is_kept_first_and_handled_in_its_place(desk: Casework) -> None:
    async with slowly(desk) as (worker, ears, slow):
        before, words = slow.count, [f"f{number:04}" for number in range(BEHIND + 5)]
        await asyncio.gather(*(worker.store([update(said)]) for said in words))
        await until(lambda: len(ears.heard) == len(words))
        assert ears.heard == words
        assert slow.count > before + len(words)


class Slow:
    """Units whose answers can be held back one by one after their commit, as a busy machine does."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.held: list[asyncio.Event] = []
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._units, name)

    async def do(self, work: Callable[[Unit], Any]) -> Any:
        self.count += 1
        gate = self.held.pop(0) if self.held else None
        try:
            return await self._units.do(work)
        finally:
            if gate is not None:
                await gate.wait()


async def test_nothing_overtakes_what_is_committed_and_not_known_to_be(desk: Casework) -> None:
    async with slowly(desk) as (worker, ears, slow):
        slow.held = [asyncio.Event(), asyncio.Event()]
        at_once, kept = slow.held
        one = asyncio.create_task(worker.store([update("one")]))
        await until(lambda: ears.heard[-1:] == ["one"])
        two = asyncio.create_task(worker.store([update("two")]))
        at_once.set()
        await one
        async with asyncio.timeout(20):
            # committed, or taken up already by the look that comes every two seconds
            while "two" not in ears.heard and not await desk.rows("SELECT id FROM inbox"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        three = asyncio.create_task(worker.store([update("three")]))
        kept.set()
        await asyncio.gather(two, three)
        await until(lambda: len(ears.heard) == 3)
    assert ears.heard == ["one", "two", "three"]


async def test_what_could_not_be_handled_on_the_spot_still_stands_before_what_came_since(desk: Casework) -> None:
    async with slowly(desk) as (worker, ears, slow):
        ears.fail.add("one")
        slow.held = [gate := asyncio.Event()]
        one = asyncio.create_task(worker.store([update("one")]))
        await until(lambda: ears.failed == ["one"])
        two = asyncio.create_task(worker.store([update("two")]))
        ears.fail.clear()
        gate.set()
        await asyncio.gather(one, two)
        await until(lambda: len(ears.heard) == 2)
    assert ears.heard == ["one", "two"]


class Held:
    """Units of which one is held back before it begins, as a busy server does to a connection."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.gates: list[asyncio.Event] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._units, name)

    async def do(self, work: Callable[[Unit], Any]) -> Any:
        if self.gates:
            await self.gates.pop().wait()
        return await self._units.do(work)


async def test_what_came_first_is_committed_first_whatever_else_the_database_does(desk: Casework) -> None:
    """Units of PostgreSQL run side by side, and after a restart only what they committed is known."""
    ears = Listener()
    held = Held(desk.units)
    dead = InboxWorker(held, {"slack": Words()}, ears.handle)  # type: ignore[arg-type]
    dead.stop()
    held.gates = [gate := asyncio.Event()]
    tasks = [asyncio.create_task(dead.store([update("one")]))]
    async with asyncio.timeout(20):
        while held.gates:  # noqa: ASYNC110 - another task's step
            await asyncio.sleep(0)
    tasks.append(asyncio.create_task(dead.store([update("two")])))
    for _ in range(20):  # room for the second to be committed, if it may
        await desk.rows("SELECT id FROM inbox")
    gate.set()
    await asyncio.gather(*tasks)
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(worker.run())
    await until(lambda: len(ears.heard) == 2)
    worker.stop()
    await running
    assert ears.heard == ["one", "two"]


async def test_a_room_that_is_read_again_costs_no_failed_transaction(desk: Casework) -> None:
    ears = Listener()
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(worker.run())
    await at_rest(worker, ears)
    await worker.store([update("one"), update("two")])
    with structlog.testing.capture_logs() as logs:
        await worker.store([update("one"), update("two")], ("room", "5"))
    assert "inbox.not_at_once" not in [one["event"] for one in logs]
    assert await worker.cursor("room") == "5"
    await worker.store([update("two"), update("three")])  # mixed: the usual way
    await until(lambda: len(ears.heard) == 3)
    worker.stop()
    await running
    assert ears.heard == ["one", "two", "three"]


async def test_what_was_committed_is_handled_after_a_restart(desk: Casework) -> None:
    ears = Listener()
    before = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    before.stop()
    await before.store([update("one"), update("two")])
    after = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(after.run())
    await until(lambda: ears.heard == ["one", "two"])
    after.stop()
    await running


async def test_nothing_overtakes_what_a_dying_process_committed_at_last(desk: Casework) -> None:
    """Its COMMIT was on the way when it was killed: this process has looked already, and is given it all again."""
    ears = Listener()
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(worker.run())
    await worker.store([update("zero")])
    await until(lambda: ears.heard == ["zero"])
    dead = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    dead.stop()
    await dead.store([update("one"), update("two")])
    await worker.store([update("one"), update("two"), update("three")])
    await worker.store([update("four")])
    await until(lambda: len(ears.heard) == 5)
    worker.stop()
    await running
    assert ears.heard == ["zero", "one", "two", "three", "four"]


async def test_a_flood_keeps_its_order_and_holds_up_nobody_else(desk: Casework) -> None:
    ears = Listener()
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    flood = [update(f"f{number:04}", "flood") for number in range(3 * KEEP)]
    await worker.store(flood)
    await worker.store([update("other", "calm")])
    running = asyncio.create_task(worker.run())
    await worker.store([update("last", "flood")])
    await until(lambda: len(ears.heard) == len(flood) + 2)
    worker.stop()
    await running
    loud = [text for text in ears.heard if text != "other"]
    assert loud == [*sorted(loud[:-1]), "last"]
    assert ears.heard.index("other") < KEEP


async def test_a_poison_update_is_parked_after_three_tries_and_others_go_on(desk: Casework) -> None:
    ears = Listener()
    ears.fail.add("poison")
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(worker.run())
    await worker.store([update("poison"), update("after")])
    await until(lambda: ears.heard == ["after"])
    (row,) = await desk.rows("SELECT state, attempts, error FROM inbox")
    assert (row["state"], row["attempts"], row["error"]) == ("dead", 3, "ValueError")
    ears.fail.clear()
    (dead,) = await desk.units.look(lambda unit: inbox.dead(unit.tx))
    assert await desk.do(lambda unit: inbox.requeue(unit.tx, dead["id"]))
    await until(lambda: ears.heard == ["after", "poison"])
    worker.stop()
    await running


async def test_a_press_gets_its_answer_at_once_and_only_once(desk: Casework) -> None:
    ears = Listener()
    worker = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(worker.run())
    assert await worker.handle_now(update("press")) == Toast("press")
    assert await worker.handle_now(update("press")) is None
    assert ears.live == [True]
    worker.stop()
    await running


async def test_what_came_from_a_platform_that_is_off_now_waits_until_it_is_on(desk: Casework) -> None:
    ears = Listener()
    before = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    before.stop()
    await before.store([update("one")])
    off = InboxWorker(desk.units, {"telegram": Words()}, ears.handle)
    running = asyncio.create_task(off.run())
    await off.store([RawUpdate("telegram", "", ("key:two",), "b", b"two")])
    await until(lambda: ears.heard == ["two"])
    off.stop()
    await running
    assert [(row["state"], row["attempts"]) for row in await desk.rows("SELECT * FROM inbox")] == [("new", 0)]
    on = InboxWorker(desk.units, {"slack": Words()}, ears.handle)
    running = asyncio.create_task(on.run())
    await until(lambda: ears.heard == ["two", "one"])
    on.stop()
    await running
