"""What the roof joins beside messages: alarms to the coordinators, the bot's name, half-written files, every duty."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from bot.services import stuck
from bot.workers.duties import DUTIES
from prompts.wording import has
from tests.support.console import Console
from tests.support.theatre import Theatre, eventually


async def test_a_refused_token_reaches_the_coordinator_on_the_other_platform(console: Console, tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        await play.patel.sees("Welcome")
        play.telegram.bot().revoked = True
        await play.patel.says("/help")  # ends the poll under way; the next one is refused
        await play.sam.sees("Telegram no longer accepts the bot's token, so nothing arrives from there", timeout=15)
        rows = await play.do(stuck.listing)
        assert "telegram_token_rejected" in {row.what for row in rows}
        assert play.app is not None
        assert not play.app.healthy
        console.env |= {"CHAIRSIDE_DATA_DIR": str(tmp_path), "DATABASE_URL": play.url}
        said = (await console.aside("doctor", "--json")).stdout
        said = said[said.index("[\n") :]  # the service in this very process may log between
        found = {row["check"]: row for row in json.loads(said)}
        assert "token refused (Telegram)" in found["incidents"]["text"]


async def test_a_gap_is_told_each_time_and_is_not_stuck(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        await play.patel.sees("Welcome")  # Telegram has been heard from
        for _ in range(2):
            before = play.sam.newest("Telegram was out of reach for a while")
            await play.telegram.down()
            assert play.app is not None
            assert play.app.telegram is not None
            await eventually(lambda: play.app.telegram.alarms, 30.0)  # type: ignore[union-attr]
            await play.later(minutes=10)
            await play.telegram.up()
            await play.sam.sees("Telegram was out of reach for a while", timeout=40, after=before)
        assert not [row for row in await play.do(stuck.listing) if row.what.startswith("telegram")]


async def test_the_bots_name_is_written_down_for_invitations(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        query = "SELECT value FROM service_setting WHERE name = 'telegram.username'"
        (row,) = await eventually(lambda: play.rows(query))
        assert row["value"] == "chairside_sandbox_bot"


async def test_half_written_files_of_a_former_life_go(tmp_path: Path) -> None:
    part = tmp_path / "blobs" / "ab" / ("ab" * 16 + ".part")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x")
    os.utime(part, (time.time() - 60, time.time() - 60))
    async with Theatre(tmp_path):
        assert not part.exists()


def test_every_duty_has_a_name_of_its_own() -> None:
    names = [duty.name for duty in DUTIES]
    assert len(set(names)) == len(names)
    assert {"check_ins", "held", "offers", "covers", "housekeeping"} <= set(names)


def test_every_alarm_has_its_words() -> None:
    for what in stuck.REASONS:
        assert has(f"coordinator.what.{what}"), what
