"""Words that were taken back stand nowhere any more: not in a reaction's line, a list of what was found, or a reply."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.faults import Kind
from tests.scenarios.test_moving import moves
from tests.scenarios.test_moving import roster as movable
from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_wrong_room import TWO, two_cases
from tests.support.theatre import Theatre, eventually

WORDS = "Zebra words of somebody else"
PAIRS = ("telegram-slack", "slack-telegram", "slack-slack", "telegram-telegram")


@pytest.mark.parametrize("pair", PAIRS)
async def test_the_line_of_an_own_reaction_goes_with_its_message(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        author, reader = await play.rooms(await play.open_case())
        said = await author.says(WORDS)
        await reader.sees(WORDS)
        await author.marked(said)
        await author.reacts(said)
        await reader.sees("reacted")
        await author.takes_back(said)
        await reader.sees("has withdrawn #1")
        await reader.sees_no_more("Zebra")


async def test_a_reaction_that_waits_does_not_show_what_was_moved_unseen(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, there, shah = await two_cases(play)
        play.slack.faults.add(Kind.RATE_LIMIT, method="chat.postMessage", times=None)
        said = await here.says(WORDS)
        await eventually(lambda: play.rows("SELECT id FROM message"))
        await here.reacts(said)
        await eventually(lambda: play.rows("SELECT id FROM delivery WHERE card LIKE 'quote:%'"))
        await here.uses("wrong", said)
        await here.presses(f"CD · {there.ref} · Dr Shah")
        await here.sees("Nobody had seen it here.")
        play.slack.faults.rules.clear()
        await shah.sees(WORDS)
        await johal.never_saw("Zebra")


async def test_the_line_of_an_own_reaction_goes_when_its_message_is_moved(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=TWO) as play:
        here, johal, there, shah = await two_cases(play)
        said = await here.says(WORDS)
        await johal.sees(WORDS)
        await here.marked(said)
        await here.reacts(said)
        await johal.sees("reacted")
        await here.uses("wrong", said)
        await here.presses(f"CD · {there.ref} · Dr Shah")
        await shah.sees(WORDS)
        await johal.sees_no_more("Zebra")


@pytest.mark.parametrize("pair", PAIRS[:2])
async def test_what_was_found_is_found_no_more(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        author, reader = await play.rooms(await play.open_case())
        said = await author.says(WORDS)
        await author.says("A second zebra")
        await reader.sees("A second zebra")
        await author.marked(said)
        await reader.commands("find zebra")
        await reader.sees("2 messages in")
        await author.takes_back(said)
        await reader.sees("#1, which was found here, is withdrawn.")
        await reader.sees_no_more(WORDS)


@pytest.mark.parametrize("pair", PAIRS[:2])
async def test_a_reply_quotes_withdrawn_words_no_more(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        author, reader = await play.rooms(await play.open_case())
        said = await author.says(WORDS)
        await reader.sees(WORDS)
        await author.marked(said)
        # As after a platform that lost what it held: its copy is not known in the room.
        await play.do(lambda unit: unit.tx.execute("DELETE FROM message_part WHERE role = 'copy'"))
        await author.says("Shall I go on?", reply_to=said)
        await reader.sees("In reply to #1: “Zebra words")
        await author.takes_back(said)
        answer = await reader.sees("In reply to #1, which was withdrawn")
        assert "Shall I go on?" in reader.words(answer)
        await reader.sees_no_more("Zebra")


@pytest.mark.parametrize("pair", PAIRS)
async def test_a_reaction_to_a_correction_is_one_to_its_message(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        author, reader = await play.rooms(await play.open_case())
        said = await author.says("Hold aligner 6")
        await reader.sees("Hold aligner 6")
        await author.marked(said)
        await author.edits(said, "Hold aligner 7")
        await reader.reacts(await reader.sees("Correction by"))
        await author.sees("reacted 👍 to #1")


async def test_a_reaction_to_the_short_history_of_a_move_is_one_to_its_message(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=movable("telegram")) as play:
        ref = await play.open_case()
        old, author = await play.rooms(ref)
        said = await author.says("Please hold aligner 6")
        await old.sees("Please hold aligner 6")
        await author.marked(said)
        await moves(old, play, "slack")
        await old.sees("You moved")
        new = await play.room("patel", ref)
        await new.reacts(await new.sees("Please hold aligner 6"))
        await author.sees("reacted 👍 to #1")
