"""The case card says whose turn it is and by when, and which aligner is worn; it follows by itself, in few edits."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import CaseId
from bot.domain.rules import MINUTE
from bot.services import plans, rooms
from bot.services.unit import Unit
from storage import cases, seats
from tests.support.casework import Casework

LONDON = ZoneInfo("Europe/London")
MONDAY = round(datetime(2027, 3, 15, 10, 0, tzinfo=LONDON).timestamp() * 1_000_000)
PLAN = {"aligners": {"upper": 10, "lower": 10}, "days_per_aligner": 7, "fit_date": "2027-03-22"}


@pytest.fixture
async def case(desk: Casework) -> CaseId:
    """A case on a Monday at 10:00."""
    desk.clock.advance(MONDAY - desk.clock.now())
    return await desk.open_case()


async def shown(desk: Casework, case: CaseId) -> list[str]:
    """The card as it stands in the dentist's room."""
    await desk.settle()
    seat = await desk.seat(case, "dentist")
    texts = desk.platforms[seat["platform"]].texts(seat["chat"])
    return [one for one in texts if one.startswith("What you type here goes to")]


async def follow(desk: Casework) -> int:
    """Half a minute later; how many cards were brought up to date."""
    desk.clock.advance(MINUTE)
    return await desk.do(rooms.run_due)


async def test_whose_turn_and_by_when(desk: Casework, case: CaseId) -> None:
    await desk.settle()
    await follow(desk)
    await desk.says(case, "dentist", "May she wear them at night only?")
    await desk.says(case, "dentist", "And the lower one?")
    assert await follow(desk) == 1  # of both lines one edit
    (standing,) = await shown(desk, case)
    assert "Turn: Dr Amar Johal; an answer is due by Tue 16 March 10:0" in standing
    await desk.says(case, "specialist", "All day, please")
    assert "due by Tue" in (await shown(desk, case))[0]  # not with every line of a lively talk
    assert await follow(desk) == 1
    assert "Turn: Dr Asha Patel" in (await shown(desk, case))[0]
    assert "answer" not in (await shown(desk, case))[0]
    assert await desk.do(lambda unit: cases.next_card(unit.tx)) is None


async def test_what_is_late_says_so_by_itself(desk: Casework, case: CaseId) -> None:
    await desk.says(case, "dentist", "May she wear them at night only?")
    await follow(desk)
    at = await desk.do(lambda unit: cases.next_card(unit.tx))
    assert at is not None
    desk.clock.advance(at - desk.clock.now())
    assert await desk.do(rooms.run_due) == 1
    assert "an answer was due by Tue 16 March" in (await shown(desk, case))[0]


async def test_the_aligner_follows_on_its_day(desk: Casework, case: CaseId) -> None:
    def make_plan(unit: Unit) -> None:
        seat = seats.of_case(unit.tx, case, "specialist")
        assert seat is not None
        assert plans.submit(unit, case, seat, PLAN) == 1

    await desk.do(make_plan)
    await follow(desk)
    for aligner in (1, 2, 3):
        at = await desk.do(lambda unit: cases.next_card(unit.tx))
        assert at is not None
        desk.clock.advance(at - desk.clock.now())
        assert f"{datetime.fromtimestamp(at / 1_000_000, LONDON):%a %H:%M}" == "Mon 06:00"
        assert await desk.do(rooms.run_due) == 1
        assert f"Aligner {aligner} of 10" in (await shown(desk, case))[0]
    await desk.do(lambda unit: unit.tx.execute("UPDATE case_file SET state = 'closed'"))
    desk.clock.advance(14 * 24 * 60 * MINUTE)
    await desk.do(rooms.run_due)
    assert await desk.do(lambda unit: cases.next_card(unit.tx)) is None
