"""people.md 16 and 17's anchor: the plan has a home, its versions ask again, its dates are drawn and move openly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.domain.ids import CaseId
from bot.sandbox.telegram import MAIN
from bot.services import plans
from bot.services.unit import Unit
from storage import cases, seats
from tests.support.sides import Side
from tests.support.theatre import Theatre, eventually

BEGINS = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


async def press_all(side: Side, label: str, becomes: str, cards: Callable[[], Iterable[Any]]) -> None:
    """Press this button on each of three cards, one after the other, each once the one before has changed."""
    for done in range(3):
        await side.presses(label)
        await eventually(lambda done=done: sum(becomes in side.words(one) for one in cards()) > done)


async def test_the_wedding_is_red_from_the_start(tmp_path: Path) -> None:
    async with Theatre(tmp_path, begins=BEGINS) as play:
        known = {"aligners": {"upper": 10, "lower": 8}, "days_per_aligner": 7, "history": ["perio"], "overbite": 6.0}
        ref = await play.open_case(**known)
        dentist, specialist = await play.rooms(ref)
        told = dentist.words(await dentist.sees("14 June 2027 is very unlikely to be met (red)."))
        assert "First aligners: 12 April 2027 (case opened 15 March 2027)." in told
        assert "10 aligners × 7 days: predicted finish 21 June 2027." in told
        assert "your specialist advises first" in told
        ways = specialist.words(await specialist.sees("What would make it, as figures:"))
        assert "at most 5 aligners of 7 days" in ways
        assert "from 19 July 2027 no longer red" in ways
        await dentist.never_saw("What would make it")

        for title in ("Periodontal findings", "The wanted date"):
            await specialist.sees(f"Forewarning (red): {title}")
        deep = specialist.words(await specialist.sees("Forewarning (amber): Deep bite"))
        assert "Because: overbite 6 mm." in deep
        await specialist.never_saw("EFP S3")  # nobody has looked it up
        await play.johal.presses("Word it", channel=specialist.room)
        await play.johal.sees_modal("In your own words")
        await play.johal.submits({"words": "No date before the chart is here."})
        await dentist.sees("No date before the chart is here.")
        await dentist.presses("Patient told")
        await specialist.sees("Dr Asha Patel has told the patient about")


async def test_the_plan_has_a_home(tmp_path: Path) -> None:
    async with Theatre(tmp_path, begins=BEGINS) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.sees("depends on the plan")  # the deadline is never silent: the number of aligners is not known

        await dentist.commands("plan")
        patel = play.patel
        await patel.sees("How many aligners, upper and lower?")
        await patel.says("10/8")
        await patel.sees("How many days is each aligner worn?")
        await patel.says("7")
        await patel.sees("Make this the next version of the plan")
        await patel.presses("Add details")
        await patel.sees("When is the first aligner fitted?")
        await patel.says("in 2 weeks")
        await patel.sees("Before which aligners are attachments")
        await patel.says("1, 5")
        await play.restart()  # in the middle of the form
        await patel.sees("How many weeks between reviews?")
        await patel.says("4")
        await patel.sees("Which are the main movements?")
        await patel.says("rotation 13 20°")
        await patel.sees("Is there IPR?")
        await patel.says("aligner 4: 13-12 0.2 mm")
        await patel.sees("per contact or per surface?")  # which one is never assumed
        await patel.says("aligner 4: 13-12 0.2 mm per contact")
        await patel.sees("Is there a link to the plan")
        await patel.says("https://plans.example/7k3f")
        await patel.sees("Is this right?")
        await patel.presses("Send")

        shown = await specialist.sees("Plan, version 1: waiting for approval")
        assert "0.2 mm per contact" in specialist.words(shown)
        await specialist.sees("predicted finish 8 June 2027")  # Easter Monday is no day for a fit
        await dentist.sees("predicted finish 8 June 2027")
        await specialist.presses("Approve")
        await play.johal.sees_ephemeral("2 red forewarnings are still to be decided by the specialist")
        in_slack = partial(play.johal.messages, specialist.room)
        await press_all(specialist, "Release", "Released to the dentist.", in_slack)
        await dentist.sees("Canine derotation")
        await press_all(dentist, "I have read it", "Read. Please note here", partial(patel.messages, ref))
        await specialist.presses("Approve")
        await dentist.sees("Dr Amar Johal has approved version 1 of the plan.")

        await specialist.commands("timeline")
        said = await specialist.sees("Timeline of")
        assert "IPR: 20 Apr" in specialist.words(said)
        (drawn,) = await play.rows("SELECT * FROM drawing")
        assert drawn["state"] == "drawn"

        await dentist.commands("timeline")
        await dentist.sees("Timeline of")
        await patel.presses("Move dates")
        await patel.sees("What has moved?")
        await patel.presses("An aligner is worn again")
        await patel.sees("Which aligner?")
        await patel.says("3")
        await patel.sees("How many days?")
        await patel.presses("Don't know yet")
        await patel.sees("old and new dates in one message")
        await patel.presses("Send")
        for side in (dentist, specialist):
            told = side.words(await side.sees("aligner 3 is worn 7 days longer"))
            assert re.search(r"was 8 June 2027, now 15 June 2027 \(7 days later\)", told)
        (course,) = await play.rows("SELECT * FROM case_course")
        assert course["finish_on"] == "2027-06-15"


async def test_people_18_a_plan_is_heard_once_a_day_and_the_next_one_waits_in_the_digest(tmp_path: Path) -> None:
    facts = {"aligners": {"upper": 10, "lower": 8}, "days_per_aligner": 7}

    def make_plan(unit: Unit, ref: str) -> None:
        case = cases.by_ref(unit.tx, ref)
        seat = None if case is None else seats.of_case(unit.tx, case["id"], "specialist")
        assert case is not None
        assert seat is not None
        assert plans.submit(unit, CaseId(case["id"]), seat, facts) == 1

    async with Theatre(tmp_path, begins=BEGINS) as play:
        refs = [await play.open_case(event_date="none"), await play.open_case(event_date="none", pseudonym="CD")]
        for ref in refs:
            dentist, _ = await play.rooms(ref)
            await play.do(partial(make_plan, ref=ref))
            await dentist.sees("Plan, version 1: waiting for approval")
        shown = [one for ref in refs for one in play.patel.messages(ref) if "Plan, version 1" in one.text]
        assert [one.silent for one in shown] == [False, True]
        await play.later(minutes=3 * 60 + 46)  # 12:46, the dentist's hour
        line = await play.patel.sees(f"{refs[1]}: version 1 of the plan waits for your word", MAIN)
        assert refs[0] not in line.text
