"""The clocks: microseconds since the epoch, and one that is moved by hand."""

from __future__ import annotations

import time

from bot.ports.clock import HOUR, SECOND, Clock, ManualClock, SystemClock


def test_the_machine_s_clock() -> None:
    before = time.time()
    now = SystemClock().now()
    assert isinstance(now, int)
    assert before - 1 < now / SECOND < time.time() + 1


def test_a_clock_moved_by_hand_tells_who_watches() -> None:
    clock = ManualClock(5)
    moves: list[int] = []
    clock.on_move(moves.append)
    clock.advance(HOUR)
    clock.advance(-SECOND)
    clock.set(7)
    assert moves == [5 + HOUR, 5 + HOUR - SECOND, 7]
    assert clock.now() == 7


def test_both_are_clocks() -> None:
    clocks: list[Clock] = [SystemClock(), ManualClock(0)]
    assert all(isinstance(clock.now(), int) for clock in clocks)
