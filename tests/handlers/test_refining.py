"""A refinement by tapping and by typing: the day of its scan, the day its set came, and what is told where."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.addresses import Place
from bot.domain.ids import CaseId
from bot.domain.rules import DAY
from bot.domain.timeline import Timeline
from bot.services import plans, reflow
from bot.services.unit import Unit
from storage import seats
from tests.support.casework import PATEL
from tests.support.front import Chat, Front

LONDON = ZoneInfo("Europe/London")
MONDAY = round(datetime(2027, 3, 15, 10, 0, tzinfo=LONDON).timestamp() * 1_000_000)
PLAN = {"aligners": {"upper": 10, "lower": 10}, "days_per_aligner": 7, "fit_date": "2027-03-22"}


@pytest.fixture
async def case(front: Front) -> CaseId:
    """A case with a plan, in its sixth week: Monday 26 April 2027."""
    front.work.clock.set(MONDAY)
    made = await front.work.open_case()

    def make_plan(unit: Unit) -> None:
        seat = seats.of_case(unit.tx, made, "specialist")
        assert seat is not None
        assert plans.submit(unit, made, seat, PLAN) == 1

    await front.do(make_plan)
    front.work.clock.advance(42 * DAY)
    return made


async def asked(front: Front, case: CaseId) -> dict[str, Any]:
    (row,) = await front.rows("SELECT * FROM refinement")
    return row


async def begin(front: Front, case: CaseId) -> None:
    """The dentist asks for a refinement and says why."""
    seat = await front.work.seat(case, "dentist")
    room = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    await front.patel.command("refine", place=room)
    await front.patel.presses("Goals not reached yet")


async def types(chat: Chat, text: str) -> str:
    """A line of the private chat; what is said to it."""
    await chat.types(text)
    return (await chat.last()).text


async def test_the_day_of_the_scan_is_typed(front: Front, case: CaseId) -> None:
    await begin(front, case)
    await front.patel.presses("On another day …")
    assert "I can't read “soon” as a date" in await types(front.patel, "soon")
    assert "too long ago" in await types(front.patel, "1 January 2027")
    await types(front.patel, "12 May")
    await front.patel.presses("Send")
    row = await asked(front, case)
    assert (row["scan_on"], row["reason"], row["arrived_on"]) == ("2027-05-12", "goals", None)
    assert "New scan 12 May 2027; the new set about 9 June 2027." in await front.johal.texts()
    assert await front.one("SELECT COUNT(*) FROM message") == 0  # no answer went to the other side as a message


async def test_a_scan_that_was_taken_last_week_may_be_told_of_now(front: Front, case: CaseId) -> None:
    await begin(front, case)
    await front.patel.presses("On another day …")
    await types(front.patel, "20 April")
    await front.patel.presses("Send")
    assert (await asked(front, case))["scan_on"] == "2027-04-20"


async def test_the_day_the_set_came_is_typed_and_moves_the_dates_if_it_was_late(front: Front, case: CaseId) -> None:
    await begin(front, case)
    await front.patel.presses("Today")
    front.work.clock.advance(31 * DAY)  # Thursday 27 May; the set was expected on the 24th
    await begin(front, case)
    await front.patel.presses("The new set has come …")
    await types(front.patel, "1 June")
    await front.patel.presses("Send")
    assert "1 June 2027 is still to come" in (await front.patel.last()).text
    await front.patel.presses("The new set has come …")
    await types(front.patel, "yesterday")
    await front.patel.presses("Send")
    assert (await asked(front, case))["arrived_on"] == "2027-05-26"
    for chat in (front.patel, front.johal):
        assert "the aligners of refinement 1 came on 26 May 2027" in await chat.texts()
    (course,) = await front.rows("SELECT finish_on FROM case_course")
    begun = datetime(2027, 5, 26, tzinfo=LONDON).date()
    assert course["finish_on"] == (begun + timedelta(days=8 * 7)).isoformat()
    await begin(front, case)
    assert "The new set came on 26 May 2027." in await front.patel.texts()


async def test_a_late_set_is_fitted_as_itself_and_not_as_the_first(front: Front, case: CaseId) -> None:
    await begin(front, case)
    await front.patel.presses("Today")
    front.work.clock.advance(31 * DAY)  # three days after it was expected
    day = datetime(2027, 6, 1, tzinfo=LONDON).date()
    made = await front.do(lambda unit: reflow.fit_on(unit, case, PATEL, day))
    assert isinstance(made, Timeline)
    assert [span.begins_on.isoformat() for span in made.spans] == ["2027-03-22", "2027-06-01"]


async def test_a_set_that_came_in_time_moves_nothing(front: Front, case: CaseId) -> None:
    await begin(front, case)
    await front.patel.presses("Today")
    (before,) = await front.rows("SELECT finish_on FROM case_course")
    front.work.clock.advance(20 * DAY)
    await begin(front, case)
    await front.patel.presses("The new set has come …")
    await types(front.patel, "today")
    await front.patel.presses("Send")
    assert (await asked(front, case))["arrived_on"] == "2027-05-16"
    assert [before] == await front.rows("SELECT finish_on FROM case_course")
    assert "the new set of refinement 1 came on 16 May 2027" in await front.johal.texts()
