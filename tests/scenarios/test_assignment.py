"""A case finds its specialist: asked in turn, with a time limit, and the truth where there is nobody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sandbox.telegram import MAIN
from bot.sandbox.telegram.truth import Act
from tests.scenarios.test_pairings import roster_of
from tests.support.theatre import JOHAL, PATEL, PRACTICE, SAM, SHAH, Theatre

FRIDAY_EVENING = datetime(2027, 3, 19, 18, 0, tzinfo=ZoneInfo("Europe/London"))


async def test_who_does_not_answer_in_time_is_not_waited_for(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=PRACTICE + PATEL + JOHAL + SHAH + SAM) as play:
        ref = await play.open_case(taken=False)
        dentist = await play.room("patel", ref)
        asked = {
            one["specialist_id"] for one in await play.rows("SELECT specialist_id FROM offer WHERE state = 'open'")
        }
        people = {row["id"]: row["handle"] for row in await play.rows("SELECT id, handle FROM person")}
        first = play.johal if people[asked.pop()] == "johal" else play.shah
        second = play.shah if first is play.johal else play.johal
        await first.sees("asks for a specialist")
        await second.sees_nothing_like("asks for a specialist")
        await play.later(minutes=29)
        await second.sees_nothing_like("asks for a specialist")
        await play.restart()
        await play.later(minutes=2)
        await first.sees(f"The offer of {ref} has gone on to a colleague.")
        assert await second.presses("Accept")
        await dentist.sees(f"has taken {ref}. What you write here goes to them.")


async def test_nobody_is_free_and_everybody_is_told(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case(taken=False)
        dentist = await play.room("patel", ref)
        assert await play.johal.presses("Decline")
        await play.johal.sees(f"You declined {ref}")
        await play.sam.sees(f"No specialist is free for {ref}. Please assign one: /case assign {ref} HANDLE")
        await dentist.sees(f"No specialist is free for {ref} at the moment. Sam has been told and is looking for one.")
        await dentist.says("She is in a hurry")
        await dentist.sees("#1 is kept and goes on as soon as a specialist has taken the case.")
        assert await play.sam.command("/case", "stuck")
        await play.sam.sees_ephemeral("1 thing needs a hand.")
        await play.sam.sees(f"1. no specialist · {ref}")
        assert await play.sam.presses("1. Choose a specialist")
        await play.sam.sees(f"Who takes {ref}?")
        assert await play.sam.presses("Dr Johal (0 of 25)")
        specialist = await play.room("johal", ref)
        await specialist.sees("She is in a hurry")
        await dentist.sees("Dr Amar Johal has taken")
        assert await play.sam.command("/case", "stuck")
        await play.sam.sees_ephemeral("Nothing is stuck.")


async def test_an_absent_specialist_is_not_asked_and_the_time_limit_keeps_their_hours(tmp_path: Path) -> None:
    weekdays = JOHAL.replace("24/7", "Mon-Fri 09:00-17:30")
    async with Theatre(tmp_path, roster=PRACTICE + PATEL + weekdays + SHAH + SAM, begins=FRIDAY_EVENING) as play:
        assert await play.shah.command("/case", "away 19 March to 28 March")
        await play.shah.sees_ephemeral("Noted: away from 19 March")
        ref = await play.open_case(taken=False)
        await play.johal.sees("Please answer by Mon 22 Mar 09:30.")
        await play.later(days=2)
        await play.shah.sees_nothing_like("asks for a specialist")
        assert await play.johal.presses("Accept")
        await play.johal.sees(f"You have taken {ref}")


async def test_an_offer_in_telegram_shows_the_patients_words_only_when_asked(tmp_path: Path) -> None:
    """Telegram puts whatever is written on a lock screen: the offer itself carries no clinical word."""
    async with Theatre(tmp_path, roster=roster_of("slack-telegram")) as play:
        ref = await play.open_case(taken=False)
        johal = play.telegram.user(700002)
        offer = await johal.sees(f"{ref}: Dr Asha Patel of Riverside Dental asks for a specialist", MAIN)
        assert "gaps" not in offer.text
        await johal.presses("Show details", offer)
        await johal.sees("I want the gaps between my teeth closed", MAIN)
        arrived = [one.text for one in johal.seen if one.kind is Act.MESSAGE and one.by_bot]
        assert not [text for text in arrived if "gaps" in text]  # it came as an edit, which no lock screen shows
        await johal.presses("Accept")
        await johal.sees(f"You have taken {ref}.", MAIN)
        await play.room("johal", ref)
