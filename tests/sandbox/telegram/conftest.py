"""A fake Telegram without rate limits, a dentist who has pressed Start, and the real client library talking to it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from bot.sandbox.telegram import FakeTelegram, Limits, Person

Api = Callable[..., Coroutine[Any, Any, tuple[int, dict[str, Any]]]]


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 1_790_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture(autouse=True)
def _retry_after_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot 22 warns about `RetryAfter.retry_after` unless it is asked for the coming type."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(now=clock, limits=Limits.off()) as server:
        yield server


@pytest.fixture
async def asha(telegram: FakeTelegram) -> Person:
    """Dr Asha Patel, started, with her first update taken."""
    person = telegram.add_user(700001, "Asha")
    await person.start()
    telegram.bot().queue.clear()
    return person


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as client:
        yield client


@pytest.fixture
async def api(telegram: FakeTelegram) -> AsyncIterator[Api]:
    """Any request at all, as JSON: `status, answer = await api("sendMessage", chat_id=1)`."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, /, token: str | None = None, **args: object) -> tuple[int, dict[str, Any]]:
            url = f"{telegram.base_url}{token or telegram.token}/{method}"
            async with session.post(url, json=args) as answer:
                return answer.status, await answer.json()

        yield call
