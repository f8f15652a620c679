"""Issue 3, point 5: every state and every loss is said to the sender, each loss once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.papers import picture
from tests.support.theatre import Theatre


@pytest.mark.fidelity("Photo that Telegram shrinks", how="its sender is told", ways="slack-telegram")
async def test_a_photo_that_telegram_makes_smaller_is_said_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        for shade in (1, 2):
            await specialist.sends(picture(shade), "photo.png")
            await dentist.gets(picture(shade))
        await specialist.sees("Telegram makes photos smaller. For full quality send them as a ZIP.")
        await play.restart()
        await specialist.sends(picture(3), "photo.png")
        await dentist.gets(picture(3))
        await specialist.says("and that is all")
        await dentist.sees("and that is all")
        assert specialist.count("Telegram makes photos smaller") == 1


@pytest.mark.parametrize("side", ["dentist", "specialist"])
async def test_a_reaction_is_explained_once(tmp_path: Path, side: str) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        here, there = (dentist, specialist) if side == "dentist" else (specialist, dentist)
        for words in ("Hold aligner 6", "Chew on both sides"):
            await there.says(words)
            await here.reacts(await here.sees(words))
            await there.sees("reacted 👍 to #")
        await here.sees("stands for no answer and no approval")
        assert here.count("stands for no answer and no approval") == 1
