"""The gap line: once an outage, in each open case with a seat on that platform, to both sides."""

from __future__ import annotations

from bot.domain.ids import PersonId
from bot.domain.rules import DAY, HOUR, SECOND
from bot.services import closing, gaps
from bot.workers.watch import TelegramWatch
from tests.support.casework import PATEL, Casework


def lines(desk: Casework, platform: str) -> list[str]:
    return [one.text for one in desk.platforms[platform].shown if "may have dropped messages" in one.text]


async def test_each_open_case_is_told_once_on_both_sides(desk: Casework) -> None:
    await desk.open_case(1)
    await desk.open_case(2)
    closed = await desk.open_case(3)
    await desk.settle()
    await desk.do(lambda unit: closing.close(unit, closed, PersonId(PATEL)))
    watch, since = TelegramWatch(desk.units), desk.clock.now()
    desk.clock.advance(26 * HOUR)
    for _ in range(2):  # reported again, when it could not be noted as over
        await watch.gap(26 * HOUR / SECOND, since)
    await desk.settle()
    here, there = lines(desk, "telegram"), lines(desk, "slack")
    assert len(here) == len(there) == 2
    assert "please send it again" in here[0]
    assert "expected something" not in here[0]
    assert "If you expected something from Dr Patel then, please ask." in there[0]
    assert here[0].startswith("Between Thu 28 May, 21:")
    assert len(await desk.rows("SELECT seq FROM audit_entry WHERE action = 'gap.told'")) == 2

    later = desk.clock.now()
    desk.clock.advance(2 * DAY)
    await watch.gap(2 * DAY / SECOND, later)
    await desk.settle()
    assert len(lines(desk, "telegram")) == 4


async def test_within_a_day_nothing_was_dropped(desk: Casework) -> None:
    await desk.open_case()
    await desk.settle()
    since = desk.clock.now()
    desk.clock.advance(23 * HOUR)
    await TelegramWatch(desk.units).gap(23 * HOUR / SECOND, since)
    await desk.settle()
    assert lines(desk, "telegram") == lines(desk, "slack") == []


async def test_a_seat_taken_after_what_was_dropped_is_told_nothing(desk: Casework) -> None:
    since = desk.clock.now()
    desk.clock.advance(25 * HOUR)
    await desk.open_case()
    assert await desk.do(lambda unit: gaps.tell(unit, "telegram", since, since + HOUR)) == 0
