"""Drill: a platform is down for hours with messages queued. Real libraries, fake servers that refuse connections."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.sandbox.slack.truth import What
from bot.sandbox.telegram.truth import Act
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import ROSTER, Theatre, eventually

HOURS = 4
MANY = ROSTER.replace("capacity: 25", "capacity: 300")
_LINE = re.compile(r"line \d{3}")
_WAITS, _ARRIVED = re.compile(r"#\d+ is waiting"), re.compile(r"#\d+ has now arrived")


async def _for_hours(play: Theatre, down: str, cases: int, lines: int) -> None:
    """`down` names the platform that refuses connections; the other side of every case writes meanwhile."""
    server = play.slack if down == "slack" else play.telegram
    play.slack.settings.ack_seconds = 30.0  # thousands at once: its patience is another drill's matter
    rooms: list[tuple[Side, Side]] = []
    for _ in range(cases):
        dentist, specialist = await play.rooms(await play.open_case())
        rooms.append((dentist, specialist) if down == "slack" else (specialist, dentist))
    await server.down()
    for line in range(lines):
        for author, _ in rooms:
            await author.says(f"line {line:03}")
    count = cases * lines
    await until(lambda: play.rows("SELECT id FROM message"), count)
    assert await play.rows("SELECT id FROM message WHERE state = 'delivered'") == []

    await play.later(minutes=1)  # a minute after they were said, each of them has been told of
    began = time.monotonic()
    for author, _ in rooms:
        for number in range(1, lines + 1):
            await sees(author, f"#{number} is waiting", 600.0)
    told_after = time.monotonic() - began
    for _ in range(HOURS):
        await play.later(minutes=60)

    await server.up()
    began = time.monotonic()
    for _, reader in rooms:
        await sees(reader, f"line {lines - 1:03}", 600.0)
    caught_up = time.monotonic() - began
    for author, reader in rooms:
        for number in range(1, lines + 1):
            await sees(author, f"#{number} has now arrived", 600.0)
        assert shown(reader, _LINE) == [f"line {line:03}" for line in range(lines)]
        assert sorted(shown(author, _WAITS)) == sorted(f"#{number} is waiting" for number in range(1, lines + 1))
        assert len(shown(author, _ARRIVED)) == lines
    print(  # noqa: T201
        f"\n{down} down {HOURS} h, {cases} cases x {lines}: all told {told_after:.1f} s past the minute,"
        f" caught up in {caught_up:.1f} s, missing 0"
    )


async def until(look: Callable[[], Awaitable[list[object]]], count: int) -> None:
    """Wait until a query finds so many rows."""
    async with asyncio.timeout(900):
        while len(await look()) < count:  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.05)


async def sees(side: Side, words: str, seconds: float) -> None:
    """Wait until the bot has shown these words in a room."""
    await eventually(lambda: side.count(words), seconds)


def shown(side: Side, words: re.Pattern[str]) -> list[str]:
    """Every time the bot showed such words in a room, in order, as they were first shown."""
    if isinstance(side, SlackSide):
        texts = [one.text for one in side.person.saw(What.MESSAGE, side.room) if one.from_bot]
    else:
        assert isinstance(side, TelegramSide)
        topic = side.room
        seen = [one for one in side.person.seen if one.kind is Act.MESSAGE and one.by_bot]
        texts = [one.text for one in seen if topic is not None and one.topic == topic.id]
    return [found[0] for text in texts for found in words.finditer(text)]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("down", ["slack", "telegram"])
async def test_a_platform_down_for_hours(database_url: str, tmp_path: Path, down: str) -> None:
    async with Theatre(tmp_path, url=database_url, slack_http=True) as play:
        await _for_hours(play, down, 2, 4)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("down", ["slack", "telegram"])
async def test_200_cases_of_20_messages(database_url: str, tmp_path: Path, down: str) -> None:
    async with Theatre(tmp_path, url=database_url, slack_http=True, roster=MANY) as play:
        await _for_hours(play, down, 200, 20)
