"""Rate limits: what is refused, for how long, and what a patient client never meets."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import RetryAfter

from bot.sandbox.telegram import FakeTelegram, Limits
from bot.sandbox.telegram.limits import Meter
from tests.sandbox.telegram.conftest import Clock


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(now=clock) as server:
        yield server


async def test_a_chat_takes_a_burst_and_then_one_a_second(bot: Bot, telegram: FakeTelegram, clock: Clock) -> None:
    asha = telegram.add_user(700001, "Asha")
    await asha.start()
    for number in range(5):
        await bot.send_message(asha.id, f"{number}")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(asha.id, "too soon")
    assert caught.value.retry_after == timedelta(seconds=1)
    clock.passes(1)
    await bot.send_message(asha.id, "5")
    assert [one.text for one in asha.messages()] == list("012345")


async def test_one_chat_does_not_hold_up_another_but_the_bot_has_its_own_limit(
    bot: Bot, telegram: FakeTelegram, clock: Clock
) -> None:
    people = [telegram.add_user(700001 + number, f"P{number}") for number in range(31)]
    for person in people:
        await person.start()
    for person in people[:30]:
        await bot.send_message(person.id, "hello")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[30].id, "hello")
    await bot.send_chat_action(people[30].id, "typing")  # not counted
    clock.passes(0.1)
    await bot.send_message(people[30].id, "hello")
    telegram.limits = Limits.off()
    for _ in range(40):
        await bot.send_message(people[0].id, "hello")


async def test_a_group_takes_20_a_minute(bot: Bot, telegram: FakeTelegram, clock: Clock) -> None:
    group = telegram.add_group(-4001, "Riverside")
    for number in range(20):
        await bot.send_message(group.id, f"{number}")
        clock.passes(1)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(group.id, "20")
    assert caught.value.retry_after == timedelta(seconds=40)
    clock.passes(40)
    await bot.send_message(group.id, "20")


def test_a_clock_set_back_does_not_stop_a_chat() -> None:
    meter = Meter(Limits())
    for _ in range(5):
        assert meter.wait(1, 2, 10_000.0) == 0
    assert meter.wait(1, 2, 10_000.0) == 1
    assert meter.wait(1, 2, 10_000.0 - 3600) <= 1


class Pacer:
    """GCRA as a patient client does it."""

    def __init__(self, rate: float, burst: int) -> None:
        self._step = 1 / rate
        self._slack = (burst - 1) / rate
        self._due = 0.0

    def start(self, now: float) -> float:
        at = max(now, self._due - self._slack)
        self._due = max(self._due, at) + self._step
        return at


@given(
    wishes=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 12), st.floats(0, 0.2)), min_size=1, max_size=150),
)
def test_a_client_at_098_a_second_with_a_burst_of_4_is_never_refused(wishes: list[tuple[float, int, float]]) -> None:
    meter, chats, whole = Meter(Limits()), {n: Pacer(0.98, 4) for n in range(1, 13)}, Pacer(29, 20)
    arrivals = []
    wanted = 0.0
    for pause, chat, delay in wishes:
        wanted += pause
        # Requests may be on their way for up to 0.2 s.
        arrivals.append((whole.start(chats[chat].start(wanted)) + delay, chat))
    assert [meter.wait(7, chat, at) for at, chat in sorted(arrivals)] == [0] * len(arrivals)
