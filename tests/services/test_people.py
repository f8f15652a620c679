"""What may be said about people: how much they take on, when they are away, and everything of theirs on hold."""

from __future__ import annotations

from bot.domain.problems import Problem
from bot.domain.rules import DAY
from bot.services import people
from tests.support.casework import JOHAL, Casework


async def test_what_waited_for_somebody_on_hold_goes_when_they_are_let_go(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await desk.do(lambda unit: people.lock(unit, "johal", "cli"))
    await desk.says(case, "dentist", "Are you there?")
    await desk.settle()
    assert not [one for one in desk.platforms["slack"].shown if "Are you there" in one.text]
    await desk.do(lambda unit: people.unlock(unit, "johal", "cli"))
    await desk.settle()
    assert len([one for one in desk.platforms["slack"].shown if "Are you there" in one.text]) == 1
    again = await desk.do(lambda unit: people.unlock(unit, "johal", "cli"))
    assert isinstance(again, Problem)
    assert again.key == "people.problem.not_locked"


async def test_a_hold_before_anything_was_ever_sent_holds_the_first_message_too(desk: Casework) -> None:
    await desk.do(lambda unit: people.lock(unit, "johal", "cli"))
    rows = await desk.rows("SELECT paused FROM lane WHERE user_ref = 'U0002'")
    assert [row["paused"] for row in rows] == ["locked"]
    case = await desk.open_case()
    await desk.says(case, "dentist", "First words")
    await desk.settle()
    assert not [one for one in desk.platforms["slack"].shown if one.place.chat == "DU0002" or "First" in one.text]


async def test_capacity(desk: Casework) -> None:
    assert await desk.do(lambda unit: people.set_capacity(unit, "Johal", 7, "cli")) is None
    (row,) = await desk.rows("SELECT capacity FROM person WHERE id = 2")
    assert row["capacity"] == 7
    for handle, capacity, key in (
        ("patel", 7, "people.problem.no_capacity"),
        ("nobody", 7, "people.problem.nobody"),
        ("johal", -1, "people.problem.capacity"),
        ("johal", 501, "people.problem.capacity"),
    ):
        problem = await desk.do(lambda unit, h=handle, c=capacity: people.set_capacity(unit, h, c, "cli"))
        assert problem is not None
        assert problem.key == key


async def test_leave_that_is_over_is_no_leave(desk: Casework) -> None:
    now = desk.clock.now()
    problem = await desk.do(lambda unit: people.set_away(unit, JOHAL, now - 2 * DAY, now - DAY, "", "cli"))
    assert problem is not None
    assert problem.key == "people.problem.past"
    assert await desk.rows("SELECT * FROM absence") == []
