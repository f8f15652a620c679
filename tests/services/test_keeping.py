"""Keep and find: what may be kept and read by whom, and what a search opens."""

from __future__ import annotations

import pytest

from bot.domain.ids import CaseId, MessageId, PersonId
from bot.domain.problems import Problem
from bot.services import corrections, keeping
from bot.services.keeping import Found
from bot.services.unit import Unit
from storage import messages
from tests.support.casework import JOHAL, PATEL, SHAH, Casework


async def keep(desk: Casework, message: MessageId, by: PersonId) -> Problem | None:
    def do(unit: Unit) -> Problem | None:
        row = messages.get(unit.tx, message)
        assert row is not None
        return keeping.keep(unit, row, by)

    done = await desk.do(do)
    await desk.settle()
    return done


async def find(desk: Casework, case: CaseId, side: str, words: str) -> list[int]:
    seat = await desk.seat(case, side)
    found = await desk.do(lambda unit: keeping.search(unit, seat, words))
    assert isinstance(found, Found)
    return [row["no"] for row in found.rows]


async def test_only_what_has_arrived_is_kept_and_only_by_its_two_people(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "Hold aligner 6")
    assert await keep(desk, message, PATEL) == Problem.of("keep.not_yet", no=1, ref="C-7K01")
    assert await keep(desk, message, SHAH) == Problem.of("keep.not_here")
    assert await keep(desk, message, JOHAL) is None
    for platform in desk.platforms.values():
        (card,) = [one for one in platform.shown if "Agreed so far" in one.text]
        assert "Dr Patel · #1: Hold aligner 6" in card.text


async def test_a_kept_message_that_is_taken_back_leaves_the_card(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "Hold aligner 6")
    await desk.settle()
    await keep(desk, message, JOHAL)

    def take_back(unit: Unit) -> bool:
        row = messages.get(unit.tx, message)
        assert row is not None
        return corrections.withdraw(unit, row)

    await desk.do(take_back)
    await desk.settle()
    assert not await desk.rows("SELECT message_id FROM kept")
    assert not [one for p in desk.platforms.values() for one in p.shown if "Agreed so far" in one.text]


async def test_a_card_that_waited_never_shows_what_was_taken_back_meanwhile(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "Hold aligner 6")
    await desk.settle()

    def keep_and_take_back(unit: Unit) -> None:
        row = messages.get(unit.tx, message)
        assert row is not None
        assert keeping.keep(unit, row, JOHAL) is None
        assert corrections.withdraw(unit, row)

    await desk.do(keep_and_take_back)
    worker, edits = desk.worker(), 0
    while (wait := await worker.turn()) is not None:
        desk.clock.advance(max(int(wait * 1_000_000), 1))
        assert not [one for p in desk.platforms.values() for one in p.shown if "Agreed so far" in one.text]
        edits += 1
    assert edits > 2


async def test_a_card_shows_the_last_eight(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    for number in range(10):
        message = await desk.says(case, "dentist", f"point {number}")
        await desk.settle()
        await keep(desk, message, JOHAL)
    (card,) = [one for one in desk.platforms["slack"].shown if "Agreed so far" in one.text]
    assert "point 1" not in card.text
    assert "point 2" in card.text
    assert "and 2 more; look with find" in card.text


@pytest.mark.parametrize("words", ["UL2", "22", "upper left 2", "ul2 GAP", "gáp", "0.2 mm", "ga"])
async def test_words_are_found_however_they_are_written(desk: Casework, words: str) -> None:
    case, other = await desk.open_case(1), await desk.open_case(2)
    await desk.settle()
    await desk.says(case, "dentist", "The gap at UL2 is 0.2 mm")
    await desk.says(case, "dentist", "UL3 is fine")
    await desk.says(other, "dentist", "The gap at UL2 is 0.2 mm")
    await desk.settle()
    assert await find(desk, case, "specialist", words) == [1]
    assert await find(desk, case, "dentist", words) == [1]


async def test_nobody_finds_what_has_not_reached_them_or_was_taken_back(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "a gap")
    assert await find(desk, case, "specialist", "gap") == []
    assert await find(desk, case, "dentist", "gap") == [1]
    await desk.settle()
    assert await find(desk, case, "specialist", "gap") == [1]

    def take_back(unit: Unit) -> bool:
        row = messages.get(unit.tx, message)
        assert row is not None
        return corrections.withdraw(unit, row)

    await desk.do(take_back)
    await desk.settle()
    assert await find(desk, case, "specialist", "gap") == []
    assert await find(desk, case, "dentist", "gap") == []


async def test_a_search_reads_so_many_messages_and_says_so(desk: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    case = await desk.open_case()
    await desk.settle()
    for number in range(12):
        await desk.says(case, "dentist", f"gap {number}")
    monkeypatch.setattr(keeping, "PAGE", 3)
    monkeypatch.setattr(keeping, "MOST_READ", 6)
    seat = await desk.seat(case, "dentist")
    found = await desk.do(lambda unit: keeping.search(unit, seat, "gap 1"))
    assert isinstance(found, Found)
    assert [row["no"] for row in found.rows] == [12, 11]
    assert not found.whole
    assert await desk.do(lambda unit: keeping.search(unit, seat, " .?! ")) == Problem.of("find.empty")
