"""The records photos: passed on the moment they come, and counted for their sender in one line that is edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.rules import DAY
from tests.scenarios.test_pairings import roster_of
from tests.support.albums import gets_together, sends_all
from tests.support.papers import picture
from tests.support.theatre import Theatre

VIEWS = [(f"view{number}.png", picture(20 * number)) for number in range(1, 9)]
HINT = "For full quality attach as File."


@pytest.mark.parametrize("pairing", ["telegram-slack", "slack-telegram"])
async def test_an_album_is_counted_in_one_line_and_its_sender_says_what_is_missing(
    tmp_path: Path, pairing: str
) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_all(dentist, VIEWS[:7])
        await gets_together(specialist, [data for _, data in VIEWS[:7]])
        line = await dentist.sees("Got 7 of 8. Which is missing?")
        assert (HINT in dentist.words(line)) == (dentist.platform == "telegram")
        await play.restart()
        await dentist.presses("Profile")
        await dentist.sees("Got 7 of 8. Missing: Profile.")
        await specialist.sees("Records photos: 7 of 8. Missing: Profile.")
        name, data = VIEWS[7]
        await dentist.sends(data, name)
        await specialist.gets(data)
        await dentist.sees("Got 8 of 8. Thank you.")
        await specialist.sees("Records photos: 8 of 8.")
        await dentist.sees_no_more("Which is missing?")
        await dentist.says("That is all of them")
        await specialist.sees("That is all of them")
        assert dentist.count("of 8") == 1, "one line, edited"


async def test_photos_go_as_they_are_and_later_ones_are_not_asked_about(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_all(dentist, VIEWS[:2], "Two of the tray")
        await specialist.sees("Two of the tray")
        await sends_all(dentist, VIEWS[:5], "The records")
        await specialist.sees("The records")
        await dentist.sees("Got 5 of 8. Which are missing?")
        await dentist.presses("Send as is")
        await dentist.sees("Got 5 of 8, sent as they are. Thank you.")
        await specialist.sees("Records photos: 5 of 8.")
        await play.later(days=1)
        await sends_all(dentist, VIEWS[:4], "Aligner 2")
        await specialist.sees("Aligner 2")
        again, _ = await play.rooms(await play.open_case())
        await sends_all(again, VIEWS[:6], "The records of the other one")
        other = await again.sees("Got 6 of 8. Which are missing?")
        assert HINT not in again.words(other), "said once to a person"
        assert dentist.count("Which") == 1


async def test_a_photo_that_is_taken_back_or_refused_does_not_count(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await sends_all(dentist, [*VIEWS[:4], ("broken.jpg", b"\xff\xd8\xff\xe0broken")], "The records")
        await specialist.sees("The records")
        await gets_together(specialist, [data for _, data in VIEWS[:4]])
        await dentist.sees("File 5 of 5 with #1 was not passed on")
        await dentist.sees("Got 4 of 8.")
        one = await dentist.sends(VIEWS[4][1], VIEWS[4][0], "One more")
        await specialist.sees("One more")
        await dentist.sees("Got 5 of 8.")
        await dentist.takes_back(one)
        await dentist.sees_no_more("Got 5 of 8.")
        await dentist.sees("Got 4 of 8.")


async def test_months_later_an_album_is_no_records_series(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.later(days=60)
        await sends_all(dentist, VIEWS[:6], "Aligner 9, all sides")
        await specialist.sees("Aligner 9, all sides")
        await dentist.says("Is that all right?")
        await specialist.sees("Is that all right?")
        assert dentist.count("of 8") == 0
        assert play.rules.records_open < 60 * DAY
