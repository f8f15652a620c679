"""People 28 and part 5: whose turn it is, an honest expectation, a cover whose room opens only when it is needed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support.sides import SlackSide
from tests.support.theatre import ROSTER, SHAH, Theatre, eventually

OFFICE = (ROSTER + SHAH).replace('"24/7"', '"Mon-Fri 09:00-17:30"')
COVERED = OFFICE.replace("expertise:", "cover: shah, expertise:", 1)
FRIDAY = datetime(2027, 3, 12, 10, 0, tzinfo=ZoneInfo("Europe/London"))
CLINICAL = ("UL2", "night", "seat")


async def test_people_28_a_cover_room_opens_only_when_it_is_asked_for(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=OFFICE, begins=FRIDAY) as play:
        ref = await play.open_case()
        await play.open_case(pseudonym="CD")
        dentist, johal = await play.rooms(ref)
        await dentist.says("May she wear them at night only?")
        await johal.sees("at night only")
        assert dentist.count("is back on") == 0
        assert await play.johal.command("/case", "away 15 March to 19 March cover shah")
        await play.later(days=3)  # Monday
        await dentist.says("It is the upper one")
        line = await dentist.sees(
            "Dr Amar Johal is back on Monday 22 March 09:00. Dr Mira Shah covers urgent questions."
        )
        assert "UL2" not in dentist.words(line)
        await dentist.says("She asked again")
        await johal.sees("She asked again")
        assert dentist.count("is back on") == 1  # said once
        assert await play.rows("SELECT id FROM seat_cover") == []

        await dentist.presses("Ask Dr Shah now")
        shah = await play.room("shah", ref)
        await shah.sees("Taken over from Dr Amar Johal")
        await shah.sees("at night only")
        await dentist.sees("What you type here goes to Dr Mira Shah on Slack.")
        await shah.says("All day, please")
        await dentist.sees("All day, please")
        seats = await play.rows("SELECT COUNT(*) AS n FROM seat WHERE state <> 'closed'")
        assert seats == [{"n": 4}]  # the quiet case has got no third room

        await play.restart()
        await play.later(days=7)  # the Monday after
        back = await play.room("johal", ref)
        await back.sees("Taken over from Dr Mira Shah")
        await back.sees("All day, please")
        assert isinstance(shah, SlackSide)
        await eventually(lambda: shah.room.archived)


async def test_part_5_an_answer_that_is_owed_is_asked_for_in_turn_and_thanks_do_not_restart_it(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=COVERED, begins=FRIDAY) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        said = await dentist.says("May she wear UL2 at night only?")
        await johal.sees("at night only")
        await dentist.commands("status")
        await dentist.sees("An answer from Dr Amar Johal is due by Monday 10:0")
        await play.later(minutes=6.4 * 60)  # 16:24
        for side in (dentist, johal):  # people 19: the turn lives on the card
            await side.sees("Turn: Dr Amar Johal; an answer is due by Mon 15 March 10:0")
        warned = await johal.reads_directly(f"{ref}: Dr Patel waits for your answer. It is due by Monday 10:0")
        await dentist.says("Thanks")
        await johal.sees("Thanks")
        await play.restart()
        await play.later(days=2, minutes=18 * 60)  # Monday 10:24
        late = await johal.reads_directly(f"{ref}: your answer to Dr Patel is past its target.")
        assert not [word for word in CLINICAL if word in warned + late]
        await play.later(minutes=2 * 60)
        asked = await play.shah.sees("Dr Patel waits for an answer in a case of Dr Johal's.", "DM")
        assert ref not in asked.shown
        await dentist.sees("Dr Amar Johal has not answered yet; Dr Mira Shah is asked too.")
        await play.later(minutes=2 * 60 + 30)
        await play.sam.sees(f"{ref}: an answer is past its target, and nobody has taken it.", "DM")
        assert await play.shah.presses("I can answer")
        shah = await play.room("shah", ref)
        await shah.says("All day, please")
        await dentist.sees("All day, please")
        assert await play.rows("SELECT kind FROM owed WHERE slot = 'reply'") == []
        assert said is not None


async def test_part_5_no_line_about_absence_where_the_specialist_is_at_work(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, johal = await play.rooms(await play.open_case())
        await dentist.says("Is that fine?")
        await johal.sees("Is that fine?")
        await johal.says("Quite fine")
        await dentist.sees("Quite fine")
        assert dentist.count("is back on") == 0
        assert await play.rows("SELECT kind, started_at FROM owed") == [{"kind": "plan_review", "started_at": None}]
