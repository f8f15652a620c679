"""A seat covered for a time: it begins and goes back by itself, and what cannot be is said."""

from __future__ import annotations

from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from bot.domain.rules import DAY
from bot.services import handovers
from bot.services.unit import Unit
from storage import people
from tests.services.test_handovers import given, room, texts
from tests.support.casework import JOHAL, REID, SHAH, Casework


async def covered(desk: Casework, case: CaseId, handle: str, starts: int, ends: int) -> Problem | None:
    """Plan a cover, in µs from now."""

    def work(unit: Unit) -> Problem | None:
        person = people.by_handle(unit.tx, handle)
        assert person is not None
        return handovers.cover(unit, case, person, unit.now + starts, unit.now + ends, "test", REID)

    return await desk.do(work)


async def holder(desk: Casework, case: CaseId) -> int:
    """Who has the specialist's seat."""
    return int((await desk.seat(case, "specialist"))["person_id"])


async def test_a_cover_begins_and_goes_back_by_itself(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    assert await covered(desk, case, "shah", DAY, 3 * DAY) is None
    assert await desk.do(handovers.run_due) == 0
    due = await desk.do(handovers.next_due)
    assert due is not None
    desk.clock.set(due)
    assert await desk.do(handovers.run_due) == 1
    assert await desk.do(handovers.run_due) == 0
    assert await holder(desk, case) == SHAH
    await desk.settle()
    await desk.says(case, "dentist", "While you cover")
    await desk.settle()
    desk.clock.advance(3 * DAY)
    assert await desk.do(handovers.run_due) == 1
    assert await holder(desk, case) == JOHAL
    await desk.settle()
    story = "\n".join(texts(desk, await room(desk, case, "specialist")))
    assert "Taken over from Dr Shah" in story
    assert "While you cover" in story
    (row,) = await desk.rows("SELECT epoch FROM case_file")
    assert row["epoch"] == 3
    (cover,) = await desk.rows("SELECT state FROM seat_cover")
    assert cover["state"] == "over"


async def test_a_cover_that_begins_now_begins_now(desk: Casework) -> None:
    case = await desk.open_case()
    assert await covered(desk, case, "shah", 0, DAY) is None
    assert await holder(desk, case) == SHAH


async def test_a_later_word_ends_a_cover(desk: Casework) -> None:
    case = await desk.open_case()
    await covered(desk, case, "shah", DAY, 3 * DAY)
    assert await given(desk, case, "shah") is None  # for good, now
    desk.clock.advance(4 * DAY)
    assert await desk.do(handovers.run_due) == 0
    assert await holder(desk, case) == SHAH


async def test_a_cover_that_cannot_begin_moves_nobody_and_is_said(desk: Casework) -> None:
    case = await desk.open_case()
    await covered(desk, case, "shah", DAY, 3 * DAY)
    await desk.do(lambda unit: people.set_locked(unit.tx, SHAH, True))
    desk.clock.advance(2 * DAY)
    assert await desk.do(handovers.run_due) == 0
    assert await holder(desk, case) == JOHAL
    assert [row["kind"] for row in await desk.rows("SELECT kind FROM incident")] == ["cover"]


async def test_a_cover_wholly_missed_is_dropped(desk: Casework) -> None:
    # The machine was off all the time: the cover is over before it began.
    case = await desk.open_case()
    await covered(desk, case, "shah", DAY, 3 * DAY)
    desk.clock.advance(5 * DAY)
    assert await desk.do(handovers.run_due) == 0
    assert await holder(desk, case) == JOHAL
    assert await desk.do(handovers.next_due) is None


async def test_no_cover_in_the_past_or_of_nobody(desk: Casework) -> None:
    case = await desk.open_case()
    problem = await covered(desk, case, "shah", -2 * DAY, -DAY)
    assert problem is not None
    assert problem.key == "people.problem.past"
    await desk.do(lambda unit: unit.tx.execute("UPDATE case_file SET specialist_id = NULL, state = 'unassigned'"))
    problem = await covered(desk, case, "shah", DAY, 2 * DAY)
    assert problem is not None
    assert problem.key == "handover.problem.nobody_yet"
