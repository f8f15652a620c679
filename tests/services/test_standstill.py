"""What has come to a stop: each reason by itself, gone once it is seen to, and told of in one message."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import CaseId
from bot.domain.rules import DAY, HOUR
from bot.services import standstill, stuck, unsticking
from bot.services.unit import Unit
from tests.support.casework import Casework

MONDAY = round(datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London")).timestamp() * 1_000_000)
REF = "C-7K01"


@pytest.fixture
async def case(desk: Casework) -> CaseId:
    """An open case on a Monday at 10:00."""
    desk.clock.advance(MONDAY - desk.clock.now())
    made = await desk.open_case()
    await desk.settle()
    return made


async def reasons(desk: Casework) -> set[str]:
    return {one.what for one in await desk.do(stuck.listing) if one.subject == REF}


async def test_each_reason_is_found_when_it_is_time(desk: Casework, case: CaseId) -> None:
    assert await reasons(desk) == set()
    desk.clock.advance(3 * DAY + HOUR)
    assert await reasons(desk) == {"late_records"}
    desk.clock.advance(28 * DAY)
    assert await reasons(desk) == {"late_records", "silent"}

    def passed(unit: Unit) -> None:
        unit.tx.execute("UPDATE case_file SET event_on = '2027-05-01'")
        unit.tx.execute(
            """INSERT INTO case_course(case_id, version, finish_on, late_on, colour, told_at)
               VALUES (:case, 1, '2027-06-01', '2027-09-01', 'red', :now)""",
            {"case": case, "now": unit.now},
        )

    await desk.do(passed)
    assert await reasons(desk) == {"late_records", "silent", "past_event"}


async def test_what_was_reminded_of_rests_for_three_days(desk: Casework, case: CaseId) -> None:
    desk.clock.advance(3 * DAY + HOUR)
    assert await desk.do(lambda unit: unsticking.remind(unit, "late_records", REF)) == "Dr Asha Patel"
    assert await reasons(desk) == set()
    desk.clock.advance(3 * DAY)
    assert await reasons(desk) == {"late_records"}


async def test_the_coordinators_are_told_together_in_their_hours_and_at_most_once_an_hour(desk: Casework) -> None:
    desk.clock.advance(MONDAY - desk.clock.now())
    for number in (1, 2, 3):
        await desk.open_case(number)
    await desk.settle()
    desk.clock.advance(3 * DAY + 12 * HOUR)  # Thursday 22:00
    await desk.do(standstill.look)
    await desk.do(standstill.tell)
    assert await desk.rows("SELECT id FROM delivery WHERE kind = 'post' AND case_id IS NULL") == []
    opens = await desk.do(standstill.next_telling)
    assert opens == MONDAY + 3 * DAY + 23 * HOUR  # Friday 09:00
    desk.clock.advance(opens - desk.clock.now())
    await desk.do(standstill.tell)
    await desk.settle()
    (said,) = [one.text for one in desk.platforms["slack"].shown if "no records" in one.text]
    assert said.count("no records") == 3
    assert await desk.do(standstill.next_telling) is None
