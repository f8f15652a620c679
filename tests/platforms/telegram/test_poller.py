"""The poll loop against the fake: nothing confirmed that is not committed, and no failure that ends it."""

import asyncio
import time

import pytest

from bot.domain.events import MessageReceived
from bot.platforms.telegram.alarms import Alarm
from bot.platforms.telegram.envelope import ALLOWED_UPDATES
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import BOT, PollerRig


async def test_messages_arrive_in_order_and_are_confirmed(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    await asha.says("one")
    rig.poller.start()
    await rig.inbox.until(lambda: rig.inbox.texts == ["one"])
    for text in ("two", "three"):
        await asha.says(text)
    await telegram.taken()
    assert rig.inbox.texts == ["one", "two", "three"]
    assert rig.alarms == []
    assert tuple(telegram.bot().queue.allowed) == ALLOWED_UPDATES
    assert rig.client.identity.username == "chairside_sandbox_bot"


async def test_a_long_backlog(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    for number in range(250):
        await asha.says(f"#{number}")
    rig.poller.start()
    await telegram.taken()
    assert rig.inbox.texts == [f"#{number}" for number in range(250)]


async def test_nothing_is_confirmed_before_it_is_committed(
    rig: PollerRig, telegram: FakeTelegram, asha: Person
) -> None:
    rig.inbox.broken = True
    await asha.says("one")
    rig.poller.start()
    await rig.raised(Alarm.INBOX)
    assert [one.raw["message"]["text"] for one in telegram.bot().queue.pending] == ["one"]
    assert rig.inbox.offset is None
    rig.inbox.broken = False
    await telegram.taken()
    assert rig.inbox.texts == ["one"]
    await rig.raised(Alarm.INBOX, active=False)
    assert rig.poller.running


async def test_a_malformed_update_does_not_hold_up_the_others(
    rig: PollerRig, telegram: FakeTelegram, asha: Person
) -> None:
    await asha.says("before")
    odd = [
        {"message": {"message_id": "x", "chat": "y", "date": None}},
        {"message": 7},
        {},
        {"edited_message": {"chat": {"id": []}}},
        {"callback_query": {"id": 5}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "\ud83d"}},
    ]
    for one in odd:
        telegram.bot().queue.push_raw(one)
    await asha.says("after")
    rig.poller.start()
    await telegram.taken()
    assert [text for text in rig.inbox.texts if text.isascii()] == ["before", "after"]
    assert len(rig.inbox.kept) == len(odd) + 2
    translator = TelegramTranslator(rig.client.identity)
    events = [translator.translate(update.body, live=False) for update in rig.inbox.kept]
    # The lone surrogate is a message all the same.
    assert [type(one) for one in events if one is not None] == [MessageReceived] * 3


async def test_twice_and_shuffled_is_once(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    telegram.faults.inbound.duplicate = 1.0
    telegram.faults.inbound.reorder = 0.3
    for number in range(60):
        await asha.says(f"#{number}")
    rig.poller.start()
    await telegram.taken()
    assert sorted(rig.inbox.texts) == sorted(f"#{number}" for number in range(60))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SLOW])
async def test_no_fault_loses_or_doubles(rig: PollerRig, telegram: FakeTelegram, asha: Person, kind: Kind) -> None:
    # A first poll never waits for updates, so one that is never answered ends soon; the others fail in a long poll.
    skip = 0 if kind is Kind.ACCEPT_LATE else 1
    telegram.faults.add(kind, method="getUpdates", times=2, skip=skip, seconds=0.02, retry_after=0)
    for number in range(5):
        await asha.says(f"#{number}")
    rig.poller.start()
    await rig.inbox.until(lambda: len(rig.inbox.texts) == 5)
    await asha.says("#5")
    await telegram.taken()
    assert rig.inbox.texts == [f"#{number}" for number in range(6)]


