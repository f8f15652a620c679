"""Pushes over HTTP: who may post, what is saved before the 200, and the upkeep of the registration."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.domain.outbound import Button, Toast
from bot.platforms.telegram.alarms import Alarm
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.envelope import ALLOWED_UPDATES
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.heard import Heard
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.webhook import HEADER, Webhook
from bot.ports.clock import ManualClock
from bot.sandbox.door import Door
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import FAST, RecordingInbox, nothing, post, private, target, until

SECRET = "a-secret_of-ours"
HEADERS = {HEADER: SECRET}


class Rig:
    """A webhook served on loopback, with its ears open."""

    def __init__(self, client: TelegramClient, inbox: RecordingInbox, telegram: FakeTelegram) -> None:
        self.client, self.inbox, self.telegram = client, inbox, telegram
        self.alarms: list[tuple[Alarm, bool]] = []
        self.intake = Intake(client, inbox)
        app = web.Application()
        app.router.add_post("/telegram", self._handle)
        self.door = Door(app)
        self.webhook: Webhook

    async def open(self) -> None:
        await self.door.open()
        self.url = f"{self.door.url}/telegram"
        self.webhook = self.another()

    def another(self, url: str = "", api: str = "") -> Webhook:
        config = TelegramConfig(self.telegram.token, api or self.telegram.url, url or self.url, SECRET)
        return Webhook(self.client, self.intake, config, on_alarm=self.on_alarm, pace=FAST)

    async def _handle(self, request: web.Request) -> web.Response:
        return await self.webhook.handle(request)

    async def on_alarm(self, alarm: Alarm, active: bool) -> None:
        self.alarms.append((alarm, active))

    async def push(self, body: bytes | dict[str, object], headers: dict[str, str] = HEADERS) -> int:
        async with aiohttp.ClientSession() as session:
            given = {"data": body} if isinstance(body, bytes) else {"json": body}
            async with session.post(self.url, headers=headers, **given) as answer:
                return answer.status


@pytest.fixture
async def rig(client: TelegramClient, inbox: RecordingInbox, telegram: FakeTelegram) -> AsyncIterator[Rig]:
    made = Rig(client, inbox, telegram)
    await made.open()
    yield made
    await made.webhook.stop()
    await made.intake.close()
    await made.door.close()


@pytest.mark.parametrize(
    ("url", "secret"),
    [("", SECRET), ("https://example.org/t", ""), ("https://example.org/t", "not fit!"), ("ftp://example.org", SECRET)],
)
async def test_it_refuses_to_start_half_configured(
    client: TelegramClient, inbox: RecordingInbox, telegram: FakeTelegram, url: str, secret: str
) -> None:
    rig = Rig(client, inbox, telegram)
    config = TelegramConfig(telegram.token, telegram.url, url, secret)
    with pytest.raises(ValueError, match="TELEGRAM_WEBHOOK") as refused:
        Webhook(client, rig.intake, config, on_alarm=rig.on_alarm)
    assert telegram.token not in str(refused.value)
    assert secret not in str(refused.value) or not secret


@pytest.mark.parametrize(
    "headers",
    [{}, {HEADER: ""}, {HEADER: SECRET + "x"}, {HEADER: SECRET[:-1]}, {HEADER: SECRET.upper()}, {HEADER: "ß€"}],
    ids=["none", "empty", "longer", "shorter", "case", "not ascii"],
)
async def test_a_forged_push_is_refused_and_not_kept(rig: Rig, headers: dict[str, str]) -> None:
    assert await rig.push({"update_id": 1, "message": private(text="forged")}, headers) == 403
    assert rig.inbox.kept == []


async def test_committed_before_it_is_answered(rig: Rig) -> None:
    assert await rig.push({"update_id": 1, "message": private(text="one")}) == 200
    assert rig.inbox.texts == ["one"]
    assert rig.inbox.cursors == {}  # a cursor is the poller's
    assert await rig.push({"update_id": 1, "message": private(text="one")}) == 200
    assert rig.inbox.texts == ["one"]


async def test_not_saved_is_not_acknowledged(rig: Rig) -> None:
    rig.inbox.broken = True
    assert await rig.push({"update_id": 1, "message": private(text="one")}) == 500
    assert rig.alarms == [(Alarm.INBOX, True)]
    rig.inbox.broken = False
    assert await rig.push({"update_id": 1, "message": private(text="one")}) == 200
    assert rig.inbox.texts == ["one"]
    assert rig.alarms[1:] == [(Alarm.INBOX, False)]


@pytest.mark.parametrize("body", [b"", b"not JSON", b"\xff\xfe", b"[]", b'{"update_id":"x"}', b'{"update_id":9}'])
async def test_malformed_but_authentic_is_kept(rig: Rig, body: bytes) -> None:
    # Refused it would come again and again, and hold up all that follows.
    assert await rig.push(body) == 200
    assert len(rig.inbox.kept) == 1


async def test_everything_at_once(rig: Rig, asha: Person, gateway: TelegramGateway) -> None:
    telegram = rig.telegram
    await asha.says("before the start")
    rig.webhook.start()
    await until(lambda: telegram.bot().webhook is not None)
    hook = telegram.bot().webhook
    assert hook is not None
    assert (hook.url, hook.secret) == (rig.url, SECRET)
    assert tuple(telegram.bot().queue.allowed) == ALLOWED_UPDATES
    for number in range(5):
        await asha.says(f"#{number}")
    await telegram.taken()
    assert rig.inbox.texts == ["before the start", "#0", "#1", "#2", "#3", "#4"]

    await gateway.post(target(), post("Draft", buttons=((Button("Approve", "nonce"),),)), "1", None, nothing, "")
    rig.inbox.reply = Toast("Done")
    query = await asha.presses("Approve")
    await asyncio.wait_for(query.done.wait(), 5)
    assert query.text == "Done"
    assert rig.webhook.running


async def test_a_database_that_comes_back(rig: Rig, asha: Person) -> None:
    rig.webhook.start()
    rig.inbox.broken = True
    for number in range(3):
        await asha.says(f"#{number}")
    await until(lambda: (Alarm.INBOX, True) in rig.alarms)
    rig.inbox.broken = False
    await rig.telegram.taken()
    assert rig.inbox.texts == ["#0", "#1", "#2"]


async def test_doubled_and_shuffled_pushes(rig: Rig, asha: Person) -> None:
    rig.telegram.faults.inbound.duplicate = 1.0
    rig.telegram.faults.inbound.reorder = 0.3
    for number in range(30):
        await asha.says(f"#{number}")
    rig.webhook.start()
    await rig.telegram.taken()
    assert sorted(rig.inbox.texts) == sorted(f"#{number}" for number in range(30))


async def test_a_webhook_somebody_took_away_is_set_again(rig: Rig, asha: Person) -> None:
    rig.webhook.start()
    await until(lambda: rig.telegram.bot().webhook is not None)
    await rig.client.bot.delete_webhook()
    await asha.says("one")
    await rig.telegram.taken()
    assert rig.inbox.texts == ["one"]


async def test_telegram_down_at_start(rig: Rig) -> None:
    await rig.telegram.down()
    rig.webhook.start()
    await until(lambda: (Alarm.UNREACHABLE, True) in rig.alarms)
    await rig.telegram.up()
    await until(lambda: (Alarm.UNREACHABLE, False) in rig.alarms)
    assert rig.telegram.bot().webhook is not None


async def test_a_revoked_token(rig: Rig) -> None:
    rig.telegram.bot().revoked = True
    rig.webhook.start()
    await until(lambda: (Alarm.TOKEN_REJECTED, True) in rig.alarms)
    assert rig.webhook.running
    rig.telegram.bot().revoked = False
    await until(lambda: (Alarm.TOKEN_REJECTED, False) in rig.alarms)


async def test_what_could_not_be_given_to_us_for_a_day_is_a_gap(rig: Rig, asha: Person, clock: ManualClock) -> None:
    """We can ask Telegram all the time; it cannot reach us, and keeps what it has for a day."""
    gaps: list[float] = []

    async def on_gap(seconds: float, since: int) -> None:
        gaps.append(seconds)

    config = TelegramConfig(rig.telegram.token, rig.telegram.url, rig.url, SECRET)
    heard = Heard(rig.client.identity.id, rig.inbox, clock.now, on_gap, FAST)
    rig.webhook = Webhook(rig.client, rig.intake, config, on_alarm=rig.on_alarm, pace=FAST, heard=heard)
    rig.webhook.start()
    await until(lambda: f"telegram:{rig.client.identity.id}:seen" in rig.inbox.cursors)
    await asyncio.sleep(3 * FAST.recheck)
    await rig.door.down()
    await asha.says("too early")
    for _ in range(6):
        clock.advance(5 * 3600 * 1_000_000)
        await asyncio.sleep(4 * FAST.recheck)
    await until(lambda: bool(gaps))  # told once Telegram has nothing left for us
    assert gaps[0] > 24 * 3600
    await rig.door.up()
    await asha.says("in time")
    await rig.telegram.taken()
    assert rig.inbox.texts == ["in time"]


async def test_an_address_telegram_does_not_accept(rig: Rig) -> None:
    rig.webhook = rig.another(url="http://example.org/telegram")
    rig.webhook.start()
    await until(lambda: (Alarm.WEBHOOK, True) in rig.alarms)
    assert rig.webhook.running


async def test_stop_leaves_the_webhook_set(rig: Rig) -> None:
    rig.webhook.start()
    await until(lambda: rig.telegram.bot().webhook is not None)
    await rig.webhook.stop()
    assert not rig.webhook.running
    assert rig.telegram.bot().webhook is not None
