"""Catching up: what is read again counts once, in order, and a stop in the middle loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.events import InboundEvent, MessageDeleted, MessageEdited, MessageReceived, Origin
from bot.domain.ids import CaseId
from bot.domain.outbound import Reply
from bot.domain.richtext import plain
from bot.ports.history import Missed, Wanted
from bot.ports.inbound import RawUpdate
from bot.services import catch_up
from bot.services.unit import Unit
from bot.workers import catch_up as worker_of_catch_up
from bot.workers.catch_up import CHUNK, CatchUpWorker
from bot.workers.gates import Gates, in_order
from bot.workers.inbox import InboxWorker
from storage import inbox, messages
from tests.support.casework import Casework

WHERE = Place("slack", "T0001", "C1")
WHO = Account("slack", "T0001", "U0002")


class Lines:
    """A platform whose updates are a moment and a text."""

    def translate(self, body: bytes, *, live: bool) -> InboundEvent | None:
        at, text = json.loads(body)
        return MessageReceived(Origin(WHERE, WHO, at, live), str(at), plain(text))


def line(at: int, queue: str = "room") -> RawUpdate:
    return RawUpdate("slack", "T0001", (f"line:{at}",), queue, json.dumps([at, f"line {at}"]).encode())


class Book:
    """A history: what stands in each room, and how often it was asked. It can be told to fail."""

    def __init__(self, moments: Sequence[int]) -> None:
        self.moments = list(moments)
        self.wanted: list[Wanted] = []
        self.trouble: list[Exception] = []
        self.reading = asyncio.Event()
        self.may = asyncio.Event()
        self.may.set()

    def queue(self, place: Place) -> str:
        return "room"

    async def read(self, wanted: Wanted) -> Missed:
        self.wanted.append(wanted)
        self.reading.set()
        await self.may.wait()
        if self.trouble:
            raise self.trouble.pop(0)
        missed = [at for at in self.moments if at > wanted.since]
        until = max([wanted.since, *missed])
        return Missed(tuple(line(at) for at in missed), tuple(missed), until)


class Ears:
    """What was handled, in order."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def handle(self, unit: Unit, event: InboundEvent) -> Reply | None:
        assert isinstance(event, MessageReceived)
        unit.tx.after_commit(lambda: self.heard.append(event.body.text))
        return None


class Play:
    """One room on Slack, its inbox and the loop that reads it again."""

    def __init__(self, desk: Casework, book: Book) -> None:
        self.desk, self.book, self.ears = desk, book, Ears()
        self.inbox = InboxWorker(desk.units, {"slack": Lines()}, self.ears.handle)
        self.worker = CatchUpWorker(desk.units, self.inbox, {"slack": book})
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Play:
        await self.worker.hold("slack")
        self._tasks = [asyncio.create_task(self.inbox.run()), asyncio.create_task(self.worker.run())]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.worker.stop()
        self.inbox.stop()
        await asyncio.gather(*self._tasks)

    async def hears(self, lines: Sequence[int]) -> None:
        """Wait until exactly these lines were handled, in this order."""
        async with asyncio.timeout(20):
            while len(self.ears.heard) < len(lines):  # noqa: ASYNC110 - set on the database thread
                await asyncio.sleep(0.01)
        assert self.ears.heard == [f"line {at}" for at in lines]


async def opened(desk: Casework) -> int:
    """A case with both rooms open; the moment the specialist's seat was taken."""
    await desk.open_case()
    await desk.settle()
    return int((await desk.seat(CaseId(1001), "specialist"))["created_at"])


async def test_what_came_live_waits_for_what_was_missed(desk: Casework) -> None:
    began = await opened(desk)
    book = Book([began + 1, began + 2, began + 4])
    book.may.clear()
    async with Play(desk, book) as play:
        play.worker.ask("slack", "T0001")
        await book.reading.wait()
        await play.inbox.store([line(began + 4)])
        await play.inbox.store([line(began + 5)])
        assert play.ears.heard == []
        book.may.set()
        await play.hears([began + 1, began + 2, began + 4, began + 5])
        await play.inbox.store([line(began + 6)])
        await play.hears([began + 1, began + 2, began + 4, began + 5, began + 6])
    assert book.wanted[0].place.chat
    assert await desk.rows("SELECT id FROM inbox") == []


async def test_the_next_look_begins_where_the_last_one_ended(desk: Casework) -> None:
    began = await opened(desk)
    book = Book([began + 1, began + 7])
    async with Play(desk, book) as play:
        play.worker.ask("slack", "")
        await play.hears([began + 1, began + 7])
    async with Play(desk, book) as again:
        again.worker.ask("slack", "T0001", book.wanted[0].place.chat)
        again.worker.ask("slack", "T0009")
        await asyncio.wait_for(_until(lambda: len(book.wanted) == 2), 5)
    assert book.wanted[1].since == began + 7
    assert again.ears.heard == []


