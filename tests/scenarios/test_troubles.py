"""Failures outside our doing: everybody is told where they are, and what was said arrives once the trouble ends."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.sandbox.slack.world import TokenState
from tests.scenarios.test_pairings import roster_of
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import ROSTER, SHAH, Theatre, eventually


async def a_minute_passes(play: Theatre) -> None:
    """Once something that was said waits."""
    await eventually(lambda: play.rows("SELECT id FROM message WHERE state IN ('waiting', 'uncertain')"))
    await play.later(minutes=1)


async def in_the_end(play: Theatre, side: Side, words: str) -> None:
    """Minutes pass until it is there; a request under way when the trouble ended may still have met it."""
    for _ in range(4):
        await play.later(minutes=2)
        with suppress(AssertionError):
            await side.sees(words, patience=2)
            return
    await side.sees(words)


async def test_bot_blocked(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.patel.blocks()
        await play.sam.sees("patel cannot be reached: they have blocked the bot or never pressed Start.")
        await specialist.says("Please send a photo")
        await a_minute_passes(play)
        await specialist.sees("#1 is waiting")
        await play.restart()
        await play.patel.unblocks()
        await dentist.sees("Please send a photo")
        await specialist.sees("#1 has now arrived.")


async def test_bot_blocked_without_a_word(tmp_path: Path) -> None:
    """The block is only found out by sending; Start lets everything go on."""
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.patel._chat.blocked = True
        await specialist.says("Please send a photo")
        await play.sam.sees("patel cannot be reached")
        await play.patel.start()
        await dentist.sees("Please send a photo")
        assert dentist.count("Please send a photo") == 1


async def test_bot_removed_from_the_channel(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        bot = play.workspace.data.bot_user
        await play.johal.removes(bot, specialist.room)
        await play.sam.sees(f"The room of {ref} is closed or the bot was removed from it. Nothing is lost")
        await dentist.says("Does this look right?")
        await a_minute_passes(play)
        await dentist.sees("#1 is waiting")
        await play.johal.invites(bot, specialist.room)
        await play.later(minutes=1)
        await specialist.sees("Does this look right?")
        await dentist.sees("#1 has now arrived.")


async def test_channel_archived_and_brought_back(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        await play.johal.archives(specialist.room)
        await play.sam.sees(f"The room of {ref} is closed")
        await dentist.says("Does this look right?")
        await a_minute_passes(play)
        await dentist.sees("#1 is waiting")
        await play.johal.archives(specialist.room, on=False)
        await specialist.sees("Does this look right?")


async def test_a_guest_who_is_gone_again_without_a_word(tmp_path: Path) -> None:
    """Slack does not always say that somebody left: the room is looked at by the hour and goes on by itself."""
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        await play.johal.invites("U0004", specialist.room)
        await play.sam.sees(f"Somebody else is in the room of {ref}")
        await dentist.says("Does this look right?")
        await a_minute_passes(play)
        await dentist.sees("#1 is waiting")
        specialist.room.members.remove("U0004")
        await play.later(minutes=61)
        await specialist.sees("Does this look right?")
        await play.shah.sees_nothing_like("Does this look right?")
        assert await play.rows("SELECT id FROM incident WHERE closed_at IS NULL") == []


async def test_channel_deleted(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        await play.johal.deletes_channel(specialist.room)
        await dentist.says("Does this look right?")
        await eventually(lambda: [one for one in play.johal.channels if one is not specialist.room])
        again = await play.room("johal", ref)
        await again.sees("Does this look right?")
        await again.sees("The room for this case was closed or deleted, so here it is again.")
        await again.says("It does")
        await dentist.sees("It does")


async def test_channel_deleted_without_a_word(tmp_path: Path) -> None:
    """The deletion is only found out by sending."""
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(specialist, SlackSide)
        del play.workspace.data.channels[specialist.room.id]
        await play.later(minutes=2)  # nobody goes by an older look at its members
        await dentist.says("Does this look right?")
        await play.sam.sees(f"The room of {ref} is closed or the bot was removed from it.")
        await play.later(minutes=2)
        again = await play.room("johal", ref)
        await again.sees("Does this look right?")
        assert await play.rows("SELECT id FROM incident WHERE closed_at IS NULL") == []


async def test_topic_deleted(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        assert isinstance(dentist, TelegramSide)
        assert dentist.room is not None
        before = dentist.room
        await play.patel.deletes_topic(before)
        await specialist.says("Hold the aligner, please")
        await play.patel.sees_topic(ref)
        again = await play.room("patel", ref)
        await again.sees("The room for this case was closed or deleted, so here it is again.")
        await again.sees("Hold the aligner, please")
        card = await again.sees("What you type here goes to Dr Amar Johal on Slack.")
        await eventually(lambda: card.pinned)
        await again.says("Will do")
        await specialist.sees("Will do")
        assert [topic.name for topic in play.patel.topics] == [before.name]


async def test_topics_switched_off_and_messages_that_went_astray(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        _, specialist = await play.rooms(await play.open_case())
        play.telegram.bot().has_topics_enabled = False
        await play.patel.deletes_topic(play.patel.topics[0])
        await specialist.says("Hold the aligner, please")
        copy = await play.patel.sees("Hold the aligner, please")
        assert specialist.ref in copy.text
        await play.patel.says("Will do")
        await specialist.sees("Will do")


async def test_telegram_down_and_up(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.telegram.down()
        for number in range(1, 6):
            await specialist.says(f"Line {number}")
        await a_minute_passes(play)
        await specialist.sees("#1 is waiting: the other side's chat app is not answering yet. It goes by itself.")
        await play.restart()
        await play.telegram.up()
        await dentist.sees("Line 5", patience=12)
        await specialist.sees("#1 has now arrived.")
        shown = [one.text.splitlines()[-1] for one in play.patel.messages() if "Line" in one.text]
        assert shown == [f"Line {number}" for number in range(1, 6)]
        await dentist.says("All five are here")
        await specialist.sees("All five are here")


async def test_slack_down_and_up(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.slack.down()
        for number in range(1, 6):
            await dentist.says(f"Line {number}")
        await a_minute_passes(play)
        await dentist.sees("#1 is waiting: the other side's chat app is not answering yet.")
        await play.slack.up()
        await specialist.sees("Line 5", patience=12)
        await dentist.sees("has now arrived.")
        assert isinstance(specialist, SlackSide)
        shown = [one.shown.splitlines()[-1] for one in play.johal.messages(specialist.room) if "Line" in one.shown]
        assert shown == [f"Line {number}" for number in range(1, 6)]


async def test_telegram_token_revoked(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.telegram.bot().revoked = True
        await specialist.says("Please send a photo")
        await play.sam.sees("no longer accepts the bot's token. Deliveries there wait; run chairside doctor.")
        await a_minute_passes(play)
        await specialist.sees("#1 is waiting")
        play.telegram.bot().revoked = False
        await in_the_end(play, dentist, "Please send a photo")
        await specialist.sees("#1 has now arrived.")


async def test_slack_token_revoked(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("slack-other-slack"), teams=("T0001", "T0002")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.slack.workspace("T0002").revoke()
        await play.sam.sees("slack:T0002 no longer accepts the bot's token.")
        await specialist.says("Please send a photo")
        await a_minute_passes(play)
        await specialist.sees("#1 is waiting")
        play.slack.workspace("T0002").set_state(TokenState.LIVE)
        await in_the_end(play, dentist, "Please send a photo")


async def test_database_locked(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        with closing(sqlite3.connect(tmp_path / "chairside.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await dentist.says("Said while the database was locked")
            await specialist.says("And so was this")
            pressed = asyncio.create_task(specialist.presses("Status"))
            await asyncio.sleep(0.5)
            assert not pressed.done()
            other.execute("ROLLBACK")
        await pressed
        await specialist.sees("Said while the database was locked")
        await dentist.sees("And so was this")
        await specialist.sees("State: open")
        assert specialist.count("Said while") == 1


async def test_disk_full(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("telegram-slack")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await eventually(lambda: not play.johal.warnings)
        await _room_on_disk(play, 0)
        await dentist.says("Said while the disk was full " + "x" * 4000)
        await specialist.says("And so was this " + "y" * 4000)
        ok = await play.johal.command(
            "/case", "note " + "z" * 3000, specialist.room if isinstance(specialist, SlackSide) else ""
        )
        assert ok
        told = ("That could not be saved just now", "This is taking longer than usual")
        await eventually(lambda: [one for one in play.johal.ephemerals() if one.shown.startswith(told)])
        await specialist.never_saw("Said while the disk was full")
        await _room_on_disk(play, 10_000)
        await play.later(minutes=1)
        await specialist.sees("Said while the disk was full", patience=12)
        await dentist.sees("And so was this")
        assert specialist.count("Said while the disk was full") == 1
        assert await play.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


async def _room_on_disk(play: Theatre, pages: int) -> None:
    """So many pages more, and not one beyond."""

    def limit(tx: object) -> None:
        assert hasattr(tx, "all")
        tx.all("PRAGMA incremental_vacuum")
        free = tx.all("PRAGMA freelist_count")[0]["freelist_count"]
        used = tx.all("PRAGMA page_count")[0]["page_count"]
        tx.all(f"PRAGMA max_page_count = {used + pages - (free if pages == 0 else 0)}")

    await play.core.engine.write(limit)


@pytest.mark.parametrize("slack_http", [False, True], ids=["socket", "http"])
@pytest.mark.parametrize("telegram_webhook", [False, True], ids=["polling", "webhook"])
async def test_every_mode_serves_with_settings_alone(tmp_path: Path, slack_http: bool, telegram_webhook: bool) -> None:
    async with Theatre(tmp_path, slack_http=slack_http, telegram_webhook=telegram_webhook) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("Good morning")
        await specialist.sees("Good morning")
        await specialist.says("And to you")
        await dentist.sees("And to you")
        await specialist.presses("Status")
        await specialist.sees("waiting for the other side")
        await play.restart()
        await dentist.says("Still there?")
        await specialist.sees("Still there?")


async def test_a_workspace_that_is_not_set_up(tmp_path: Path) -> None:
    """The roster names a workspace with no settings here: it is said, and nobody else is held up."""
    roster = ROSTER.replace("slack: T0001/U0002", "slack: T0077/U0002")
    async with Theatre(tmp_path, roster=roster) as play:
        ref = await play.open_case(taken=False)
        dentist = await play.room("patel", ref)
        await dentist.says("Is anybody there?")
        await play.sam.sees("T0077")
        await play.new_roster(roster + SHAH)
        assert await play.sam.command("/case", f"assign {ref} shah")
        await (await play.room("shah", ref)).sees("Is anybody there?")
