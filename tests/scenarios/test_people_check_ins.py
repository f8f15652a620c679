"""people.md 11, 12, 13, 17 and 18: check-ins as a dentist in Telegram and a specialist in Slack live with them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.telegram import MAIN
from tests.scenarios.test_pairings import roster_of
from tests.support.papers import picture
from tests.support.sides import Side, SlackSide
from tests.support.theatre import Theatre, eventually

MONDAY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
WORDS = "Back to the last aligner that seats, 22 h a day."


async def told(side: Side, words: str) -> None:
    """What a command is answered with where it was typed."""
    if isinstance(side, SlackSide):
        await side.person.sees_ephemeral(words)
    else:
        await side.sees(words)


async def test_people_17_and_18_one_message_a_day_answered_in_place(tmp_path: Path) -> None:
    async with Theatre(tmp_path, begins=MONDAY) as play:
        refs = sorted([await play.open_case(), await play.open_case(pseudonym="CD")])
        rooms = [await play.rooms(ref) for ref in refs]
        await play.later(days=1, minutes=2 * 60 + 44)  # 12:44 on Tuesday
        await play.patel.sees_nothing_like("Check-in")
        await play.later(minutes=2)
        await play.patel.sees("Check-in 1 of 2", MAIN)
        for _, johal in rooms:
            assert johal.count("Check-in") == 0
        await play.patel.presses("Complete", topic=MAIN)
        await play.patel.sees("Check-in 2 of 2", MAIN)
        await play.patel.presses("Later …", topic=MAIN)
        await play.patel.presses("This evening", topic=MAIN)
        await play.patel.sees("asked again later", MAIN)
        sheets = [one for one in play.patel.messages() if "Check-in" in one.text or "Nothing more" in one.text]
        assert len(sheets) == 1
        await play.later(minutes=6 * 60 + 20)
        await play.patel.sees("Are the records complete", MAIN)
        await play.later(minutes=5 * 60)  # and nothing more by night
        assert await play.rows("SELECT COUNT(*) AS n FROM check_in_sheet") == [{"n": 2}]


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
async def test_snoozed_to_a_day_by_typing_it_on_either_platform(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair), begins=MONDAY) as play:
        dentist, _ = await play.rooms(await play.open_case())
        await play.later(days=1, minutes=2 * 60 + 46)  # Tuesday 12:46
        await dentist.reads_directly("Are the records complete")
        await dentist.commands("snooze the day after")
        await told(dentist, "I can't read “the day after” as a time.")
        await dentist.commands("snooze Saturday")
        await told(dentist, "Put off until Monday 12:45.")  # nobody is asked on a Saturday
        await dentist.reads_directly("asked again on 22 March 2027")
        await play.restart()
        await play.later(days=2)
        assert await play.rows("SELECT COUNT(*) AS n FROM check_in_sheet") == [{"n": 1}]
        await play.later(days=4, minutes=2)
        await eventually(lambda: play.rows("SELECT id FROM check_in WHERE step = 'records' AND asks = 1"))


async def test_people_11_and_12_does_not_seat_shows_the_signed_line_and_ends_in_one_card(tmp_path: Path) -> None:
    async with Theatre(tmp_path, begins=MONDAY) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        await johal.commands(f"until seat {WORDS}")
        await dentist.sees(WORDS)
        await play.later(days=21, minutes=3 * 60)
        await play.patel.sees("How are the aligners fitting?", MAIN)
        await play.patel.presses("Does not seat", topic=MAIN)
        shown = await dentist.sees("Until Dr Amar Johal answers, signed 15 March 2027:")
        assert dentist.words(shown).endswith(f":\n{WORDS}")
        await play.johal.sees("needs an answer today")
        await dentist.sees("Does the previous aligner still seat?")
        await dentist.presses("Partly")
        await play.restart()
        await dentist.presses("0.5 to 1 mm")
        await dentist.says("UL2, 23")
        await dentist.presses("This aligner")
        await dentist.sees("Is all IPR that was due done?")
        await dentist.presses("No")
        await dentist.sees("send a photo")
        await dentist.sends(picture(), "seat.png")
        card = johal.words(await johal.sees("Seat test\n"))
        for line in (
            "Previous aligner seats: partly",
            "Gap: 0.5 to 1 mm",
            "Teeth: UL2, 23",
            "IPR done: no",
            "Photo: sent",
        ):
            assert line in card
        await johal.sees("UL2, 23")


async def test_people_13_a_complaint_stops_check_ins_and_only_two_know(tmp_path: Path) -> None:
    async with Theatre(tmp_path, begins=MONDAY) as play:
        ref = await play.open_case()
        dentist, johal = await play.rooms(ref)
        await dentist.says("Chief complaint was crowding, no complaints today")
        await johal.sees("Chief complaint was crowding")
        await dentist.never_saw("indemnifier")
        await dentist.says("She complains of pain at UL6")  # a symptom
        await johal.sees("She complains of pain at UL6")
        await dentist.never_saw("indemnifier")
        await dentist.says("Her solicitor has written to us about the gap")
        await dentist.sees("Only Dr Johal and you see this. Call your indemnifier first. Reminders stopped")
        await johal.sees("Only Dr Patel and you see this. Call your indemnifier first.")
        await play.later(days=21, minutes=3 * 60)
        await play.patel.sees_nothing_like("Check-in")
        await play.patel.sees_nothing_like("aligners fitting")
        await play.sam.sees_nothing_like("complaint")
        await dentist.presses("Tell the coordinator")
        told = await play.sam.sees(f"There is a complaint in {ref}.", "DM")
        assert "solicitor" not in told.shown
