"""The story the product is judged by, with its dates: red at intake, lost tracking in week six, a refinement."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId
from bot.services import plans
from bot.services.unit import Unit
from storage import cases, seats
from tests.support.arches import stl
from tests.support.sides import Side
from tests.support.theatre import ROSTER, SHAH, Theatre, eventually

LONDON = ZoneInfo("Europe/London")
ENQUIRY = datetime(2027, 3, 1, 10, 0, tzinfo=LONDON)  # day 0, a Monday
FIT = (ENQUIRY + timedelta(days=14)).date()
WEDDING = (ENQUIRY + timedelta(days=91)).date()
OFFICE = (ROSTER + SHAH).replace('"24/7"', '"Mon-Fri 09:00-17:30"')
PLAN = {"aligners": {"upper": 10, "lower": 10}, "days_per_aligner": 7, "fit_date": FIT.isoformat()}


def spoken(day: object) -> str:
    return f"{day:%-d %B %Y}"


async def answers(dentist: Side, *labels: str) -> None:
    """Tap the answers of the day's check-ins, in the dentist's own chat."""
    for label in labels:
        await dentist.presses_directly(label)


async def test_week_six_the_whole_wedding_story(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=OFFICE, begins=ENQUIRY) as play:
        # Day 0: the enquiry. A ten-week plan and a date in three months: red, with the sum, before anybody promises it.
        ref = await play.open_case(
            complaint="I want the gaps between my teeth closed",
            event_date=WEDDING.isoformat(),
            aligners={"upper": 10, "lower": 10},
            days_per_aligner=7,
        )
        dentist, specialist = await play.rooms(ref)
        await dentist.sees("is very unlikely to be met (red).")
        warned = await dentist.sees("Please promise the patient no date yet: your specialist advises first.")
        assert "10 aligners × 7 days" in dentist.words(warned)
        await specialist.sees("What would make it, as figures:")
        await dentist.never_saw("What would make it, as figures:")  # that is the specialist's to word

        # The plan gets its home and a fit date; the dentist approves exactly that version.
        def make_plan(unit: Unit) -> None:
            case = cases.by_ref(unit.tx, ref)
            assert case is not None
            seat = seats.of_case(unit.tx, case["id"], "specialist")
            assert seat is not None
            assert plans.submit(unit, CaseId(case["id"]), seat, PLAN) == 1

        await play.do(make_plan)
        assert await play.rows("SELECT kind FROM owed") == []  # the plan was owed, and is there
        # The red forewarning comes first: the specialist releases it, the dentist tells the patient.
        await specialist.presses("Release")
        await dentist.sees("Only 6.0% finish without a refinement")
        await dentist.presses("Patient told")
        await specialist.sees("Dr Asha Patel has told the patient about “The wanted date”.")
        await dentist.presses("Approve")
        await specialist.sees("Dr Asha Patel has approved version 1 of the plan.")
        await dentist.commands("timeline")
        await dentist.sees(spoken(WEDDING))

        # Day 17: the first check-in after the fit, at the dentist's own hour, answered in place; good news is filed.
        await play.later(days=17, minutes=170)
        await answers(dentist, "Both are there", "It seats", "All on")
        await specialist.sees("aligner 1 seats")
        await specialist.sees("all attachments are on")

        # Day 56, week six of wear: the review's check-in catches the lost tracking, and the seat test follows.
        await play.restart()
        await play.later(days=39)
        await answers(dentist, "Does not seat")
        for label in ("Yes", "Over 2 mm", "Upper front", "This aligner", "None was due", "No photo"):
            await dentist.presses(label)
        card = await specialist.sees("Seat test")
        assert "over 2 mm" in specialist.words(card)
        (owed,) = await play.rows("SELECT kind, due_at FROM owed WHERE slot = 'reply'")
        assert owed["kind"] == "not_seating"
        due = datetime.fromtimestamp(owed["due_at"] / 1_000_000, LONDON)
        assert (due.date(), f"{due:%H:%M}") == ((ENQUIRY + timedelta(days=56)).date(), "17:30")  # the same working day
        await specialist.says("Back to aligner 6 for now, please, and a new scan today.")
        await dentist.sees("Back to aligner 6 for now")
        assert await play.rows("SELECT kind FROM owed WHERE slot = 'reply'") == []

        # The refinement: why, when, what to send with its status, new dates shown beside the old, the count.
        await dentist.commands("refine")
        await dentist.presses("Aligners stopped tracking")
        await dentist.presses("Today")
        today = (ENQUIRY + timedelta(days=56)).date()
        shown = await specialist.sees(f"{ref}: refinement 1")
        text = specialist.words(shown)
        assert f"New scan {spoken(today)}" in text
        assert "To send: New scans: upper, lower, bite (0 of 3 here)" in text
        assert "the average is 2.5 a case (Kravitz 2023" in text
        await specialist.sees("Predicted finish: was ")
        (row,) = await play.rows("SELECT kind, reason, holding FROM refinement")
        assert (row["kind"], row["reason"]) == ("refinement", "not_tracking")
        assert await play.rows("SELECT kind FROM owed WHERE slot = 'plan'") == [{"kind": "plan_review"}]
        for step, name in ((2.0, "upper.stl"), (2.5, "lower.stl"), (3.0, "bite.stl")):
            await dentist.sends(stl(step), name)
        await eventually(lambda: _stored(play, 3), 20.0)
        await play.restart()
        await dentist.commands("refine")
        await dentist.sees("✓ New scans: upper, lower, bite (3 of 3)")


async def _stored(play: Theatre, count: int) -> bool:
    return len(await play.rows("SELECT id FROM attachment WHERE state = 'stored'")) == count
