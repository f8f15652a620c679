"""The loop guard, and what platforms say twice or in the wrong order: each thing a person did counts once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.telegram import MAIN
from tests.scenarios.test_pairings import PAIRS, roster_of
from tests.support.papers import picture
from tests.support.theatre import Theatre, eventually

MONDAY = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize("pair", PAIRS)
async def test_nothing_we_post_ever_comes_back(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair), teams=("T0001", "T0002")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        said = await dentist.says("Chairside: a line for you")  # words of our own are no sign of anything
        copy = await specialist.sees("Chairside: a line for you")
        await specialist.says("Dr Asha Patel · dentist · #1", reply_to=copy)
        await dentist.sees("Dr Asha Patel · dentist · #1")
        await dentist.edits(said, "Chairside: another line for you")
        await specialist.sees("another line for you")
        await dentist.sends(picture(), "x.png", "a picture")
        await specialist.gets(picture())
        await dentist.presses("Status")
        await dentist.sees("State: open")
        await play.restart()
        await specialist.says("The end")
        await dentist.sees("The end")
        await play.later(minutes=6)  # whatever Slack had to say again has been said by now
        await play.slack.settled()
        await play.telegram.taken()
        rows = await play.rows("SELECT no, side FROM message ORDER BY no")
        assert [row["side"] for row in rows] == ["dentist", "specialist", "dentist", "specialist"]
        assert dentist.count("The end") == 1


@pytest.mark.parametrize("fresh_ids", [False, True])
async def test_what_comes_again_collapses(tmp_path: Path, fresh_ids: bool) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.slack.courier.switches.copies = 3
        play.slack.courier.switches.fresh_ids = fresh_ids
        play.telegram.faults.inbound.duplicate = 1.0
        for number in range(1, 6):
            said = await dentist.says(f"dentist {number}")
            await specialist.sees(f"dentist {number}")
            answer = await specialist.says(f"specialist {number}")
            await dentist.sees(f"specialist {number}")
            await specialist.edits(answer, f"specialist {number}!")
            await dentist.sees(f"specialist {number}!")
        await dentist.takes_back(said)
        await specialist.sees("has withdrawn #9")
        await play.restart()
        await play.later(minutes=6)  # whatever Slack had to say again has been said by now
        await play.slack.settled()
        await play.telegram.taken()
        for number in range(1, 6):
            assert specialist.count(f"dentist {number}") == 1
            assert dentist.count(f"specialist {number}") == 1
        assert specialist.count("has withdrawn") == 1
        assert len(await play.rows("SELECT id FROM message")) == 10


async def test_what_comes_out_of_order_all_arrives_and_says_so(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        play.slack.courier.hold()
        for number in range(1, 6):
            await specialist.says(f"line {number}")
            await play.later(minutes=1)
        play.slack.courier.release(lambda events: events.reverse())
        await eventually(lambda: all(dentist.count(f"line {number}") for number in range(1, 6)))
        shown = [one.text for one in play.patel.messages() if "Johal · specialist · #" in one.text]
        assert len(shown) == 5
        order = [text.splitlines()[-1] for text in shown]
        late = {text.splitlines()[-1] for text in shown if "sent " in text.splitlines()[0]}
        newest = 0
        for line in order:
            number = int(line.removeprefix("line "))
            assert (line in late) is (number < newest), shown
            newest = max(newest, number)


async def test_a_shuffled_day_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        for faults in (play.slack.faults, play.telegram.faults):
            faults.inbound.duplicate = 0.4
            faults.inbound.reorder = 0.4
        for number in range(1, 13):
            await dentist.says(f"d{number:02}")
            await specialist.says(f"s{number:02}")
        await play.restart()
        play.slack.faults.clear()
        play.telegram.faults.clear()
        await play.later(minutes=2)
        for number in range(1, 13):
            await specialist.sees(f"d{number:02}")
            await dentist.sees(f"s{number:02}")
        for number in range(1, 13):
            assert specialist.count(f"d{number:02}") == 1
            assert dentist.count(f"s{number:02}") == 1


async def test_two_things_within_a_second_are_not_taken_for_late(tmp_path: Path) -> None:
    """Telegram tells whole seconds, we know microseconds: what was tapped just now is no later than what is typed."""
    async with Theatre(tmp_path, begins=MONDAY) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await play.later(days=21, minutes=180)
        await play.patel.sees("How are the aligners fitting?", MAIN)
        await play.patel.presses("A gap", topic=MAIN)
        await dentist.says("At UL2, on the left")
        copy = await specialist.sees("At UL2, on the left")
        assert "sent" not in specialist.words(copy)
