"""people.md 11, 16, 17 and 18 line by line: what pages, a new version, no answer, and what makes no sound."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId
from bot.services import plans
from bot.services.unit import Unit
from storage import cases, seats
from tests.scenarios.test_pairings import roster_of
from tests.support.sides import TelegramSide
from tests.support.theatre import ROSTER, Theatre, eventually

MONDAY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
NOON = 2 * 60 + 46
"""Minutes from ten o'clock to just after the hour of a dentist."""
PLAN = {"aligners": {"upper": 10, "lower": 10}, "days_per_aligner": 7, "fit_date": "2027-03-22"}


async def new_plan(play: Theatre, ref: str, **more: Any) -> int:
    """The specialist sends a version of the plan; its number."""

    def make(unit: Unit) -> int:
        case = cases.by_ref(unit.tx, ref)
        assert case is not None
        seat = seats.of_case(unit.tx, case["id"], "specialist")
        assert seat is not None
        made = plans.submit(unit, CaseId(case["id"]), seat, {**PLAN, **more})
        assert isinstance(made, int)
        return made

    return await play.do(make)


async def only(play: Theatre, step: str) -> None:
    """As if this were all of the check-in plan."""
    await play.do(
        lambda unit: unit.tx.execute(
            "UPDATE check_in SET state = 'void', ready_at = NULL WHERE step <> :step AND state = 'planned'",
            {"step": step},
        )
    )


async def test_people_16_each_version_is_decided_by_its_own_buttons(tmp_path: Path) -> None:
    async with Theatre(tmp_path, begins=MONDAY) as play:
        ref = await play.open_case(event_date="none")
        dentist, specialist = await play.rooms(ref)
        await new_plan(play, ref)
        await dentist.sees("Plan, version 1: waiting for approval")
        await dentist.presses("Question")
        await dentist.sees("Please write your question about version 1 here. Nothing is decided yet.")
        await specialist.sees("Dr Asha Patel has a question about version 1 of the plan before deciding.")
        await dentist.presses("Change")
        await dentist.sees("Noted. Please write here what should change in version 1.")
        await specialist.sees("Dr Asha Patel asks for a change to version 1 of the plan.")
        assert await new_plan(play, ref, days_per_aligner=10) == 2
        await dentist.sees("Plan, version 2: waiting for approval")  # a new version asks again
        await play.restart()
        await dentist.presses("Approve")
        await specialist.sees("Dr Asha Patel has approved version 2 of the plan.")
        states = await play.rows("SELECT version, state FROM plan_version ORDER BY version")
        assert states == [{"version": 1, "state": "superseded"}, {"version": 2, "state": "approved"}]


async def test_people_11_not_seating_pages_where_the_deadline_is_red(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER, begins=MONDAY) as play:
        ref = await play.open_case(event_date="2027-05-31")
        dentist, specialist = await play.rooms(ref)
        await new_plan(play, ref)
        await dentist.sees("is very unlikely to be met (red)")
        await only(play, "fit_check")
        await play.later(days=10, minutes=NOON)  # Thursday, three days after the fit
        await dentist.reads_directly("Does aligner 1 seat?")
        await dentist.presses_directly("Does not seat")
        line = await specialist.reads_directly("may need you at once")
        assert "seat" not in line  # nothing clinical outside the room
        await specialist.presses_directly("I have it")
        await dentist.sees("Dr Amar Johal has it, ")
        assert await play.rows("SELECT level FROM urgent WHERE state = 'seen'") == [{"level": "page"}]


async def test_people_17_no_answer_is_told_to_the_coordinator_never_to_the_practice(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER, begins=MONDAY) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await only(play, "records")
        await play.later(days=1, minutes=NOON)  # Tuesday
        told = await dentist.reads_directly("Are the records complete")
        assert "No answer three times: your coordinator hears of it, your practice never does." in told  # beforehand
        for _ in range(3):
            await play.later(days=1)
        await play.sam.sees(f"In {ref} a check-in was asked three times without an answer.", "DM")
        assert await play.rows("SELECT asks, state FROM check_in WHERE step = 'records'") == [
            {"asks": 3, "state": "rested"}
        ]
        await specialist.never_saw("asked three times")
        await play.later(days=3)
        assert await play.rows("SELECT COUNT(*) AS n FROM check_in_sheet WHERE skipped = '[]'") == [{"n": 3}]


async def test_people_17_not_seen_yet_is_never_a_miss(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER, begins=MONDAY) as play:
        ref = await play.open_case(event_date="none")
        dentist, specialist = await play.rooms(ref)
        await new_plan(play, ref)
        await only(play, "fit_check")
        await play.later(days=10, minutes=NOON)
        await dentist.reads_directly("Does aligner 1 seat?")
        await dentist.presses_directly("Not fitted yet")
        await dentist.presses_directly("On another day …")
        await play.patel.says("5 April")  # a bank holiday: it is asked about on the working day after it
        await dentist.presses_directly("Send")
        await dentist.reads_directly("asked again on 6 April 2027")
        (row,) = await play.rows("SELECT state, asks, asked_at FROM check_in WHERE step = 'fit_check'")
        assert row == {"state": "planned", "asks": 0, "asked_at": None}
        await specialist.never_saw("Check-in:")
        assert await play.rows("SELECT id FROM incident WHERE kind = 'check_in_unanswered'") == []


async def test_people_18_good_answers_and_cards_make_no_sound(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("slack-telegram"), begins=MONDAY) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, TelegramSide)
        await play.later(days=1, minutes=NOON)
        await dentist.presses_directly("Complete")
        await specialist.sees("Check-in: the records are complete.")
        await dentist.says("May she wear them at night only?")
        await specialist.sees("at night only")
        await play.later(minutes=2)
        await specialist.sees("Turn: ")  # the card has followed
        loud = [one.text for one in specialist.person.messages(specialist.room) if not one.silent]
        assert not [text for text in loud if "Check-in: the records" in text or "What you type here" in text]
        assert [text for text in loud if "at night only" in text]  # a person's words are heard
        await eventually(lambda: play.rows("SELECT id FROM check_in WHERE step = 'records' AND state = 'answered'"))
