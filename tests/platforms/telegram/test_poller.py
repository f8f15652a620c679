"""The poll loop against the fake: nothing confirmed that is not committed, and no failure that ends it."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.domain.events import MessageReceived
from bot.domain.outbound import Button, FormErrors, Toast
from bot.platforms.telegram.alarms import Alarm
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.envelope import ALLOWED_UPDATES
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.poller import Poller
from bot.ports.clock import SECOND, ManualClock
from bot.sandbox.faults import Kind
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import BOT, FAST, RecordingInbox, nothing, post, target, until


class Rig:
    """A poller with its ears open."""

    def __init__(self, client: TelegramClient, inbox: RecordingInbox, clock: ManualClock) -> None:
        self.client, self.inbox, self.clock = client, inbox, clock
        self.alarms: list[tuple[Alarm, bool]] = []
        self.gaps: list[float] = []
        self.gap_fails = False
        self.intake = Intake(client, inbox)
        self.poller = self.another()

    def another(self) -> Poller:
        """As a restarted process would make it."""
        return Poller(
            self.client,
            self.inbox,
            self.intake,
            now=self.clock.now,
            on_alarm=self.on_alarm,
            on_gap=self.on_gap,
            long_poll=20,
            pace=FAST,
        )

    async def on_alarm(self, alarm: Alarm, active: bool) -> None:
        self.alarms.append((alarm, active))

    async def on_gap(self, seconds: float) -> None:
        if self.gap_fails:
            self.gap_fails = False
            raise RuntimeError("database is locked")
        self.gaps.append(seconds)

    async def raised(self, alarm: Alarm, active: bool = True) -> None:
        await until(lambda: (alarm, active) in self.alarms)


@pytest.fixture
async def rig(client: TelegramClient, inbox: RecordingInbox, clock: ManualClock) -> AsyncIterator[Rig]:
    made = Rig(client, inbox, clock)
    yield made
    await made.poller.stop()
    await made.intake.close()


async def test_messages_arrive_in_order_and_are_confirmed(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
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


async def test_a_long_backlog(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
    for number in range(250):
        await asha.says(f"#{number}")
    rig.poller.start()
    await telegram.taken()
    assert rig.inbox.texts == [f"#{number}" for number in range(250)]


async def test_nothing_is_confirmed_before_it_is_committed(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
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


async def test_a_malformed_update_does_not_hold_up_the_others(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
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


async def test_twice_and_shuffled_is_once(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
    telegram.faults.inbound.duplicate = 1.0
    telegram.faults.inbound.reorder = 0.3
    for number in range(60):
        await asha.says(f"#{number}")
    rig.poller.start()
    await telegram.taken()
    assert sorted(rig.inbox.texts) == sorted(f"#{number}" for number in range(60))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SLOW])
async def test_no_fault_loses_or_doubles(rig: Rig, telegram: FakeTelegram, asha: Person, kind: Kind) -> None:
    telegram.faults.add(kind, method="getUpdates", times=2, skip=1, seconds=0.02, retry_after=0)
    for number in range(5):
        await asha.says(f"#{number}")
    if kind is Kind.ACCEPT_LATE:
        telegram.faults.clear()  # a poll that is never answered only ends after the long poll; see the next test
    rig.poller.start()
    await rig.inbox.until(lambda: len(rig.inbox.texts) == 5)
    await asha.says("#5")
    await telegram.taken()
    assert rig.inbox.texts == [f"#{number}" for number in range(6)]


async def test_html_with_status_200(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
    telegram.faults.add(Kind.HTML, method="getUpdates", status=200, times=3)
    await asha.says("one")
    rig.poller.start()
    await telegram.taken()
    assert rig.inbox.texts == ["one"]
    assert (Alarm.UNREACHABLE, True) in rig.alarms
    await rig.raised(Alarm.UNREACHABLE, active=False)


async def test_telegram_down_at_start_and_back(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
    await asha.says("one")
    await telegram.down()
    rig.poller.start()
    await rig.raised(Alarm.UNREACHABLE)
    await telegram.up()
    await telegram.taken()
    assert rig.inbox.texts == ["one"]


async def test_a_revoked_token_raises_an_alarm_and_is_tried_on(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
    await asha.says("one")
    telegram.bot().revoked = True
    rig.poller.start()
    await rig.raised(Alarm.TOKEN_REJECTED)
    assert rig.poller.running
    telegram.bot().revoked = False
    await telegram.taken()
    await rig.raised(Alarm.TOKEN_REJECTED, active=False)
    assert rig.alarms.count((Alarm.TOKEN_REJECTED, True)) == 1


async def test_another_poller(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
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
    rig: Rig, telegram: FakeTelegram, asha: Person
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
    rig: Rig, telegram: FakeTelegram, asha: Person
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


async def test_stop_in_a_commit_that_hangs(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
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


async def test_stop_before_start(rig: Rig) -> None:
    await rig.poller.stop()
    assert not rig.poller.running


async def test_committed_but_not_confirmed_is_a_repeat(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
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


async def test_ids_may_start_anew_below_the_cursor(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
    # After a quiet week Telegram chooses the next id at random; a fake server's offset would hide it, so from a batch.
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    envelope = rig.intake.sealed({"update_id": 17, "message": {"message_id": 900, "chat": {"id": 1}, "text": "low"}})
    await rig.poller._commit([envelope])
    assert rig.inbox.offset == "18"


# -- presses --------------------------------------------------------------------------------------------------------


async def draft(gateway: TelegramGateway) -> None:
    await gateway.post(target(), post("Draft", buttons=((Button("Approve", "nonce"),),)), "1", None, nothing, "")


async def test_a_press_is_handled_at_once_and_answered(
    rig: Rig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway
) -> None:
    await draft(gateway)
    rig.inbox.reply = Toast("Sent to Dr Patel. " * 20)
    rig.poller.start()
    query = await asha.presses("Approve")
    await asyncio.wait_for(query.done.wait(), 5)
    assert len(query.text) <= 200
    assert query.text.startswith("Sent to Dr Patel.")
    assert query.text.endswith("…")
    assert len(rig.inbox.pressed) == 1


@pytest.mark.parametrize("reply", [None, FormErrors({"teeth": "like UL2"})])
async def test_a_press_without_words_is_answered_all_the_same(
    rig: Rig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway, reply: FormErrors | None
) -> None:
    await draft(gateway)
    rig.inbox.reply = reply
    rig.poller.start()
    query = await asha.presses("Approve")
    await asyncio.wait_for(query.done.wait(), 5)
    assert (query.answered, query.text) == (True, "")


async def test_a_press_does_not_overtake_what_was_said_before_it(
    rig: Rig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway
) -> None:
    await draft(gateway)
    await asha.says("before")
    query = await asha.presses("Approve")
    again = asha.sends_press(asha.messages()[-1], "nonce-2")
    await asha.says("after")
    rig.poller.start()
    await telegram.taken()
    await asyncio.wait_for(asyncio.gather(query.done.wait(), again.done.wait()), 5)
    kinds = [body.get("message", {}).get("text") or body["callback_query"]["data"] for body in rig.inbox.bodies]
    assert kinds == ["before", "nonce", "nonce-2", "after"]
    assert len({update.queue for update in rig.inbox.kept}) == 1


async def test_a_press_that_could_not_be_saved_comes_again(
    rig: Rig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway
) -> None:
    await draft(gateway)
    await asha.says("before")
    query = await asha.presses("Approve")
    rig.inbox.refuse = lambda update: b"callback_query" in update.body
    rig.poller.start()
    await rig.raised(Alarm.INBOX)
    assert not query.answered
    assert len(telegram.bot().queue.pending) == 2  # what was committed is not confirmed either
    rig.inbox.refuse = lambda update: False
    await asyncio.wait_for(query.done.wait(), 5)
    await telegram.taken()
    assert rig.inbox.texts == ["before"]
    assert len(rig.inbox.pressed) == 1


async def test_an_answer_that_comes_too_late_harms_nobody(
    rig: Rig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway, clock: ManualClock
) -> None:
    await draft(gateway)
    query = await asha.presses("Approve")
    clock.advance(151 * SECOND)
    rig.poller.start()
    await telegram.taken()
    await rig.intake.close()
    assert not query.answered
    assert len(rig.inbox.pressed) == 1
    assert rig.poller.running


# -- gaps -----------------------------------------------------------------------------------------------------------


async def test_a_gap_over_a_restart(rig: Rig, telegram: FakeTelegram, asha: Person, clock: ManualClock) -> None:
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    await rig.inbox.until(lambda: f"telegram:{BOT}:seen" in rig.inbox.cursors)
    await rig.poller.stop()
    assert rig.gaps == []
    clock.advance(200 * SECOND)
    await asha.says("two")
    rig.poller = rig.another()
    rig.poller.start()
    await until(lambda: bool(rig.gaps))
    # What had waited is committed before the gap is told.
    assert rig.inbox.texts == ["one", "two"]
    assert rig.gaps == [pytest.approx(200, abs=40)]
    assert rig.inbox.cursors[f"telegram:{BOT}:seen"] == str(clock.now())


async def test_a_short_pause_is_no_gap(rig: Rig, telegram: FakeTelegram, asha: Person, clock: ManualClock) -> None:
    rig.poller.start()
    await rig.inbox.until(lambda: f"telegram:{BOT}:seen" in rig.inbox.cursors)
    await rig.poller.stop()
    clock.advance(100 * SECOND)
    rig.poller = rig.another()
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    assert rig.gaps == []


async def test_a_gap_while_telegram_was_away(
    rig: Rig, telegram: FakeTelegram, asha: Person, clock: ManualClock
) -> None:
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    await telegram.down()
    await rig.raised(Alarm.UNREACHABLE)
    clock.advance(25 * 3600 * SECOND)
    await telegram.up()
    # Nothing was said meanwhile, and it is known at once, not after a long poll.
    await until(lambda: bool(rig.gaps), 3.0)
    assert rig.gaps[0] > 24 * 3600


async def test_a_gap_that_could_not_be_told_is_told_again(rig: Rig, telegram: FakeTelegram, clock: ManualClock) -> None:
    rig.inbox.cursors[f"telegram:{BOT}:seen"] = str(clock.now() - 300 * SECOND)
    rig.gap_fails = True
    rig.poller.start()
    await until(lambda: bool(rig.gaps))
    assert rig.gaps[0] == pytest.approx(300)


async def test_the_first_start_ever_is_no_gap(rig: Rig, telegram: FakeTelegram, asha: Person) -> None:
    await asha.says("one")
    rig.poller.start()
    await telegram.taken()
    assert rig.gaps == []
