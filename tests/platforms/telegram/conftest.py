"""The real client library on our transport against the fake Telegram, with a dentist who has pressed Start."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.transport import Transport
from bot.ports.clock import SECOND, ManualClock
from bot.sandbox.telegram import FakeTelegram, Limits, Person
from tests.platforms.telegram.support import ASHA, MemoryFiles, RecordingInbox


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1_790_000_000 * SECOND)


@pytest.fixture
async def telegram(clock: ManualClock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(now=lambda: clock.now() / SECOND, limits=Limits.off()) as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def asha(telegram: FakeTelegram) -> Person:
    """Dr Asha Patel, started, with her first update taken."""
    person = telegram.add_user(ASHA, "Asha")
    await person.start()
    telegram.bot().queue.clear()
    return person


@pytest.fixture
def config(telegram: FakeTelegram) -> TelegramConfig:
    return TelegramConfig(token=telegram.token, api_url=telegram.url)


@pytest.fixture
async def client(config: TelegramConfig) -> AsyncIterator[TelegramClient]:
    made = TelegramClient(config, transport=Transport(send_timeout=0.5, upload_timeout=2.0, connect_timeout=0.4))
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def files() -> MemoryFiles:
    return MemoryFiles()


@pytest.fixture
def gateway(client: TelegramClient, files: MemoryFiles) -> TelegramGateway:
    return TelegramGateway(client, files)


@pytest.fixture
def inbox() -> RecordingInbox:
    return RecordingInbox()
