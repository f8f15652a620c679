"""When Telegram was last heard: what is a gap, what only seems one, and what is told again."""

from __future__ import annotations

import pytest

from bot.platforms.telegram.heard import Heard
from bot.platforms.telegram.pace import Pace
from bot.ports.clock import ManualClock
from tests.platforms.telegram.support import RecordingInbox

HOUR = 3600
SECOND = 1_000_000
START = 1_780_000_000 * SECOND


class Rig:
    """A clock, a machine that may sleep, and who is told."""

    def __init__(self, inbox: RecordingInbox) -> None:
        self.clock = ManualClock(START)
        self.awake = 0.0
        self.told: list[tuple[float, int]] = []
        self.fails = False
        self.inbox = inbox
        self.heard = self.another()

    def another(self) -> Heard:
        return Heard(7, self.inbox, self.clock.now, self.on_gap, Pace(), lambda: self.awake)

    async def on_gap(self, seconds: float, since: int) -> None:
        if self.fails:
            raise RuntimeError("database is locked")
        self.told.append((seconds, since))


@pytest.fixture
async def rig(inbox: RecordingInbox) -> Rig:
    made = Rig(inbox)
    await made.heard.load()
    await made.heard.now(gap=True)
    return made


async def test_a_clock_put_forward_is_no_gap_where_nothing_was_broken_off(rig: Rig) -> None:
    rig.clock.advance(48 * HOUR * SECOND)
    rig.awake += 30.0
    await rig.heard.now(gap=False)
    assert rig.told == []


async def test_a_machine_that_slept_heard_nothing(rig: Rig) -> None:
    rig.clock.advance(30 * HOUR * SECOND)
    rig.awake += 30.0 * HOUR
    await rig.heard.now(gap=False)
    assert rig.told == [(30.0 * HOUR, START)]


async def test_what_could_not_be_told_is_told_again_with_the_same_moment(rig: Rig) -> None:
    rig.clock.advance(25 * HOUR * SECOND)
    rig.fails = True
    with pytest.raises(RuntimeError):
        await rig.heard.now(gap=True)
    rig.fails = False
    again = rig.another()
    await again.load()
    await again.now(gap=True)
    assert rig.told == [(25.0 * HOUR, START)]
    await again.now(gap=True)
    assert len(rig.told) == 1
