"""Presses and gaps as the poll loop sees them."""

import asyncio

import pytest

from bot.domain.outbound import Button, FormErrors, Toast
from bot.platforms.telegram.alarms import Alarm
from bot.platforms.telegram.gateway import TelegramGateway
from bot.ports.clock import SECOND, ManualClock
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import BOT, PollerRig, nothing, post, target, until

# -- presses --------------------------------------------------------------------------------------------------------


async def draft(gateway: TelegramGateway) -> None:
    await gateway.post(target(), post("Draft", buttons=((Button("Approve", "nonce"),),)), "1", None, nothing, "")


async def test_a_press_is_handled_at_once_and_answered(
    rig: PollerRig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway
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
    rig: PollerRig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway, reply: FormErrors | None
) -> None:
    await draft(gateway)
    rig.inbox.reply = reply
    rig.poller.start()
    query = await asha.presses("Approve")
    await asyncio.wait_for(query.done.wait(), 5)
    assert (query.answered, query.text) == (True, "")


async def test_a_press_does_not_overtake_what_was_said_before_it(
    rig: PollerRig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway
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
    rig: PollerRig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway
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
    rig: PollerRig, telegram: FakeTelegram, asha: Person, gateway: TelegramGateway, clock: ManualClock
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


async def test_a_gap_over_a_restart(rig: PollerRig, telegram: FakeTelegram, asha: Person, clock: ManualClock) -> None:
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


async def test_a_short_pause_is_no_gap(
    rig: PollerRig, telegram: FakeTelegram, asha: Person, clock: ManualClock
) -> None:
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
    rig: PollerRig, telegram: FakeTelegram, asha: Person, clock: ManualClock
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


async def test_a_gap_that_could_not_be_told_is_told_again(
    rig: PollerRig, telegram: FakeTelegram, clock: ManualClock
) -> None:
    rig.inbox.cursors[f"telegram:{BOT}:seen"] = str(clock.now() - 300 * SECOND)
    rig.gap_fails = True
    rig.poller.start()
    await until(lambda: bool(rig.gaps))
    assert rig.gaps[0] == pytest.approx(300)


async def test_a_clock_that_jumps_during_a_long_poll_is_no_gap(
    rig: PollerRig, telegram: FakeTelegram, asha: Person, clock: ManualClock
) -> None:
    rig.poller.start()
    await asha.says("one")
    await telegram.taken()
    clock.advance(25 * 3600 * SECOND)
    await asha.says("two")
    await rig.inbox.until(lambda: rig.inbox.texts == ["one", "two"])
    await rig.poller.stop()
    assert rig.gaps == []
    assert rig.inbox.cursors[f"telegram:{BOT}:seen"] == str(clock.now())


async def test_the_first_start_ever_is_no_gap(rig: PollerRig, telegram: FakeTelegram, asha: Person) -> None:
    await asha.says("one")
    rig.poller.start()
    await telegram.taken()
    assert rig.gaps == []
