"""Albums between all pairs of apps: they stay together, their words stay with them, and no file takes another along."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.albums import albums, gets_together, sends_all
from tests.support.papers import page, picture
from tests.support.theatre import Theatre, eventually

DIRECTIONS = ("telegram-slack", "slack-telegram", "telegram-telegram", "slack-slack")
PHOTOS = [(f"view{shade}.png", picture(shade)) for shade in (10, 20, 30)]
WORDS = "Fit of aligner 6, UL2 does not seat"


@pytest.mark.parametrize("pairing", DIRECTIONS)
async def test_an_album_stays_together_and_each_of_its_pictures_is_the_message(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        sent = await sends_all(dentist, PHOTOS, WORDS)
        words = await specialist.sees(WORDS)
        assert "Dr Asha Patel · dentist" in specialist.words(words)
        shown = await gets_together(specialist, [data for _, data in PHOTOS])
        assert specialist.count(WORDS) == 1
        await dentist.marked(sent[0])
        await play.restart()

        for number, picture_shown in enumerate(shown, 1):  # a reply to any of them
            await specialist.says(f"To picture {number}", reply_to=picture_shown)
            answer = await dentist.sees(f"To picture {number}")
            assert dentist.answers(answer).startswith(WORDS)
        follow_up = await dentist.says("One more thing about these", reply_to=sent[-1])
        reply = await specialist.sees("One more thing about these")
        assert WORDS in specialist.answers(reply)
        assert follow_up is not None

        await dentist.edits(sent[0], WORDS.replace("UL2", "UL3"))
        await specialist.sees("UL3 does not seat")
        await specialist.sees_no_more("UL2 does not seat")
        await dentist.takes_back(sent[-1])
        await specialist.sees("has withdrawn #1")
        await eventually(lambda: not albums(specialist))
