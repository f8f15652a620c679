"""Check-ins that are left half-way: nobody is forgotten, and a date that moves on is asked about again."""

from __future__ import annotations

from bot.domain.rules import DAY, HOUR
from bot.services import reflow, timelines
from storage import cases
from tests.handlers.test_check_ins import opened, pass_until, sheets, tick
from tests.handlers.test_refining import case
from tests.support.casework import PATEL
from tests.support.front import Front

__all__ = ["case"]


async def days_pass(front: Front, count: int) -> None:
    """Look in four times a day."""
    for _ in range(count * 4):
        front.work.clock.advance(6 * HOUR)
        await tick(front)


async def test_one_left_half_answered_is_asked_again_and_then_told(front: Front, case: int) -> None:
    await pass_until(front, "review")
    await front.patel.presses("Fits well")
    front.work.clock.advance(DAY + 2 * HOUR)
    await tick(front)
    assert "How are the aligners fitting?" not in (await sheets(front.patel))[-1].text  # what was answered stays so
    (row,) = await front.rows("SELECT state, asks FROM check_in WHERE step = 'review' AND occurrence = 1")
    assert (row["state"], row["asks"]) == ("asked", 2)
    await days_pass(front, 10)
    (row,) = await front.rows("SELECT state FROM check_in WHERE step = 'review' AND occurrence = 1")
    assert row["state"] == "rested"
    assert await front.rows("SELECT id FROM incident WHERE kind = 'check_in_unanswered'")


async def test_an_answer_to_be_changed_and_left_is_asked_again(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.patel.presses("Fits well")
    await front.work.settle()
    await front.patel.presses("Change C-7K01")
    await days_pass(front, 2)
    (row,) = await front.rows("SELECT state, asks FROM check_in WHERE step = 'fit_progress'")
    assert row["state"] == "asked"
    assert row["asks"] >= 2


async def test_a_finish_that_moves_on_is_asked_about_again(front: Front, case: int) -> None:
    await pass_until(front, "finish")
    await front.patel.presses("Not finished")
    await front.patel.presses("Not yet")
    today = await front.do(lambda unit: timelines.today_of(unit, cases.get(unit.tx, case) or {}))
    await front.do(lambda unit: reflow.add_refinement(unit, case, PATEL, today))
    rows = await front.rows("SELECT occurrence, state FROM check_in WHERE step = 'finish' ORDER BY occurrence")
    assert [(row["occurrence"], row["state"]) for row in rows] == [(1, "answered"), (2, "planned")]
