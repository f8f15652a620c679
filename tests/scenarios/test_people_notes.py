"""People 7: notes stay notes, and a slip of the finger sends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.theatre import Theatre

SECRET = "patient seems very anxious"
SLIPS = (
    f" /note {SECRET}",
    f"/ note {SECRET}",
    f"/nota {SECRET}",
    f"note: {SECRET}",
    f"Private: {SECRET}",
    f"internal : {SECRET}",
)


@pytest.mark.parametrize("slip", SLIPS)
async def test_people_7_a_slip_is_held_and_kept_private(tmp_path: Path, slip: str) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        # Telegram's own apps strip blanks at the start of a line, so that slip is tried from Slack.
        here, there = (specialist, dentist) if slip.startswith(" ") else (dentist, specialist)
        other = "Dr Asha Patel" if here is specialist else "Dr Amar Johal"
        await here.says(slip)
        await here.sees(f"This looks like a note. Nothing has been sent. Keep it private, or send it to {other}?")
        await play.restart()
        await here.presses("Keep private")
        await here.says("The next scan is booked")
        await there.sees("The next scan is booked")
        await there.never_saw(SECRET)
        notes = await play.rows("SELECT id FROM note")
        assert len(notes) == 1
        assert await play.rows("SELECT id FROM message WHERE no > 1") == []


async def test_people_7_a_slip_may_be_sent_after_all_word_for_word(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("note: she flies on Monday")
        await dentist.presses("Send to Dr Amar Johal")
        shown = await specialist.sees("she flies on Monday")
        assert specialist.words(shown).endswith("note: she flies on Monday")
        await dentist.presses("Keep private")
        await play.patel.sees_toast("settled already")


@pytest.mark.parametrize("slip", [f"note: {SECRET}", f"/note {SECRET}"])
async def test_people_7_an_edit_that_makes_a_note_of_a_message_is_not_passed_on(tmp_path: Path, slip: str) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says("The fit is good")
        shown = await specialist.sees("The fit is good")
        await dentist.edits(said, slip)
        await dentist.sees("#1 as you changed it looks like a note, so the change was not passed on")
        await dentist.edits(said, "The fit is very good")
        await specialist.sees("The fit is very good")
        assert specialist.words(shown).splitlines()[1] == "The fit is very good"
        await specialist.never_saw(SECRET)


async def test_people_7_it_is_asked_about_again_after_five_minutes(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("note: she flies on Monday")
        await dentist.sees("This looks like a note")
        await play.later(minutes=6)
        await dentist.sees("You have a line here that was not sent.")
        await dentist.presses("Send it")
        await specialist.sees("she flies on Monday")


async def test_people_7_a_note_says_who_may_read_it_and_goes_nowhere(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(f"/note {SECRET}")
        await dentist.sees("a subject access request can reach it")
        assert await play.johal.command(
            "/case", "note I would rather see her myself", specialist.person.channel("patel")
        )
        await play.johal.sees_ephemeral("a subject access request can reach it")
        await dentist.says("Done")
        await specialist.sees("Done")
        await specialist.never_saw(SECRET)
        await dentist.never_saw("I would rather see her myself")
        assert len(await play.rows("SELECT id FROM note")) == 2


async def test_people_7_a_red_flag_in_a_held_line_is_answered_at_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, _ = await play.rooms(await play.open_case())
        await dentist.says("note: her face is swollen and she has trouble breathing")
        asked = await dentist.sees("This looks like a note")
        assert "call 999" in dentist.words(asked)
