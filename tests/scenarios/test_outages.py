"""A platform, a token, the disk or the database fails: what was said arrives once the trouble ends."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.sandbox.slack.world import TokenState
from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_troubles import a_minute_passes
from tests.support.sides import Side, SlackSide
from tests.support.theatre import ROSTER, SHAH, Theatre, eventually


async def in_the_end(play: Theatre, side: Side, words: str) -> None:
    """Minutes pass until it is there; a request under way when the trouble ended may still have met it."""
    for _ in range(4):
        await play.later(minutes=2)
        with suppress(AssertionError):
            await side.sees(words, patience=2)
            return
    await side.sees(words)


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
        assert hasattr(tx, "execute")
        if pages == 0:  # what the file has free in itself would be room as well
            tx.execute("CREATE TABLE ballast(bytes BLOB)")
            while tx.all("PRAGMA freelist_count")[0]["freelist_count"]:
                tx.execute("INSERT INTO ballast(bytes) VALUES (zeroblob(4000))")
        used = tx.all("PRAGMA page_count")[0]["page_count"]
        tx.all(f"PRAGMA max_page_count = {used + pages}")

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
