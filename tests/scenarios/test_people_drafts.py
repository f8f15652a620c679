"""What people may rely on with drafted answers: people.md 2, 10, 13, 20 and 31, on the real apps' fakes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId
from bot.domain.rules import SECOND
from bot.services import plans
from bot.services.unit import Unit
from storage import cases, seats
from tests.support.cast import PATEL, PRACTICE, SAM
from tests.support.drafting import labels, ticks
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

MONDAY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
FITTED = {"aligners": {"upper": 14, "lower": 14}, "days_per_aligner": 7, "fit_date": MONDAY.date().isoformat()}
QUESTION = "How many hours a day should the patient wear the aligners?"
ANSWER = "The usual prescription is 20-22 hours a day"
ON_TELEGRAM = """\
  - {id: johal, name: Dr Amar Johal, role: specialist, telegram: 700002, capacity: 25,
     expertise: [rotations, open-bite], hours: "24/7", timezone: Europe/London}
"""
TELEGRAM = PRACTICE + PATEL + ON_TELEGRAM + SAM


async def card(specialist: Side) -> str:
    """The newest card, once it has its buttons."""
    await eventually(lambda: "Approve and send" in labels(specialist))
    return specialist.words(await specialist.sees("Only you see this. Nothing is sent unless you approve it."))


async def nothing_is_drafted(play: Theatre) -> None:
    """Everything that was said was looked at, and no draft is open."""

    async def looked() -> bool:
        return not await play.rows("SELECT id FROM draft_job WHERE state = 'new'")

    await eventually(looked)
    assert await play.rows("SELECT id FROM draft WHERE state = 'open'") == []


async def test_2_a_red_flag_is_held_paged_and_seen(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("Her cheek is swollen since last night, should we stop?")
        await dentist.sees("call 999 or send them to A&E now")
        await dentist.sees("has gone straight to Dr Amar Johal, marked as urgent. Nothing is drafted for it.")
        await specialist.sees("may need you at once. No draft is made for this.")
        await specialist.reads_directly("may need you at once")
        await specialist.presses_directly("I have it")
        await dentist.sees("Dr Amar Johal has it")
        assert "Approve and send" not in labels(specialist)
        await dentist.says("She is here now. " + QUESTION)
        await specialist.sees("She is here now.")
        await nothing_is_drafted(play)
        await specialist.says("Call 999 for her, I am on my way.")
        await dentist.sees("I am on my way.")
        await dentist.says("She is well again. " + QUESTION)
        assert ANSWER in await card(specialist)


async def test_2_a_card_that_stood_there_before_a_red_flag_never_comes_back(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        assert ANSWER in await card(specialist)
        await dentist.says("Her cheek is swollen and she cannot breathe well.")
        await specialist.sees("Nothing is drafted in this case until you have written to the dentist yourself")
        await specialist.presses_directly("I have it")
        await dentist.says("She is here now.")
        await specialist.sees("She is here now.")
        await nothing_is_drafted(play)
        assert "Approve and send" not in labels(specialist)
        await dentist.never_saw(ANSWER)


async def test_10_facts_of_an_older_plan_block_approval(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)

        def plan(unit: Unit, upper: int) -> None:
            row = cases.by_ref(unit.tx, ref)
            assert row is not None
            seat = seats.of_case(unit.tx, row["id"], "specialist")
            assert seat is not None
            answers = {"aligners": {"upper": upper, "lower": 10}, "days_per_aligner": 10}
            assert isinstance(plans.submit(unit, CaseId(row["id"]), seat, answers), int)  # type: ignore[arg-type]

        await play.do(lambda unit: plan(unit, 14))
        await dentist.says("The patient is getting married in three months - can we finish by then?")
        await specialist.sees("14 upper, 10 lower (plan, version 1, today)")
        await ticks(specialist)
        await play.do(lambda unit: plan(unit, 20))
        await specialist.presses("Approve and send")
        await specialist.sees("20 upper, 10 lower (plan, version 2, today)")
        await dentist.never_saw("In this case:")
        await ticks(specialist)
        await specialist.presses("Approve and send")
        await dentist.sees("20 upper, 10 lower")


async def test_10_an_aligner_that_is_not_worn_any_more_blocks_approval(tmp_path: Path) -> None:
    async with Theatre(tmp_path, begins=MONDAY) as play:
        ref = await play.open_case(event_date="none")
        dentist, specialist = await play.rooms(ref)

        def plan(unit: Unit) -> None:
            row = cases.by_ref(unit.tx, ref)
            assert row is not None
            seat = seats.of_case(unit.tx, row["id"], "specialist")
            assert seat is not None
            assert plans.submit(unit, CaseId(row["id"]), seat, FITTED) == 1

        await play.do(plan)
        await dentist.presses("Approve")
        await specialist.sees("has approved version 1 of the plan.")
        await dentist.says("The new aligner will not seat fully - what should I do?")
        await specialist.sees("Aligner by the plan's dates: 1 (plan, version 1, today)")
        await ticks(specialist)
        await play.later(days=8)
        await specialist.presses("Approve and send")
        await specialist.sees("Aligner by the plan's dates: 2 (plan, version 1, 8 days old)")
        await dentist.never_saw("In this case:")
        await ticks(specialist)
        await specialist.presses("Approve and send")
        await dentist.sees("Aligner by the plan's dates: 2")


async def test_13_a_complaint_ends_drafts(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await card(specialist)
        await dentist.says("She has made a formal complaint about the treatment.")
        await specialist.sees("Call your indemnifier first")
        await eventually(lambda: "Approve and send" not in labels(specialist))
        await dentist.says(QUESTION)
        await specialist.sees(f"{QUESTION}")
        await dentist.never_saw(ANSWER)


async def test_20_and_31_on_slack_an_edit_survives_what_is_said_since(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, SlackSide)
        await dentist.says(QUESTION)
        shown = await card(specialist)
        assert "Library answer, checked for this case by Dr Amar Johal" in shown
        await specialist.presses("Edit")
        await eventually(lambda: play.johal.modal is not None)
        assert await play.johal.submits({"What will be sent": "All day but for meals, please."}) is None
        await specialist.sees("All day but for meals, please.")
        await dentist.says("She works shifts, if that matters.")
        await specialist.sees("Something was written or changed since: read it first.")
        renewed = await card(specialist)
        assert renewed.index("She works shifts") < renewed.index(QUESTION)
        await specialist.presses("Approve and send")
        answer = dentist.words(await dentist.sees("All day but for meals, please."))
        assert "Library answer, edited and checked for this case by Dr Amar Johal" in answer
        assert dentist.count("All day but for meals, please.") == 1
        await dentist.never_saw(ANSWER)


async def test_20_on_telegram_a_reply_to_the_card_makes_a_card(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TELEGRAM) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(specialist, TelegramSide)
        await dentist.says(QUESTION)
        await card(specialist)
        shown = await specialist.sees("Only you see this. Nothing is sent unless you approve it.")
        await specialist.says("At least 22 hours, she is slow to track.", reply_to=shown)
        await specialist.sees("A newer draft stands further down")
        await dentist.never_saw("At least 22 hours")
        await eventually(lambda: "Send this" in labels(specialist))
        await specialist.presses("Send this")
        await dentist.sees("At least 22 hours, she is slow to track.")
        assert dentist.count("At least 22 hours") == 1


async def test_a_card_is_offered_again_after_telegram_was_out_of_reach(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TELEGRAM) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(QUESTION)
        await card(specialist)
        assert play.app is not None
        await play.app.watch.gap(200.0, play.clock.now() - 200 * SECOND)
        await specialist.sees("Offered again: a press may have been lost")
        await specialist.presses("Approve and send")
        await dentist.sees(ANSWER)
        assert dentist.count(ANSWER) == 1
