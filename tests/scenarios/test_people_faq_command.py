"""people.md 21, its second half: the specialist turns an entry of the library into a draft card, on either app."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.drafting import labels
from tests.support.theatre import Theatre, eventually

ANSWER = "The usual prescription is 20-22 hours a day"


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
async def test_people_21_an_entry_becomes_a_card(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("She is back from her holiday.")
        await specialist.sees("She is back from her holiday.")
        await specialist.commands("faq hours of wear")
        await eventually(lambda: "Approve and send" in labels(specialist))
        await dentist.never_saw(ANSWER)
        await specialist.presses("Approve and send")
        answer = dentist.words(await dentist.sees(ANSWER))
        assert "Library answer, checked for this case by Dr Amar Johal" in answer
        assert dentist.count(ANSWER) == 1