async def test_a_stop_in_the_middle_goes_on_behind_what_was_saved(desk: Casework) -> None:
    began = await opened(desk)
    moments = [began + number for number in range(1, 2 * CHUNK + 10)]
    book = Book(moments)
    room = (await desk.units.look(lambda unit: catch_up.rooms(unit, "slack")))[0]
    first = InboxWorker(desk.units, {"slack": Lines()}, Ears().handle)
    first.stop()
    chunk = [line(at) for at in moments[:CHUNK]]
    await first.store(chunk, (catch_up.cursor_name(room.seat), str(moments[CHUNK - 1])))  # and there it died
    async with Play(desk, book) as play:
        play.worker.ask("slack", "T0001")
        await play.hears(moments)
    assert book.wanted[0].since == moments[CHUNK - 1]
    assert await desk.units.look(lambda unit: inbox.cursor(unit.tx, catch_up.cursor_name(room.seat))) == str(
        moments[-1]
    )


async def test_a_stop_does_not_wait_for_a_history_that_does_not_answer(desk: Casework) -> None:
    began = await opened(desk)
    book = Book([began + 1])
    book.may.clear()
    async with Play(desk, book) as slow:
        slow.worker.ask("slack", "T0001")
        await asyncio.wait_for(book.reading.wait(), 20)
    assert slow.ears.heard == []
    book.may.set()
    async with Play(desk, book) as again:
        again.worker.ask("slack", "T0001")
        await again.hears([began + 1])


async def test_what_fails_is_tried_again_and_what_is_refused_is_let_go(desk: Casework) -> None:
    began = await opened(desk)
    book = Book([began + 1])
    book.trouble = [NotSent("down"), Refused(Reason.BOT_REMOVED)]
    async with Play(desk, book) as play:
        play.worker.ask("slack", "T0001")
        await asyncio.wait_for(_until(lambda: len(book.wanted) == 2), 10)
        await play.inbox.store([line(began + 3)])
        await play.hears([began + 3])
        play.worker.ask("slack", "T0001")
        await play.hears([began + 3, began + 1])


async def test_what_is_known_of_a_room(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    said = await desk.says(case, "specialist", "one")
    await desk.says(case, "dentist", "of the other side")
    taken = await desk.says(case, "specialist", "two")
    await desk.do(lambda unit: messages.set_state(unit.tx, taken, "withdrawn", unit.now))
    room = (await desk.units.look(lambda unit: catch_up.rooms(unit, "slack")))[0]
    wanted = await desk.units.look(lambda unit: catch_up.wanted(unit, room))
    assert wanted is not None
    rows = await desk.rows("SELECT message_id, native_id FROM message_part WHERE role = 'source'")
    natives = {row["message_id"]: row["native_id"] for row in rows}
    assert [(known.native, known.counts) for known in wanted.known] == [(natives[taken], False), (natives[said], True)]
    assert wanted.owner == WHO
    assert await desk.units.look(lambda unit: catch_up.rooms(unit, "telegram")) != []
    await desk.do(lambda unit: unit.tx.execute("UPDATE seat SET state = 'leaving'"))
    assert await desk.units.look(lambda unit: catch_up.wanted(unit, room)) is None
    assert await desk.units.look(lambda unit: catch_up.rooms(unit, "slack")) == []


async def test_more_than_can_be_read_is_said(desk: Casework) -> None:
    await opened(desk)
    room = (await desk.units.look(lambda unit: catch_up.rooms(unit, "slack")))[0]
    await desk.do(lambda unit: catch_up.cut(unit, room))
    await desk.settle()
    assert any("than can be read again" in one.text for one in desk.platforms["slack"].shown)


def test_what_waited_goes_in_the_order_it_happened() -> None:
    def said(at: int, native: str) -> MessageReceived:
        return MessageReceived(Origin(WHERE, WHO, at), native, plain(""))

    events: list[InboundEvent | None] = [
        said(40, "d"),
        None,
        said(10, "a"),
        MessageEdited(Origin(WHERE, WHO, 9), "a", plain("")),
        said(30, "c"),
        MessageDeleted(Origin(WHERE, WHO, 35), "c"),
    ]
    assert in_order(events) == [2, 3, 4, 5, 0, 1]


def test_a_gate_keeps_so_much_and_says_that_there_is_more() -> None:
    gates: Gates[int] = Gates(2)
    assert not gates.keep("a", 1, 1.0)
    gates.close("a")
    assert all(gates.keep("a", number, float(number)) for number in (5, 6, 7))
    assert gates.overdue(5.5) == ["a"]
    assert gates.held() == [5, 6]
    gate = gates.open("a")
    assert gate is not None
    assert (gate.waiting, gate.more) == ([5, 6], True)
    assert gates.open("a") is None


async def _until(true: object) -> None:
    assert callable(true)
    while not true():  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)


async def test_now_and_then_every_room_is_read_although_nobody_noticed(
    desk: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_of_catch_up, "SWEEP", 0.05)
    began = await opened(desk)
    async with Play(desk, Book([began + 1])) as play:
        await play.hears([began + 1])


async def test_nobody_waits_for_a_history_that_does_not_answer(desk: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_of_catch_up, "GATE", 0.1)
    monkeypatch.setattr(worker_of_catch_up, "LOOK", 0.05)
    began = await opened(desk)
    book = Book([began + 1, began + 4])
    book.may.clear()
    async with Play(desk, book) as play:
        play.worker.ask("slack", "T0001")
        await book.reading.wait()
        await play.inbox.store([line(began + 4)])
        await play.hears([began + 4])
        book.may.set()
        await play.hears([began + 4, began + 1])