async def test_html_with_status_200(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    telegram.faults.add(Kind.HTML, method="getUpdates", status=200, times=3)
    await asha.says("one")
    rig.poller.start()
    await telegram.taken()
    assert rig.inbox.texts == ["one"]
    assert (Alarm.UNREACHABLE, True) in rig.alarms
    await rig.raised(Alarm.UNREACHABLE, active=False)


async def test_telegram_down_at_start_and_back(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    await asha.says("one")
    await telegram.down()
    rig.poller.start()
    await rig.raised(Alarm.UNREACHABLE)
    await telegram.up()
    await telegram.taken()
    assert rig.inbox.texts == ["one"]


async def test_a_revoked_token_raises_an_alarm_and_is_tried_on(
    rig: PollerRig, telegram: FakeTelegram, asha: Person
) -> None:
    await asha.says("one")
    telegram.bot().revoked = True
    rig.poller.start()
    await rig.raised(Alarm.TOKEN_REJECTED)
    assert rig.poller.running
    telegram.bot().revoked = False
    await telegram.taken()
    await rig.raised(Alarm.TOKEN_REJECTED, active=False)
    assert rig.alarms.count((Alarm.TOKEN_REJECTED, True)) == 1


async def test_another_poller(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    # The other one takes the next update without confirming it.
    other = asyncio.create_task(rig.client.call("getUpdates", {"timeout": 0}))
    await rig.raised(Alarm.CONFLICT)
    await other
    await asha.says("two")
    await telegram.taken()
    assert rig.inbox.texts == ["one", "two"]
    await rig.raised(Alarm.CONFLICT, active=False)


async def test_a_webhook_left_behind_is_removed_and_nothing_dropped(
    rig: PollerRig, telegram: FakeTelegram, asha: Person
) -> None:
    await asha.says("one")
    await rig.client.bot.set_webhook("http://127.0.0.1:9/old")
    rig.poller.start()
    await telegram.taken()
    assert rig.inbox.texts == ["one"]
    # And one that somebody sets while we poll.
    await rig.client.bot.set_webhook("http://127.0.0.1:9/again")
    await asha.says("two")
    await telegram.taken()
    assert rig.inbox.texts == ["one", "two"]
    assert (Alarm.CONFLICT, True) in rig.alarms


async def test_stop_in_a_long_poll_is_quick_and_confirms_nothing(
    rig: PollerRig, telegram: FakeTelegram, asha: Person
) -> None:
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    began = time.monotonic()
    await rig.poller.stop()
    assert time.monotonic() - began < 1.0
    assert not rig.poller.running
    await asha.says("two")
    assert len(telegram.bot().queue.pending) == 1
    rig.poller = rig.another()
    rig.poller.start()
    await telegram.taken()
    assert rig.inbox.texts == ["one", "two"]


async def test_stop_in_a_commit_that_hangs(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    rig.poller.start()
    await rig.inbox.until(lambda: f"telegram:{BOT}:seen" in rig.inbox.cursors)
    rig.inbox.hold = asyncio.Event()
    await asha.says("one")
    began = time.monotonic()
    await rig.poller.stop()
    assert time.monotonic() - began < 2.0
    assert len(telegram.bot().queue.pending) == 1
    rig.inbox.hold.set()
    rig.poller = rig.another()
    rig.poller.start()
    await telegram.taken()
    assert rig.inbox.texts == ["one"]


async def test_stop_before_start(rig: PollerRig) -> None:
    await rig.poller.stop()
    assert not rig.poller.running


async def test_committed_but_not_confirmed_is_a_repeat(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    """A crash between commit and confirmation: the next process gets the batch again."""
    await asha.says("one")
    rig.poller.start()
    await rig.inbox.until(lambda: rig.inbox.offset is not None)
    await rig.poller.stop()
    rig.inbox.cursors.clear()  # as if only the updates had been committed
    rig.poller = rig.another()
    rig.poller.start()
    await asha.says("two")
    await telegram.taken()
    assert rig.inbox.texts == ["one", "two"]


async def test_ids_may_start_anew_below_the_cursor(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    # After a quiet week Telegram chooses the next id at random; a fake server's offset would hide it, so from a batch.
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    envelope = rig.intake.sealed({"update_id": 17, "message": {"message_id": 900, "chat": {"id": 1}, "text": "low"}})
    await rig.poller._commit([envelope])
    assert rig.inbox.offset == "18"
