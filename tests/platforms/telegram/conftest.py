"""The real client library on our transport against the fake Telegram, with a dentist who has pressed Start."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.transport import Transport
from bot.ports.clock import SECOND, ManualClock
from bot.sandbox.telegram import FakeTelegram, Limits, Person
from tests.platforms.telegram.support import ASHA, MemoryFiles, PollerRig, RecordingInbox, Server


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
    made = TelegramClient(config, transport=Transport(send_timeout=1.0, upload_timeout=5.0, connect_timeout=0.8))
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


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    async with made.door:
        yield made


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    async with Transport() as made:
        yield made


@pytest.fixture
async def impatient() -> AsyncIterator[Transport]:
    """For calls that are never answered."""
    async with Transport(send_timeout=0.3, upload_timeout=0.4, connect_timeout=0.2) as made:
        yield made


@pytest.fixture
async def rig(client: TelegramClient, inbox: RecordingInbox, clock: ManualClock) -> AsyncIterator[PollerRig]:
    made = PollerRig(client, inbox, clock)
    yield made
    await made.poller.stop()
    await made.intake.close()
