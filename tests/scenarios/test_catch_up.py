"""Catching up: what was said, edited and deleted in Slack while nothing reached us arrives once, in order."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.domain.rules import MINUTE
from bot.sandbox.faults import Kind
from tests.faults.test_drills_outage import shown
from tests.scenarios.test_pairings import roster_of
from tests.support.papers import picture
from tests.support.sides import SlackSide
from tests.support.theatre import Theatre, eventually

LINE = re.compile(r"line \d+")


async def away(play: Theatre) -> None:
    """Long enough for Slack to give up on every event of the meantime."""

    async def settled() -> bool:
        return not await play.rows("SELECT id FROM delivery WHERE state = 'sending' AND message_id IS NOT NULL")

    if play.app is not None:  # a lease that is held while the clock jumps would run out at once
        await eventually(settled)
    for _ in range(3):  # each pause between two tries begins when the last try is over
        play.clock.offset += 10 * MINUTE
        await asyncio.sleep(0.3)
    await play.slack.settled()


@pytest.mark.fidelity("Said while the service was away", how="once and in order", ways="slack-telegram")
@pytest.mark.parametrize("http", [False, True])
async def test_what_was_said_while_we_were_away_arrives_once_and_in_order(tmp_path: Path, http: bool) -> None:
    async with Theatre(tmp_path, slack_http=http) as play:
        dentist, johal = await play.rooms(await play.open_case())
        assert isinstance(johal, SlackSide)
        await johal.says("line 1")
        await dentist.sees("line 1")
        await dentist.says("Which elastic?")
        question = await johal.sees("Which elastic?")
        await play.down()
        for number in range(2, 6):
            await johal.says(f"line {number}")
        await johal.says("line 6, in the thread", reply_to=question)
        await johal.sends(picture(), "bite.png", "line 7, with a photo")
        await away(play)

        await play.up()
        await johal.says("line 8")  # live, while what came before it is being read
        await dentist.sees("line 8")
        await dentist.gets(picture())
        assert shown(dentist, LINE) == [f"line {number}" for number in range(1, 9)]
        answer = await dentist.sees("line 6, in the thread")
        assert "Which elastic?" in dentist.answers(answer)

        await play.restart()
        await johal.says("line 9")
        await dentist.sees("line 9")
        assert shown(dentist, LINE) == [f"line {number}" for number in range(1, 10)]


async def test_edits_and_deletions_of_the_meantime_are_noticed(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, johal = await play.rooms(await play.open_case())
        assert isinstance(johal, SlackSide)
        changed = await johal.says("IPR 0.2 mm at UL2")
        gone = await johal.says("Stop wearing it")
        started = await johal.says("A thread of mine")
        kept = await johal.says("More chewies")
        first = await dentist.sees("IPR 0.2 mm at UL2")
        for words in ("Stop wearing it", "A thread of mine", "More chewies"):
            await dentist.sees(words)
        reply = await johal.says("Only below", reply_to=kept)
        lost = await johal.says("This reply goes", reply_to=kept)
        await johal.says("An answer", reply_to=started)
        await dentist.sees("An answer")

        await play.down()
        await johal.edits(changed, "IPR 0.3 mm at UL2")
        await johal.edits(reply, "Only below, and above")
        await johal.person.deletes(gone)
        await johal.person.deletes(lost)
        await johal.person.deletes(started)  # a tombstone: there is a reply
        await away(play)
        await play.up()

        await dentist.sees("IPR 0.3 mm at UL2")
        await dentist.sees("Correction by Dr Amar Johal to #1", after=first)
        await dentist.sees("Only below, and above")
        for words in ("Stop wearing it", "This reply goes", "A thread of mine"):
            await dentist.sees_no_more(words)
        for number in (2, 3, 6):
            await dentist.sees(f"has withdrawn #{number}")
        assert dentist.count("has withdrawn") == 3
        await play.restart()
        await johal.says("The end")
        await dentist.sees("The end")
        assert dentist.count("has withdrawn") == 3
        assert dentist.count("Correction by") == 2


async def test_an_edit_of_withdrawn_words_is_noticed_and_their_deletion_says_nothing(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, johal = await play.rooms(await play.open_case())
        assert isinstance(johal, SlackSide)
        changed, gone = await johal.says("Hold aligner 4"), await johal.says("Hold aligner 5")
        for said in (changed, gone):
            await johal.marked(said)
            await johal.takes_back(said)
        await dentist.sees("has withdrawn #2")
        await play.down()
        await johal.edits(changed, "Hold aligner 6")
        await johal.person.deletes(gone)
        await away(play)
        await play.up()
        await johal.sees("#1 is withdrawn, so what you changed in it went to nobody")
        await play.restart()
        await johal.says("The end")
        await dentist.sees("The end")
        assert johal.count("what you changed in it went to nobody") == 1
        assert dentist.count("has withdrawn") == 2
        await dentist.never_saw("Hold aligner 6")


async def test_an_earlier_edit_that_comes_late_undoes_nothing(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, johal = await play.rooms(await play.open_case())
        said = await johal.says("Hold aligner 4")
        await dentist.sees("Hold aligner 4")
        play.slack.courier.hold()
        await johal.edits(said, "Hold aligner 5")
        await johal.edits(said, "Hold aligner 6")
        await play.restart()  # read again: the second edit is known before either event comes
        await dentist.sees("Hold aligner 6")
        play.slack.courier.release()
        await play.slack.settled()
        await johal.says("Well?")
        await dentist.sees("Well?")
        assert await play.rows("SELECT version FROM message WHERE no = 1") == [{"version": 2}]
        await dentist.never_saw("Hold aligner 5")


async def test_what_retention_removed_is_no_withdrawal(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, johal = await play.rooms(await play.open_case())
        assert isinstance(johal, SlackSide)
        await johal.says("line 1")
        await dentist.sees("line 1")
        await play.down()
        for message in johal.room.standing():  # the workspace keeps nothing longer than this: everything old goes
            message.deleted = True
        await johal.says("line 2")
        await away(play)
        await play.up()
        await dentist.sees("line 2")
        assert dentist.count("has withdrawn") == 0
        assert dentist.count("line 1") == 1


async def test_a_socket_that_was_cut_for_a_while(tmp_path: Path) -> None:
    """The service runs on; Slack's side is out of reach, and its retries are over when it is back."""
    async with Theatre(tmp_path, roster=roster_of("slack-telegram")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("line 1")
        await specialist.sees("line 1")
        await play.slack.down()
        for number in range(2, 5):
            await dentist.says(f"line {number}")
        await away(play)
        await play.slack.up()
        await eventually(lambda: play.workspace.sockets, 20.0)
        await dentist.says("line 5")
        await specialist.sees("line 5", patience=20.0)
        assert shown(specialist, LINE) == [f"line {number}" for number in range(1, 6)]


async def test_history_that_fails_is_read_later_and_holds_nobody_up(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, johal = await play.rooms(await play.open_case())
        await johal.says("line 1")
        await dentist.sees("line 1")
        await play.down()
        await johal.says("line 2")
        await away(play)
        for kind in (Kind.DROP_BEFORE, Kind.HTML, Kind.RATE_LIMIT, Kind.DISCONNECT):
            play.slack.faults.add(kind, method="conversations.history")
        play.slack.faults.add(Kind.DROP_AFTER, method="conversations.history")
        await play.up()
        await johal.says("line 3")
        await dentist.sees("line 2", patience=40.0)
        await dentist.sees("line 3")
        await eventually(lambda: sorted(shown(dentist, LINE)) == ["line 1", "line 2", "line 3"], 20.0)
