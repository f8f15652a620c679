"""People 2: seen is not delivered. Who has an urgent message, who was asked too, and when nobody is watching."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.cast import JOHAL, PATEL, PRACTICE, SAM, SHAH
from tests.support.theatre import Theatre

WORDS = "The UL2 bracket came off and it hurts"
TWO = PRACTICE + PATEL + JOHAL + SHAH + SAM
OFFICE = TWO.replace('"24/7"', '"Mon-Fri 09:00-17:30"')
SATURDAY = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
CLINICAL = ("UL2", "bracket", "hurts")


@pytest.mark.fidelity("Marked urgent", how="asks in the direct chat, the sender sees who has it")
@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram", "slack-slack", "telegram-telegram"])
async def test_people_2_the_sender_sees_who_has_it(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says(WORDS)
        await specialist.sees(WORDS)
        await dentist.uses("urgent", said)
        await dentist.sees("#1 is marked urgent and Dr Amar Johal is asked in their direct chat.")
        await dentist.sees("call 999 or send them to A&E now")
        await play.restart()
        line = await specialist.reads_directly(f"#1 from Dr Patel in {specialist.ref} may need you at once")
        assert not [word for word in CLINICAL if word in line]
        await specialist.presses_directly("I have it")
        await dentist.sees("Dr Amar Johal has it, ")
        await specialist.reads_directly("Dr Amar Johal has it.")
        await play.later(minutes=11)
        assert dentist.count("Not seen yet") == 0


async def test_people_2_after_ten_minutes_somebody_else_is_asked_too(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        said = await dentist.says(WORDS)
        await specialist.sees(WORDS)
        await dentist.uses("urgent", said)
        await dentist.sees("#1 is marked urgent")
        await play.later(minutes=10.5)
        await dentist.sees("Not seen yet (#1), Dr Mira Shah asked too.")
        asked = await play.shah.sees("Dr Patel has something urgent and Dr Johal has not seen it yet", "DM")
        assert ref not in asked.shown  # she has no seat in the case
        assert not [word for word in CLINICAL if word in asked.shown]
        await play.later(minutes=10.5)
        await dentist.sees("Not seen yet (#1); your coordinator is asked too.")
        await play.sam.sees(f"An urgent message in {ref} has not been seen.", "DM")
        assert await play.shah.presses("I have it")
        await dentist.sees("Dr Mira Shah has it, ")
        await play.sam.sees(f"To let them read the case: /case cover {ref} shah", "DM")


async def test_people_2_out_of_hours_it_says_at_once_that_nobody_is_watching(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=OFFICE, begins=SATURDAY) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says(WORDS)
        await specialist.sees(WORDS)
        await dentist.uses("urgent", said)
        card = await dentist.sees("Nobody is watching until Mon 09:00. Don't wait for this chat.")
        assert "call 999 or send them to A&E now" in dentist.words(card)
        await play.johal.sees("may need you at once", "DM")
        await play.later(minutes=30)
        assert dentist.count("Not seen yet") == 0
        await play.later(days=2)
        await dentist.sees("Not seen yet (#1), Dr Mira Shah asked too.")


async def test_people_2_a_red_flag_asks_by_itself_and_the_dentist_may_say_that_it_can_wait(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("Her cheek is swollen and she has a fever")
        await dentist.sees("call 999 or send them to A&E now")
        await dentist.sees("#1 is marked urgent and Dr Amar Johal is asked")
        await play.johal.sees("may need you at once", "DM")
        await dentist.presses("Not urgent")
        await dentist.sees("#1 is not urgent after all.")
        await play.johal.sees("This is not urgent any more.", "DM")
        await play.later(minutes=11)
        assert dentist.count("Not seen yet") == 0
        await specialist.never_saw("Not seen yet")


async def test_people_2_a_red_flag_that_comes_with_an_edit_asks_as_well(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says("She is fine")
        await specialist.sees("She is fine")
        await dentist.edits(said, "She is fine but her cheek is swollen and she has a fever")
        await dentist.sees("call 999 or send them to A&E now")
        await dentist.sees("#1 is marked urgent and Dr Amar Johal is asked")
        await play.johal.sees("may need you at once", "DM")
        await dentist.edits(said, "She is fine but her cheek is swollen and she has a high fever")
        await specialist.sees("a high fever")
        assert dentist.count("call 999") == 1


async def test_people_2_taken_back_it_is_urgent_no_more(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says(WORDS)
        await specialist.sees(WORDS)
        await dentist.uses("urgent", said)
        await play.johal.sees("may need you at once", "DM")
        await dentist.takes_back(said)
        await dentist.sees("#1 is withdrawn, so it is not urgent any more.")
        await play.johal.sees("This is not urgent any more.", "DM")


async def test_people_2_without_a_specialist_the_coordinator_is_asked(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case(taken=False)
        dentist = await play.room("patel", ref)
        said = await dentist.says(WORDS)
        await dentist.sees("#1 is kept and goes on")
        await dentist.uses("urgent", said)
        await dentist.sees("No specialist has this case yet; your coordinator is asked.")
        await play.sam.sees(f"An urgent message in {ref} has not been seen.", "DM")
        assert await play.johal.presses("Accept")
        await (await play.room("johal", ref)).sees(WORDS)
        await play.later(minutes=10.5)
        await play.johal.sees(f"#1 from Dr Patel in {ref} may need you at once", "DM")
        await dentist.sees("#1 is marked urgent and Dr Amar Johal is asked")
