"""Webhook delivery: the secret header, order, retries, and what getWebhookInfo tells."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot

from bot.sandbox.door import Door
from bot.sandbox.telegram import FakeTelegram, Person
from tests.sandbox.telegram.conftest import Api, Clock


class Hook:
    """A webhook receiver that can be told what to answer."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.texts: list[str] = []
        self.secrets: list[str | None] = []
        self.got = asyncio.Event()
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self.door = Door(app)

    async def _take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        self.texts.append(update["message"]["text"])
        status = self.answers.pop(0) if self.answers else 200
        self.got.set()
        return web.Response(status=status)

    async def has(self, count: int) -> None:
        """Wait for so many pushes."""
        async with asyncio.timeout(2):
            while len(self.texts) < count:
                self.got.clear()
                await self.got.wait()

    @property
    def url(self) -> str:
        return f"{self.door.url}/hook"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    receiver = Hook()
    async with receiver.door:
        yield receiver


async def test_updates_are_pushed_in_order_with_the_secret(
    bot: Bot, telegram: FakeTelegram, asha: Person, hook: Hook
) -> None:
    await asha.says("waiting before the webhook")
    await bot.set_webhook(hook.url, secret_token="s3cret-token")
    for number in range(5):
        await asha.says(f"{number}")
    await telegram.taken()
    assert hook.texts == ["waiting before the webhook", *"01234"]
    assert set(hook.secrets) == {"s3cret-token"}


async def test_anything_but_2xx_is_retried_before_the_next(
    bot: Bot, telegram: FakeTelegram, asha: Person, hook: Hook
) -> None:
    hook.answers = [500, 302, 200]
    await bot.set_webhook(hook.url)
    await asha.says("one")
    await asha.says("two")
    await telegram.taken()
    assert hook.texts == ["one", "one", "one", "two"]
    assert hook.secrets == [None] * 4
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 0
    assert info.last_error_message == "Wrong response from the webhook: 302 Found"


async def test_a_receiver_that_is_down_gets_everything_later(
    bot: Bot, telegram: FakeTelegram, asha: Person, hook: Hook, clock: Clock
) -> None:
    await bot.set_webhook(hook.url)
    await hook.door.down()
    await asha.says("lost after a day")
    clock.passes(24 * 3600 + 1)
    await asha.says("kept")
    # Nothing tells a bot of a failed push; it can only ask.
    while (await bot.get_webhook_info()).last_error_message != "Connection refused":  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await hook.door.up()
    await telegram.taken()
    assert hook.texts == ["kept"]


async def test_pending_updates_can_be_dropped(bot: Bot, asha: Person, telegram: FakeTelegram) -> None:
    await asha.says("one")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
    assert (await bot.get_webhook_info()).url == ""
    assert telegram.bot().queue.pending == []


@pytest.mark.illegal_traffic
async def test_what_telegram_refuses_in_a_webhook(api: Api) -> None:
    assert "An HTTPS URL must be provided" in (await api("setWebhook", url="http://example.org/hook"))[1]["description"]
    assert (await api("setWebhook", url="https://example.org", secret_token="not allowed!"))[0] == 400
    assert (await api("setWebhook", url="https://example.org", max_connections=0))[0] == 400


async def test_updates_can_arrive_twice(bot: Bot, telegram: FakeTelegram, asha: Person, hook: Hook) -> None:
    telegram.faults.inbound.duplicate = 1.0
    await bot.set_webhook(hook.url)
    await asha.says("one")
    await hook.has(2)
    assert hook.texts == ["one", "one"]
