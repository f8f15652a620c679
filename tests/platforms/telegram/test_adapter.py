"""The whole adapter as a program wires it, in both modes; settings; the menu; what doctor asks."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.domain.commands import BY_TELEGRAM
from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.events import CommandReceived, MessageReceived
from bot.platforms.telegram.adapter import Telegram
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.doctor import check
from bot.platforms.telegram.menu import set_commands
from bot.platforms.telegram.webhook import HEADER
from bot.ports.clock import ManualClock
from bot.sandbox.door import Door
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import BOT, FAST, MemoryFiles, RecordingInbox, nothing, post, target, until

SECRET = "a-secret_of-ours"


@pytest.fixture
async def adapter(config: TelegramConfig, clock: ManualClock, files: MemoryFiles) -> AsyncIterator[Telegram]:
    made = Telegram(config, files, clock, pace=FAST)
    yield made
    await made.close()


async def test_polling(adapter: Telegram, telegram: FakeTelegram, asha: Person, inbox: RecordingInbox) -> None:
    assert adapter.routes() == []
    assert not adapter.healthy
    await adapter.serve(inbox)
    await asha.says("Hello")
    await telegram.taken()
    event = adapter.translator.translate(inbox.kept[0].body, live=False)
    assert isinstance(event, MessageReceived)
    assert adapter.healthy
    await adapter.stop_receiving()
    assert not adapter.healthy
    # Sending still works, for the outbox to drain.
    await adapter.gateway.post(target(), post("Answer"), "1", None, nothing, "")
    assert (await asha.sees("Answer")).text == "Answer"


async def test_webhook(
    telegram: FakeTelegram, asha: Person, inbox: RecordingInbox, clock: ManualClock, files: MemoryFiles
) -> None:
    app = web.Application()
    door = Door(app)
    made: list[Telegram] = []

    async def late(request: web.Request) -> web.StreamResponse:
        # The port is known only now; a program mounts `routes()` before it listens.
        (route,) = made[0].routes()
        assert route.path == "/telegram/hook"
        return await route.handler(request)

    app.router.add_post("/telegram/hook", late)
    await door.open()
    config = TelegramConfig(telegram.token, telegram.url, f"{door.url}/telegram/hook", SECRET)
    adapter = Telegram(config, files, clock, pace=FAST)
    made.append(adapter)
    async with aiohttp.ClientSession() as session:
        async with session.post(config.webhook_url, headers={HEADER: SECRET}, json={}) as early:
            assert early.status == 503  # nothing may be acknowledged before there is an inbox
        await adapter.serve(inbox)
        await asha.says("Hello")
        await telegram.taken()
        assert inbox.texts == ["Hello"]
        assert adapter.healthy
        await adapter.stop_receiving()
        async with session.post(config.webhook_url, headers={HEADER: SECRET}, json={}) as late_one:
            assert late_one.status == 503
    await adapter.close()
    await door.close()


async def test_the_name_learnt_while_polling_tells_whose_command_it_is(
    adapter: Telegram, telegram: FakeTelegram, asha: Person, inbox: RecordingInbox
) -> None:
    await adapter.serve(inbox)
    await asha.says("/status@chairside_sandbox_bot")
    await telegram.taken()
    event = adapter.translator.translate(inbox.kept[0].body, live=False)
    assert isinstance(event, CommandReceived)
    assert (event.name, event.known) == ("status", True)


async def test_a_shared_session_stays_open(
    config: TelegramConfig, clock: ManualClock, files: MemoryFiles, inbox: RecordingInbox
) -> None:
    async with aiohttp.ClientSession() as session:
        adapter = Telegram(config, files, clock, session=session, pace=FAST)
        await adapter.serve(inbox)
        await until(lambda: adapter.client.identity.username != "")
        await adapter.close()
        assert not session.closed


def test_settings_that_cannot_work(clock: ManualClock, files: MemoryFiles) -> None:
    with pytest.raises(ValueError, match="TELEGRAM_BOT_TOKEN") as refused:
        Telegram(TelegramConfig("canary"), files, clock)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        (TelegramConfig("1:abc"), []),
        (TelegramConfig("1:abc", webhook_url="https://example.org/t", webhook_secret="s"), []),
        (TelegramConfig("abc"), ["TELEGRAM_BOT_TOKEN"]),
        (TelegramConfig(""), ["TELEGRAM_BOT_TOKEN"]),
        (TelegramConfig("1:abc", api_url="api.telegram.org"), ["TELEGRAM_API_URL"]),
        (TelegramConfig("1:abc", webhook_url="https://example.org/t"), ["TELEGRAM_WEBHOOK_SECRET"]),
        (TelegramConfig("1:abc", webhook_url="http://example.org/t", webhook_secret="s"), ["TELEGRAM_WEBHOOK_URL"]),
        (TelegramConfig("1:abc", webhook_url="example", webhook_secret="ö"),
         ["TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET"]),
    ],
)  # fmt: skip
def test_settings(config: TelegramConfig, named: list[str]) -> None:
    assert [line.partition(":")[0] for line in config.problems()] == named
    assert "abc" not in repr(config)


async def test_the_menu(client: TelegramClient, telegram: FakeTelegram) -> None:
    await set_commands(client, lambda command: f"about {command.name} " + "x" * 300)
    (menu,) = telegram.bot().commands.values()
    assert [one["command"] for one in menu] == [name for name in BY_TELEGRAM if name != "stuck"]
    assert "new" in BY_TELEGRAM
    assert next(iter(telegram.bot().commands)) == ("all_private_chats", "")


async def test_the_menu_is_no_reason_not_to_start(adapter: Telegram, telegram: FakeTelegram) -> None:
    await adapter.open()
    telegram.faults.add(Kind.ERROR_BEFORE, method="setMyCommands")
    await adapter.set_commands(lambda command: command.name)


async def test_doctor(client: TelegramClient, telegram: FakeTelegram, asha: Person) -> None:
    await asha.says("waiting")
    standing = await check(client)
    assert (standing.id, standing.username, standing.topics) == (BOT, "chairside_sandbox_bot", True)
    assert (standing.webhook_url, standing.pending, standing.last_error, standing.last_error_at) == ("", 1, "", 0)
    telegram.bot().has_topics_enabled = False
    await client.bot.set_webhook("http://127.0.0.1:9/nobody", secret_token=SECRET)
    hook = telegram.bot().webhook
    assert hook is not None
    await until(lambda: hook.error != "")
    standing = await check(client)
    assert (standing.topics, standing.webhook_url) == (False, "http://127.0.0.1:9/nobody")
    assert standing.last_error == "Connection refused"
    assert standing.last_error_at == 1_790_000_000_000_000
    assert not client.identity.topics


async def test_doctor_with_a_bad_token_or_no_network(client: TelegramClient, telegram: FakeTelegram) -> None:
    telegram.bot().revoked = True
    with pytest.raises(Refused) as refused:
        await check(client)
    assert refused.value.reason is Reason.ACCESS_REVOKED
    await telegram.down()
    # A connection that was open when the server went is only unknown; a new one is refused.
    with pytest.raises((NotSent, Unknown)):
        await check(client)
    with pytest.raises(NotSent):
        await check(client)
