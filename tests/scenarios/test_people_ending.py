"""People 29: a finished treatment goes on as retention, and a message to a case that is over opens it again, kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.sides import SlackSide
from tests.support.theatre import ROSTER, Theatre, eventually

WORDS = "The upper retainer broke this morning"


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
async def test_people_29_finish_leads_to_retention_and_a_message_opens_it_again(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.says("All done, she is happy")
        await specialist.sees("All done, she is happy")
        await dentist.commands("close")
        await dentist.presses("Treatment finished")
        await specialist.sees(f"Dr Asha Patel says that the treatment of {ref} is finished.")
        room = dentist if isinstance(dentist, SlackSide) else specialist
        assert isinstance(room, SlackSide)
        await eventually(lambda: room.room.archived)  # off the sidebar
        states = await play.rows("SELECT state FROM case_file")
        assert states == [{"state": "retention"}]  # off capacity: that counts open cases
        await play.restart()

        if isinstance(dentist, SlackSide):
            await dentist.person.says(WORDS, "DM")
        else:
            await dentist.says(WORDS)
        await eventually(lambda: play.rows("SELECT id FROM held WHERE why = 'closed_case'"))
        await specialist.never_saw(WORDS)
        if isinstance(dentist, SlackSide):
            await dentist.presses_directly("Reopen with Dr Johal")
        else:
            await dentist.presses("Reopen with Dr Johal")
        again, there = await play.rooms(ref)
        await there.sees("Dr Asha Patel has opened")
        await there.sees("All done, she is happy")
        await there.sees(WORDS)
        await there.says("Bring her in today")
        await again.sees("Bring her in today")
        assert await play.rows("SELECT id FROM held WHERE state = 'held'") == []


async def test_people_29_the_kept_words_may_be_discarded_and_a_red_flag_is_answered_at_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=ROSTER) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.commands("close")
        await dentist.presses("Yes, close it")
        await dentist.sees(f"{ref} was closed by Dr Asha Patel")
        await dentist.says("Her cheek is swollen and she has a fever")
        line = await dentist.sees("is over, so this was not passed on. It is kept here")
        assert "call 999" in dentist.words(line)
        await dentist.presses("Discard")
        await eventually(lambda: play.rows("SELECT id FROM held WHERE state = 'discarded'"))
        await specialist.never_saw("cheek")
        assert await play.rows("SELECT state FROM case_file") == [{"state": "closed"}]


async def test_people_29_the_retainer_is_asked_about_in_the_dentist_s_own_chat(tmp_path: Path) -> None:
    begins = datetime(2027, 3, 1, 10, 0, tzinfo=ZoneInfo("Europe/London"))
    async with Theatre(tmp_path, roster=ROSTER, begins=begins) as play:
        ref = await play.open_case(event_date="none", aligners={"upper": 4, "lower": 4}, days_per_aligner=7)
        dentist, specialist = await play.rooms(ref)
        await dentist.commands("close")
        await dentist.presses("Treatment finished")
        await specialist.sees("is finished. Retention begins")
        due = await play.rows("SELECT due_at FROM check_in WHERE step = 'retention' ORDER BY due_at")
        assert len(due) == 3  # after a month, three months, a year
        await play.later(minutes=(due[0]["due_at"] - play.clock.now()) / 60_000_000 + 5)
        await dentist.reads_directly("How is the retainer, and have the teeth kept still?")
        await dentist.presses_directly("All well")
        await eventually(lambda: play.rows("SELECT id FROM check_in WHERE step = 'retention' AND state = 'answered'"))
        await play.later(minutes=(due[1]["due_at"] - play.clock.now()) / 60_000_000 + 5)
        await dentist.presses_directly("Retainer broken or lost")
        await dentist.reads_directly(f"{ref}: your specialist is told.")
        await dentist.presses_directly("Reopen with Dr Johal")
        again, there = await play.rooms(ref)
        await again.says("The retainer broke")
        await there.sees("The retainer broke")
