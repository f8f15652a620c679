"""People 30: one list by reason and age with one step each, no text; what has come to a stop is told once an hour."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support.theatre import ROSTER, SHAH, Theatre

OFFICE = (ROSTER + SHAH).replace('"24/7"', '"Mon-Fri 09:00-17:30"')
MONDAY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
WORDS = "May she wear UL2 at night only?"


async def test_people_30_what_has_come_to_a_stop_is_listed_and_reminded(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=OFFICE, begins=MONDAY) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        await dentist.says(WORDS)
        await johal.sees(WORDS)
        await play.later(days=1, minutes=60)  # Tuesday 11:00: past its target, nobody but the specialist knows
        await play.sam.command("/case", "stuck")
        listed = await play.sam.sees("answer past its target", "DM")
        assert ref in listed.shown
        assert "UL2" not in listed.shown
        assert await play.sam.presses("1. Remind")
        await play.sam.sees_ephemeral("Dr Amar Johal is reminded, at most once a day.")
        await play.sam.command("/case", "stuck")
        await play.sam.sees_ephemeral("Nothing is stuck.")
        await play.later(days=1)  # today's reminder was that of the target itself
        await play.johal.sees(f"{ref}: an answer of yours is awaited. Your coordinator asks you to look.", "DM")


async def test_people_30_alerts_of_cases_that_stopped_come_together_once_an_hour(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=OFFICE, begins=MONDAY) as play:
        first = await play.open_case()
        second = await play.open_case(pseudonym="CD")
        await play.rooms(first)
        await play.later(days=3, minutes=60)  # Thursday
        together = await play.sam.sees(f"{first}: no records for more than three working days.", "DM")
        assert f"{second}: no records for more than three working days." in together.shown
        await play.later(minutes=30)
        assert await play.rows("SELECT id FROM incident WHERE told_at IS NULL AND closed_at IS NULL") == []
        await play.later(days=30, minutes=12 * 60)  # Saturday night: found, and kept until she is at work
        assert await play.rows("SELECT id FROM incident WHERE told_at IS NULL AND kind = 'silent'")
        await play.sam.sees_nothing_like("nothing was said")
        await play.later(days=1, minutes=11 * 60)  # Monday morning
        await play.sam.sees(f"{first}: nothing was said for 30 days.", "DM")
