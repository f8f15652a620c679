"""What changes while a draft is looked up, written or on its way: nothing goes to another question than it was for."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import Reason, Refused
from bot.domain.events import MessageEdited
from bot.domain.richtext import plain
from bot.drafting.retrieval import Library
from bot.ports.drafter import Drafter, Suggestion
from bot.ports.writer import Writer, Written
from bot.services import corrections
from bot.services.unit import Unit
from bot.workers.drafts import MOST_WRITING, DraftWorker
from storage import drafts as rows
from storage import messages
from tests.support.casework import Casework
from tests.support.draft_desk import ENTRIES, PAUSE, SEAT, WEAR, Always, DraftDesk


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES))


async def edits_question(room: DraftDesk, asked: int, words: str) -> None:
    (part,) = await room.desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {asked} AND role = 'source'")
    await room.happens(MessageEdited(await room.origin("dentist"), part["native_id"], plain(words)))


class Meanwhile:
    """A library in which something happens while it is looked into, once."""

    def __init__(self, inner: Drafter) -> None:
        self._inner = inner
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._first = True

    def suggest(self, text: str) -> Suggestion:
        if self._first:
            self._first = False
            self._loop.call_soon_threadsafe(self.reached.set)
            asyncio.run_coroutine_threadsafe(self.go_on.wait(), self._loop).result(10)
        return self._inner.suggest(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


@pytest.mark.parametrize("change", ["edited", "withdrawn"])
async def test_a_question_that_changes_while_it_is_looked_up_is_looked_up_again(room: DraftDesk, change: str) -> None:
    if change == "withdrawn":
        await room.desk.says(room.case, "dentist", WEAR)
    asked = await room.desk.says(room.case, "dentist", SEAT)
    meanwhile = Meanwhile(room.drafter)
    room.drafter = meanwhile  # type: ignore[assignment]  # the rest of the port is the library's
    looking = asyncio.create_task(room.looks())
    await asyncio.wait_for(meanwhile.reached.wait(), 10)
    if change == "edited":
        await edits_question(room, asked, WEAR)
    else:

        def withdraw(unit: Unit) -> object:
            message = messages.get(unit.tx, asked)
            assert message is not None
            return corrections.withdraw(unit, message)

        await room.desk.do(withdraw)
    meanwhile.go_on.set()
    await looking
    await room.looks()
    if change == "withdrawn":
        assert room.cards == []  # the specialist has the question before it as it stands
        return
    (card,) = room.cards
    assert "20-22 hours" in card.text
    assert "previous aligner" not in card.text
    assert SEAT not in card.text


async def test_what_becomes_a_question_by_an_edit_is_looked_at(room: DraftDesk) -> None:
    asked = await room.asks("Thanks, she is well.")
    assert room.cards == []
    await edits_question(room, asked, WEAR)
    await room.looks()
    (card,) = room.cards
    assert "20-22 hours" in card.text


@pytest.mark.parametrize(
    ("ended", "said"),
    [("complaint", "A complaint is under way in this case"), ("withdrawn", "#1 was taken back by its author")],
)
async def test_send_again_asks_whether_it_still_may(room: DraftDesk, ended: str, said: str) -> None:
    asked = await room.asks(SEAT)
    await room.presses("Approve and send", settle=False)
    room.desk.platforms["telegram"].fates.append(Refused(Reason.OTHER))
    await room.desk.settle()
    await room.looks()
    if ended == "complaint":
        await room.desk.says(room.case, "dentist", "The patient has made a formal complaint about me.")
    else:
        (part,) = await room.desk.rows(f"SELECT message_id FROM message_part WHERE message_id = {asked} LIMIT 1")

        def withdraw(unit: Unit) -> object:
            message = messages.get(unit.tx, part["message_id"])
            assert message is not None
            return corrections.withdraw(unit, message)

        await room.desk.do(withdraw)
    await room.looks()
    await room.presses("Send again")
    assert room.arrived == []
    assert room.toasts[-1].startswith(said)


async def test_another_answer_taken_as_it_stands_is_not_counted_as_changed(room: DraftDesk) -> None:
    room.drafter = Always(*ENTRIES[:2])
    await room.asks(SEAT)
    await room.presses("Other answers")
    await room.presses("Use 2")
    await room.presses("Approve and send")
    (row,) = await room.desk.rows("SELECT state, distance FROM draft")
    assert (row["state"], row["distance"]) == ("approved", 0)


class _Hanging:
    """A model that never answers."""

    model = "slow"

    async def write(self, brief: object, payload: object) -> Written:
        await asyncio.Event().wait()
        raise AssertionError


async def test_what_is_urgent_does_not_wait_for_a_slow_model(room: DraftDesk) -> None:
    hanging: Writer = _Hanging()  # type: ignore[assignment]  # nothing else of it is asked
    worker = DraftWorker(room.desk.units, room.drafter, hanging)
    worker._writing = MOST_WRITING  # every place is taken by a request that hangs
    await room.desk.says(room.case, "dentist", "Her face is swollen since this morning, what now?")
    room.desk.clock.advance(PAUSE)
    for job in await room.desk.do(lambda unit: rows.due_jobs(unit.tx, unit.now, unit.now + 60_000_000, 8)):
        await asyncio.wait_for(worker._one(job), 10)
    assert await room.desk.rows("SELECT id FROM urgent")


async def test_the_answer_to_a_question_that_was_taken_back_does_not_come_with_the_next_words(room: DraftDesk) -> None:
    asked = await room.asks(SEAT)
    await room.edits("Use the old one for a week.")

    def withdraw(unit: Unit) -> object:
        message = messages.get(unit.tx, asked)
        assert message is not None
        return corrections.withdraw(unit, message)

    await room.desk.do(withdraw)
    await room.asks("She is here now.")
    assert await room.desk.rows("SELECT id FROM draft WHERE state = 'open'") == []
    assert "Use the old one" not in room.cards[-1].text
    await room.asks(WEAR)
    assert "20-22 hours" in room.cards[-1].text
