"""What is looked at: every message whole, however long, and whether or not the library can be asked."""

from __future__ import annotations

import pytest

from bot.drafting.retrieval import Library
from bot.ports.drafter import Candidate, Suggestion
from bot.workers.drafts import LEASE, DraftWorker
from prompts import library
from storage import drafts as rows
from tests.support.casework import Casework
from tests.support.draft_desk import WEAR, Always, DraftDesk

BY_WORD = "Her face is swollen and she cannot breathe well."
BY_MEANING = "She looks grey and keeps fainting in the chair."
REPORT = "The records were taken last week and the scan looks fine on both arches with nothing missing. " * 60


@pytest.fixture(scope="module")
def ours() -> Library:
    return Library(library.load())


class Broken(Always):
    """A drafter whose files are gone."""

    def suggest(self, text: str) -> Suggestion:
        """The drafter port."""
        raise FileNotFoundError

    def find(self, text: str) -> tuple[Candidate, ...]:
        """The drafter port."""
        raise FileNotFoundError


@pytest.fixture
async def room(desk: Casework, ours: Library) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, ours)


async def called(room: DraftDesk) -> list[int]:
    rows = await room.desk.rows("SELECT m.no FROM urgent u JOIN message m ON m.id = u.message_id ORDER BY m.no")
    return [int(row["no"]) for row in rows]


@pytest.mark.parametrize("flag", [BY_WORD, BY_MEANING])
async def test_a_flag_far_before_the_end_calls_a_person(room: DraftDesk, flag: str) -> None:
    text = f"{flag} {REPORT}"[: 4096 - len(WEAR)] + WEAR
    assert text.index(flag) < len(text) - 4000 + 50
    await room.says(text)
    assert await called(room) == [1]
    assert room.cards == []


@pytest.mark.parametrize("flag", [BY_WORD, BY_MEANING])
async def test_a_flag_before_a_long_message_calls_a_person(room: DraftDesk, flag: str) -> None:
    await room.says(flag, REPORT[:4000] + WEAR)
    assert (await called(room))[0] in (1, 2)
    assert room.cards == []


async def test_the_lexicon_needs_no_drafter_to_agree(room: DraftDesk) -> None:
    room.drafter = Always()  # it would never call anybody
    await room.says(f"{REPORT[:9000]} {BY_WORD} {REPORT}")
    assert await called(room) == [1]


async def test_a_flag_cut_by_the_end_of_a_piece_is_seen_whole(room: DraftDesk) -> None:
    end = REPORT[: 4000 - len(BY_MEANING) // 2 - len(WEAR)] + WEAR
    await room.says(f"{REPORT} {BY_MEANING} {end}")
    assert await called(room) == [1]


async def tries(room: DraftDesk, worker: DraftWorker, times: int = 3) -> None:
    """As the draft worker does: a look that fails is made again after its lease."""
    for _ in range(times):
        for job in await room.desk.do(lambda unit: rows.due_jobs(unit.tx, unit.now, unit.now + LEASE, 8)):
            await worker._try(job)
        room.desk.clock.advance(LEASE + 1)
    await room.desk.settle()


async def asks(room: DraftDesk, text: str) -> None:
    await room.desk.says(room.case, "dentist", text)
    room.desk.clock.advance(5_000_000)


async def test_a_library_that_fails_swallows_no_red_flag(room: DraftDesk) -> None:
    worker = DraftWorker(room.desk.units, Broken())
    await asks(room, BY_WORD)
    await tries(room, worker, 1)
    assert await called(room) == [1]
    assert await room.desk.rows("SELECT id FROM incident WHERE kind = 'library'") == []


async def test_a_library_that_fails_is_told_once_and_until_it_works(room: DraftDesk, ours: Library) -> None:
    worker = DraftWorker(room.desk.units, Broken())
    for text in (WEAR, "And how are they cleaned?"):
        await asks(room, text)
        await tries(room, worker)
    assert await room.desk.rows("SELECT id FROM draft_job WHERE state = 'new'") == []
    told = [one for one in room.desk.platforms["slack"].shown if one.text.startswith("The library cannot be searched.")]
    assert len(told) == 1
    sql = "SELECT closed_at FROM incident WHERE kind = 'library'"
    assert await room.desk.rows(sql) == [{"closed_at": None}]
    await asks(room, WEAR)
    await tries(room, DraftWorker(room.desk.units, ours), 1)  # after a new start
    (row,) = await room.desk.rows(sql)
    assert row["closed_at"] is not None
    assert "Approve and send" in room.cards[-1].labels
