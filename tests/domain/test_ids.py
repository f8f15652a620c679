"""Ids rise, fit 63 bits, and never meet: not in one process, not in two, not after the clock went back."""

from __future__ import annotations

import random
import threading

import pytest

from bot.domain.ids import COUNT_BITS, EPOCH, PROCESS_BITS, IdSource, made_at

NOW = (EPOCH + 86_400_000 * 700) * 1000 + 123


class Hands:
    """A clock moved by hand."""

    def __init__(self, now: int = NOW) -> None:
        self.at = now

    def now(self) -> int:
        return self.at


def source(clock: Hands, process: int | None = 1, seed: int = 1) -> IdSource:
    return IdSource(clock.now, random.Random(seed).getrandbits, process)


def test_rise_while_the_clock_stands_goes_and_goes_back() -> None:
    clock = Hands()
    ids = source(clock)
    made = [ids.new() for _ in range(5000)]  # more than one millisecond holds
    for step in (1000, -3_600_000_000, 0, 86_400_000_000, 1):
        clock.at += step
        made += [ids.new() for _ in range(50)]
    assert made == sorted(set(made))
    assert all(0 < each < 2**63 for each in made)


def test_say_when_they_were_made() -> None:
    assert made_at(source(Hands()).new()) == NOW // 1000 * 1000


@pytest.mark.parametrize("now", [-1, 0, EPOCH * 1000 - 1, 10**17])
def test_odd_clocks_still_give_ids(now: int) -> None:
    ids = source(Hands(now))
    made = [ids.new() for _ in range(3000)]
    assert made == sorted(set(made))
    assert min(made) >= 0
    assert made[0] < 2**63


def test_two_processes_never_meet() -> None:
    clock = Hands()
    one, other = source(clock, 1), source(clock, 2)
    made: list[int] = []
    for _ in range(2000):
        made += [one.new(), other.new(), other.new()]
        clock.at += 300
    assert len(set(made)) == len(made)


def test_a_restart_with_the_clock_set_back_never_repeats() -> None:
    clock = Hands()
    before, after = [], []
    first = source(clock, 1)
    for _ in range(3000):
        before.append(first.new())
        clock.at += 500
    clock.at = NOW
    second = source(clock, 2)
    for _ in range(3000):
        after.append(second.new())
        clock.at += 500
    assert not set(before) & set(after)


def test_numbers_wrap_and_are_drawn_when_not_given() -> None:
    same = source(Hands(), 5).new(), source(Hands(), 5 + (1 << PROCESS_BITS)).new()
    assert same[0] == same[1]
    drawn = {source(Hands(), None, seed).new() >> COUNT_BITS for seed in range(50)}
    assert len(drawn) > 40


def test_threads_share_a_source() -> None:
    ids = source(Hands())
    made: list[list[int]] = []

    def work() -> None:
        made.append([ids.new() for _ in range(3000)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = [each for part in made for each in part]
    assert len(set(flat)) == 12_000
    assert all(part == sorted(part) for part in made)
