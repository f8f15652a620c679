"""people.md 16 and 17's anchor: the plan has a home, its versions ask again, its dates are drawn and move openly."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.support.theatre import Theatre, eventually

BEGINS = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


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
        await specialist.sees("predicted finish 7 June 2027")
        await dentist.sees("predicted finish 7 June 2027")
        await specialist.presses("Approve")
        await play.johal.sees_ephemeral("2 red forewarnings are still to be decided by the specialist")
        for n in range(3):
            await specialist.presses("Release")
            await eventually(
                lambda n=n: play.rows("SELECT id FROM forewarning WHERE state = 'released' LIMIT 1 OFFSET :n", n=n)
            )
        await dentist.sees("Canine derotation")
        for n in range(3):
            await patel.presses("I have read it")
            await eventually(
                lambda n=n: play.rows("SELECT id FROM forewarning WHERE state = 'acknowledged' LIMIT 1 OFFSET :n", n=n)
            )
        await specialist.presses("Approve")
        await dentist.sees("Dr Amar Johal has approved version 1 of the plan.")

        await specialist.commands("timeline")
        said = await specialist.sees("Timeline of")
        assert "IPR: 19 Apr" in specialist.words(said)
        (drawn,) = await play.rows("SELECT * FROM timeline_drawing")
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
            assert re.search(r"was 7 June 2027, now 14 June 2027 \(7 days later\)", told)
        (course,) = await play.rows("SELECT * FROM case_course")
        assert course["finish_on"] == "2027-06-14"
