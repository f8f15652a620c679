"""Telegram keeps messages for a day: after a longer outage each open case hears what may be missing, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.rules import HOUR
from tests.scenarios.test_pairings import roster_of
from tests.support.theatre import Theatre, eventually

GAP = "Telegram may have dropped messages"


@pytest.mark.parametrize("webhook", [False, True])
async def test_after_more_than_a_day_both_sides_are_told_once(tmp_path: Path, webhook: bool) -> None:
    async with Theatre(tmp_path, telegram_webhook=webhook) as play:
        dentist, johal = await play.rooms(await play.open_case())
        await dentist.says("All well so far")
        await johal.sees("All well so far")
        await play.down()
        await dentist.says("The wire came off")  # too early: Telegram will not keep it
        play.clock.offset += 25 * HOUR
        await dentist.says("And now it hurts")
        play.clock.offset += 2 * HOUR
        await play.up()
        await johal.sees("And now it hurts")
        told = await dentist.sees(GAP)
        assert dentist.words(told).startswith("Between ")
        assert "please send it again" in dentist.words(told)
        await johal.sees("If you expected something from Dr Patel then, please ask.")
        await johal.never_saw("The wire came off")

        await play.restart()
        await dentist.says("The wire came off")
        await johal.sees("The wire came off")
        assert dentist.count(GAP) == johal.count(GAP) == 1


async def test_both_on_telegram_and_nothing_after_a_short_outage(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("telegram-telegram")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says("Before")
        await specialist.sees("Before")
        await play.down()
        await dentist.says("Within the day")
        play.clock.offset += 20 * HOUR
        await play.up()
        await specialist.sees("Within the day")
        assert dentist.count(GAP) == 0
        await play.telegram.down()
        await eventually(lambda: play.app and play.app.telegram and play.app.telegram.alarms, 60.0)
        play.clock.offset += 30 * HOUR
        await play.telegram.up()
        for side in (dentist, specialist):
            await side.sees(GAP, patience=40.0)
            await side.sees("please send it again. If you expected something from Dr")
