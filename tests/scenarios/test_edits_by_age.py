"""Edits, deletions, threads and replies in all four directions, young and old, with copies that are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.slack.world import Message as SlackMessage
from tests.scenarios.test_pairings import roster_of
from tests.support.papers import page
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

PAIRS = ("telegram-slack", "slack-telegram", "telegram-telegram", "slack-slack")


async def loses(side: Side, copy: object) -> None:
    """The copy is deleted on the reader's side: by themselves in Telegram, by an administrator in Slack."""
    if isinstance(side, TelegramSide):
        await side.person.deletes_message(copy)  # type: ignore[arg-type]
    else:
        assert isinstance(copy, SlackMessage)
        copy.deleted = True


@pytest.mark.fidelity("Edit of a copy that is gone", how="said anew, quotes the old")
@pytest.mark.parametrize("pair", PAIRS)
async def test_an_edit_whose_copy_is_gone_is_said_anew_and_quotes_the_old(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        for here, there in _both_ways(await play.rooms(await play.open_case())):
            said = await here.says("Hold alinger 6")
            copy = await there.sees("Hold alinger 6")
            await loses(there, copy)
            await here.edits(said, "Hold aligner 6")
            told = await there.sees("Was: Hold alinger 6")
            words = there.words(told)
            assert "Correction by Dr" in words
            assert words.endswith("Now: Hold aligner 6")
            await here.edits(said, "Hold aligner 7")  # a fact, said aloud in any case: once
            await there.sees("Now: Hold aligner 7")
            after = await here.says("And the next")
            await there.sees("And the next")
            assert there.count("Now: Hold aligner 7") == 1
            await here.takes_back(after)
            await there.sees("has withdrawn #")
            await there.sees_no_more("And the next")


@pytest.mark.fidelity("Withdrawal of something old", how="a tombstone")
@pytest.mark.parametrize("pair", PAIRS)
async def test_a_withdrawal_leaves_a_tombstone_however_old_it_is(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        slip = await dentist.says("This was for somebody else")
        copy = await specialist.sees("This was for somebody else")
        paper = await dentist.sends(page("plan"), "plan.pdf")
        await specialist.gets(page("plan"))
        answered = await specialist.says("What is?", reply_to=copy)
        await dentist.sees("What is?")
        await play.later(days=3)
        await dentist.takes_back(slip)
        await specialist.sees("#1 was withdrawn by Dr Asha Patel.")
        await specialist.sees("Dr Asha Patel has withdrawn #1.")
        await specialist.sees_no_more("This was for somebody else")
        await dentist.says("For this one", reply_to=slip if isinstance(dentist, TelegramSide) else None)
        await specialist.sees("For this one")
        await dentist.takes_back(paper)
        await specialist.sees("has withdrawn #2.")
        if isinstance(specialist, TelegramSide):
            await specialist.sees("please delete it yourself")
            await dentist.sees("too old to be removed on the other side")
        else:
            await eventually(lambda: not [one for one in specialist.room.standing() if one.files])
        assert answered.text == "What is?"


@pytest.mark.fidelity("Thread", how="as replies")
@pytest.mark.parametrize("pair", PAIRS)
async def test_threads_and_replies_map_onto_each_other(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        for here, there in _both_ways(await play.rooms(await play.open_case())):
            asked = await here.says("Which elastic?")
            copy = await there.sees("Which elastic?")
            reply = await there.says("The heavy one", reply_to=copy)
            back = await here.sees("The heavy one")
            assert "Which elastic?" in here.answers(back)
            more = await here.says("From which day?", reply_to=back)
            deeper = await there.sees("From which day?")
            # A thread in Slack has one parent; a reply in Telegram names the very message.
            assert there.answers(deeper)
            await there.says("From Monday", reply_to=deeper)
            last = await here.sees("From Monday")
            assert here.answers(last)
            await here.says("By the way")
            loose = await there.sees("By the way")
            assert there.answers(loose) == ""
            assert asked is not more
            assert reply is not None


async def test_a_reply_to_what_the_reader_never_had_quotes_its_first_line(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, johal = await play.rooms(await play.open_case())
        assert isinstance(johal, SlackSide)
        lost = await dentist.says("UL2 lags by half a millimetre\nand more")
        copy = await johal.sees("UL2 lags")
        await dentist.marked(lost)
        await play.do(lambda unit: unit.tx.execute("DELETE FROM message_part WHERE role = 'copy'"))
        await dentist.says("Shall I go on?", reply_to=lost)
        shown = await johal.sees("Shall I go on?")
        assert "In reply to #1: “UL2 lags by half a millimetre”" in johal.words(shown)
        assert johal.answers(shown) == ""
        assert copy is not None
        gone = await dentist.says("Never mind")
        await johal.sees("Never mind")
        await dentist.takes_back(gone)
        await johal.sees("has withdrawn #3")
        await dentist.says("Or do", reply_to=gone)
        shown = await johal.sees("Or do")
        assert "In reply to #3, which was withdrawn" in johal.words(shown)


def _both_ways(rooms: tuple[Side, Side]) -> list[tuple[Side, Side]]:
    dentist, specialist = rooms
    return [(dentist, specialist), (specialist, dentist)]
