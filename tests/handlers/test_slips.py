"""How far behind the plan a case is, from its rows: nobody has to tap that it is late for its specialist to hear."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.rules import DAY, HOUR
from bot.services import reflow, reminders, retime_form
from bot.services.unit import Unit
from storage import cases
from tests.handlers.test_check_ins import pass_until, tick
from tests.handlers.test_refining import begin, case
from tests.support.casework import JOHAL, PATEL
from tests.support.front import Front

__all__ = ["case"]


async def late(front: Front, case: CaseId, days: int, by: PersonId = PATEL) -> None:
    """Somebody says in the form that the case runs late."""
    account = {"person_id": by}
    answers = {"what": "late", "days": days}
    await front.do(lambda unit: retime_form.SCRIPT.finish(unit, account, str(case), answers))


async def items(front: Front) -> list[dict[str, Any]]:
    """What is to be answered today."""
    return await front.rows("SELECT level, message_id FROM urgent ORDER BY id")


async def test_over_two_weeks_behind_is_the_specialists_to_answer_today(front: Front, case: CaseId) -> None:
    await late(front, case, 8)
    await late(front, case, 6)  # two weeks, and not more
    assert await items(front) == []
    await late(front, case, 1)
    ((item),) = await items(front)
    assert item["level"] == "same_day"
    assert "by the dates, 15 days behind the plan" in await front.johal.texts()
    (owed,) = await front.rows("SELECT kind FROM owed WHERE slot = 'reply'")
    assert owed["kind"] == "not_seating"  # the target of the same day
    await late(front, case, 7)
    assert len(await items(front)) == 1  # told once


async def test_a_specialist_who_moves_the_dates_is_not_told_of_it(front: Front, case: CaseId) -> None:
    await late(front, case, 30, JOHAL)
    assert await items(front) == []


async def test_a_finish_after_the_wanted_date_is_seen_though_the_answer_is_on_time(front: Front, case: CaseId) -> None:
    def soon(unit: Unit) -> None:
        cases.set_event(unit.tx, case, "2027-05-28")
        unit.tx.execute("UPDATE check_in SET state = 'planned', ready_at = due_at, wished = 1 WHERE step = 'half'")

    await front.do(soon)
    await pass_until(front, "half")
    await front.patel.presses("On time")
    ((item),) = await items(front)
    assert item["level"] == "same_day"
    assert "on time; by the dates, the finish is 3 days after the date to be ready for" in await front.johal.texts()


async def test_what_is_reported_counts_with_what_was_moved(front: Front, case: CaseId) -> None:
    await late(front, case, 8)
    await pass_until(front, "review")
    for label in ("Fits well", "20 to 22 or more", "One behind"):
        await front.patel.presses(label)
    (row,) = await front.rows("SELECT level FROM check_in WHERE step = 'review' AND message_id IS NOT NULL")
    assert row["level"] == "same_day"  # the tap alone is a line in a digest
    assert "one aligner behind the plan; by the dates, 15 days behind the plan" in await front.johal.texts()


async def test_as_planned_says_nothing_of_the_dates(front: Front, case: CaseId) -> None:
    await front.do(lambda unit: reflow.slip(unit, case, JOHAL, 30))
    await pass_until(front, "review")
    for label in ("Fits well", "20 to 22 or more", "As planned"):
        await front.patel.presses(label)
    assert await items(front) == []
    assert "behind the plan" not in (await front.johal.texts()).split("on the planned aligner")[-1]


async def test_a_set_over_a_week_late_is_told_of_unasked(front: Front, case: CaseId) -> None:
    await begin(front, case)
    await front.patel.presses("Today")  # expected on 24 May
    await pass_until(front, "set_late")
    front.work.clock.advance(HOUR)
    await tick(front)
    await front.do(lambda unit: reminders.send_due(unit, JOHAL))
    assert "C-7K01: the new set has not come, 8 days after it was expected" in await front.johal.texts()
    assert "has not come" not in await front.patel.texts()
    assert await front.one("SELECT COUNT(*) FROM check_in_sheet") == 0  # nobody was asked
    front.work.clock.advance(7 * DAY)
    await tick(front)
    assert await front.one("SELECT COUNT(*) FROM reminder WHERE line = 'check_in.line.set_late'") == 1


async def test_a_set_that_has_come_is_not_told_of(front: Front, case: CaseId) -> None:
    await begin(front, case)
    await front.patel.presses("Today")
    await pass_until(front, "refinement_set")
    await front.patel.presses("Worn")
    await front.patel.presses("Not yet")
    await front.patel.presses("Change C-7K01")
    await front.patel.presses("Worn")
    await front.patel.presses("Arrived")
    assert await front.one("SELECT arrived_on FROM refinement") == "2027-05-24"
    await front.do(
        lambda unit: unit.tx.execute("UPDATE check_in SET state = 'planned', ready_at = due_at WHERE step = 'set_late'")
    )
    await pass_until(front, "set_late")
    assert await front.one("SELECT COUNT(*) FROM reminder WHERE line = 'check_in.line.set_late'") == 0
