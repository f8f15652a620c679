"""Whose turn: what starts a clock, what stops it, who hears of it when, and what thanks and leave do to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import CaseId
from bot.domain.rules import DAY, HOUR, MINUTE, SECOND
from bot.domain.turns import Owed
from bot.services import covering, people, reminders, turns
from storage import cases
from storage import people as person_rows
from tests.support.casework import JOHAL, PATEL, REID, SHAH, Casework

LONDON = ZoneInfo("Europe/London")
MONDAY = round(datetime(2027, 3, 15, 10, 0, tzinfo=LONDON).timestamp() * 1_000_000)


@pytest.fixture
async def case(desk: Casework) -> CaseId:
    """A case of Dr Patel and Dr Johal on a Monday at 10:00; Dr Shah covers for Dr Johal."""
    desk.clock.advance(MONDAY - desk.clock.now())
    await desk.do(
        lambda unit: unit.tx.execute("UPDATE person SET cover_id = :c WHERE id = :p", {"c": SHAH, "p": JOHAL})
    )
    made = await desk.open_case()
    await desk.settle()
    desk.clock.advance(MONDAY - desk.clock.now())
    return made


async def owed(desk: Casework) -> list[dict[str, Any]]:
    """What is owed, moments to the second."""
    rows = await desk.rows("SELECT slot, kind, due_at, stage, spent, started_at FROM owed ORDER BY slot")
    times = ("due_at", "spent", "started_at")
    return [{**row, **{key: row[key] and round(row[key] / SECOND) * SECOND for key in times}} for row in rows]


async def until(desk: Casework, moment: int) -> None:
    """Let time pass, stage by stage."""
    while (following := await desk.do(turns.next_due)) is not None and following <= moment:
        desk.clock.advance(max(following - desk.clock.now(), 0))
        await desk.do(turns.run_due)
        await desk.do(reminders.run_due)
        await desk.settle()
    desk.clock.advance(max(moment - desk.clock.now(), 0))


def told(desk: Casework, user: str, words: str) -> int:
    """How often an account was told this in its own chat."""
    platform = desk.platforms["telegram" if user.isdigit() else "slack"]
    return sum(words in one.text for one in platform.shown if one.place.chat in (user, f"D{user}", f"direct:{user}"))


async def test_a_question_starts_a_clock_and_an_answer_stops_it(desk: Casework, case: CaseId) -> None:
    await desk.says(case, "dentist", "May she wear them at night only?")
    (row,) = await owed(desk)
    assert (row["kind"], row["stage"], row["due_at"] - MONDAY) == ("question", "running", DAY)
    await desk.says(case, "specialist", "No, all day")
    assert await owed(desk) == []
    assert (await desk.rows("SELECT turn FROM case_file"))[0]["turn"] == "dentist"


async def test_thanks_change_nothing_on_either_side(desk: Casework, case: CaseId) -> None:
    await desk.says(case, "dentist", "May she wear them at night only?")
    before = await owed(desk)
    desk.clock.advance(HOUR)
    await desk.says(case, "specialist", "Ok, thanks")  # read, not answered
    assert await owed(desk) == before
    await desk.says(case, "specialist", "No, all day")
    await desk.says(case, "dentist", "Great, thank you Dr Johal!")
    assert await owed(desk) == []
    assert (await desk.rows("SELECT turn FROM case_file"))[0]["turn"] == "dentist"


async def test_asking_again_does_not_move_the_clock_but_something_sooner_does(desk: Casework, case: CaseId) -> None:
    await desk.says(case, "dentist", "May she wear them at night only?")
    (first,) = await owed(desk)
    desk.clock.advance(HOUR)
    await desk.says(case, "dentist", "Are you there?")
    assert await owed(desk) == [first]
    await desk.says(case, "dentist", "And UL2 does not seat any more")
    (sooner,) = await owed(desk)
    assert sooner["kind"] == "not_seating"
    assert sooner["due_at"] == MONDAY + 7 * HOUR + 30 * MINUTE  # 17:30 the same day


async def test_everybody_hears_of_it_in_turn(desk: Casework, case: CaseId) -> None:
    await desk.says(case, "dentist", "May she wear them at night only?")
    stages: list[str] = []
    for moment in (0.75, 1.0, 1.25, 1.5):
        hours = moment * 8.5
        day = HOUR * 7.5  # what is left of Monday
        at = MONDAY + hours * HOUR if hours * HOUR <= day else MONDAY + hours * HOUR + 15.5 * HOUR
        await until(desk, round(at) + MINUTE)
        stages.append((await owed(desk))[0]["stage"])
    assert stages == ["warned", "late", "cover", "coordinator"]
    assert told(desk, "U0002", "waits for your answer. It is due by Tuesday 10:00.") == 1
    assert told(desk, "U0002", "is past its target") == 1
    assert told(desk, "U0004", "in a case of Dr Johal's") == 1
    assert [row["kind"] for row in await desk.rows("SELECT kind FROM incident")] == ["late_reply"]
    await desk.says(case, "specialist", "No, all day")
    assert await desk.rows("SELECT kind FROM incident WHERE closed_at IS NULL") == []


async def test_the_clock_stands_while_the_dentist_owes_something(desk: Casework, case: CaseId) -> None:
    def ask(unit: Any) -> None:
        row = cases.get(unit.tx, case)
        assert row is not None
        turns.owe(unit, row, Owed.PLAN_REVIEW)

    await desk.do(ask)
    (row,) = await owed(desk)
    assert row["due_at"] == MONDAY + 2 * DAY
    desk.clock.advance(2 * HOUR)
    await desk.says(case, "specialist", "Please send the lower scan first")
    (standing,) = await owed(desk)
    assert (standing["started_at"], standing["due_at"], standing["spent"]) == (None, None, 2 * HOUR)
    await until(desk, MONDAY + 7 * DAY)
    assert (await owed(desk))[0]["stage"] == "running"
    await desk.says(case, "dentist", "Here it is")
    plan, reply = await owed(desk)
    assert plan["due_at"] == MONDAY + 8 * DAY + 6 * HOUR + 30 * MINUTE
    assert reply["kind"] == "question"


async def test_leave_said_later_moves_what_is_due(desk: Casework, case: CaseId) -> None:
    await desk.says(case, "dentist", "May she wear them at night only?")
    tuesday = MONDAY + 14 * HOUR
    assert await desk.do(lambda unit: people.set_away(unit, JOHAL, tuesday, tuesday + 2 * DAY, "shah", "test")) is None
    (row,) = await owed(desk)
    assert row["due_at"] == MONDAY + 3 * DAY
    await desk.do(lambda unit: people.back(unit, JOHAL, "test"))
    (row,) = await owed(desk)
    assert row["due_at"] == MONDAY + DAY


async def test_a_cover_takes_the_case_and_it_comes_back(desk: Casework, case: CaseId) -> None:
    await desk.says(case, "dentist", "May she wear them at night only?")
    assert await desk.do(lambda unit: covering.take(unit, case, SHAH, SHAH)) is None
    await desk.settle()
    seat = await desk.seat(case, "specialist")
    assert seat["person_id"] == SHAH
    plan, row = await owed(desk)  # there is none yet, so it is the cover's to make
    assert (plan["kind"], row["kind"], row["stage"]) == ("plan_review", "question", "running")
    (cover,) = await desk.rows("SELECT state, ends_at FROM seat_cover")
    assert cover["state"] == "running"
    assert cover["ends_at"] > desk.clock.now() + DAY
    assert await desk.do(lambda unit: covering.back(unit, JOHAL)) == 1
    assert {PATEL, REID}.isdisjoint({seat["person_id"]})


async def test_a_practice_has_targets_of_its_own(desk: Casework, case: CaseId) -> None:
    await desk.do(lambda unit: person_rows.set_targets(unit.tx, 1, '{"question": "2 h"}'))
    await desk.says(case, "dentist", "May she wear them at night only?")
    (row,) = await owed(desk)
    assert row["due_at"] == MONDAY + 2 * HOUR


async def test_the_clock_loop_is_woken_for_what_is_due_before_its_next_look_alone(desk: Casework, case: CaseId) -> None:
    engine = desk.units.engine
    while await engine.wait_notify("scheduler", 0.2):  # what woke it so far
        pass
    await desk.says(case, "dentist", "May she wear them at night only?")
    assert (await owed(desk))[0]["due_at"] > desk.clock.now() + HOUR
    assert not await engine.wait_notify("scheduler", 0.5)
    await desk.do(lambda unit: unit.due(None))
    assert not await engine.wait_notify("scheduler", 0.5)
    await desk.do(lambda unit: unit.due(unit.now + 20 * SECOND))
    assert await engine.wait_notify("scheduler", 5)
