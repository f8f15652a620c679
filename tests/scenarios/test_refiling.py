"""A file exchanged or deleted after it was sent: never in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_drafts import ANSWER, QUESTION, card
from tests.support.papers import page, picture
from tests.support.sides import SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually


@pytest.mark.fidelity(
    "File exchanged in its message", how="follows under its number, both are told, the former is marked"
)
@pytest.mark.parametrize("pair", ["telegram-slack", "telegram-telegram"])
async def test_an_exchanged_photo_follows_and_both_are_told(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, TelegramSide)
        sent = await dentist.sends(picture(10), "smile.png", "The smile")
        await specialist.gets(picture(10))
        await dentist.person.exchanges_file(sent, picture(200))
        await specialist.gets(picture(200))
        await specialist.sees("Dr Asha Patel exchanged a file of #1. This one counts now")
        await dentist.sees("The one before still stands on the other side, marked as exchanged; /withdraw 1")
        await specialist.sees("A file of #1 was exchanged since: the newer one counts.")
        await dentist.edits(sent, "The smile at rest")  # the same file still: words alone
        copy = await specialist.sees("The smile at rest")
        assert "was exchanged since" in specialist.words(copy)
        assert specialist.count("exchanged a file") == 1
        await dentist.takes_back(sent)
        await specialist.sees("Dr Asha Patel has withdrawn #1.")
        if isinstance(specialist, SlackSide):
            await eventually(lambda: not [one for one in specialist.room.standing() if one.files])


@pytest.mark.parametrize("pair", ["telegram-slack", "telegram-telegram"])
async def test_an_exchanged_photo_ends_the_approval_of_the_draft_before(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, TelegramSide)
        sent = await dentist.sends(picture(10), "smile.png", QUESTION)
        await card(specialist)
        await dentist.person.exchanges_file(sent, picture(200))
        await specialist.gets(picture(200))
        await specialist.sees("Something was written or changed since: read it first.")
        await specialist.commands("approve 1")
        await specialist.says("Let me look at the new one.")
        await dentist.sees("Let me look at the new one.")
        assert dentist.count(ANSWER) == 0
        await specialist.sees("You wrote #2 since. Send this as well?")
        await card(specialist)
        await specialist.presses("Approve and send")
        await dentist.sees(ANSWER)
        assert dentist.count(ANSWER) == 1


@pytest.mark.fidelity("File deleted in its app", how="alone: withdrawn; one of several: both are told")
@pytest.mark.parametrize("pair", ["slack-telegram", "slack-slack"])
async def test_a_file_deleted_in_slack_is_never_left_in_silence(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        assert isinstance(dentist, SlackSide)
        alone = await dentist.sends(page("wrong patient"), "plan.pdf")
        await specialist.gets(page("wrong patient"))
        await dentist.person.deletes_file(alone.files[0])
        await specialist.sees("Dr Asha Patel has withdrawn #1.")
        spoken = await dentist.sends(page("plan"), "plan.pdf", "As agreed")
        await specialist.gets(page("plan"))
        await dentist.marked(spoken)
        await dentist.person.deletes_file(spoken.files[0])
        await specialist.sees("deleted this on their side, please do not use it any more: The file with #2")
        await dentist.sees("/case withdraw 2 takes back all of #2")
        await specialist.sees("As agreed")


@pytest.mark.parametrize("pair", ["telegram-slack", "telegram-telegram"])
async def test_words_that_are_taken_off_a_photo_stand_on_the_other_side_no_more(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        sent = await dentist.sends(picture(10), "smile.png", "The gap at UL4")
        await dentist.marked(sent)
        await dentist.edits(sent, "")
        told = await specialist.sees("Correction by Dr Asha Patel to #1")
        assert "Was: The gap at UL4" in specialist.words(told)
        assert "(the words were taken away)" in specialist.words(told)
        copy = await specialist.sees("edited")
        assert "(the words were taken away)" in specialist.words(copy)
