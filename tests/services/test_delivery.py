"""The delivery core: exactly one effect where the platform can be asked, a said repeat where it cannot, and order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.richtext import RichText, bold, line
from bot.services import corrections, parcels, relay, settle
from bot.services.unit import Unit
from storage import deliveries, messages, seats
from tests.support.casework import JOHAL, SHAH, Casework
from tests.support.platforms import BUSY, Killed


async def opened(desk: Casework) -> int:
    case = await desk.open_case()
    await desk.settle()
    return case


def said(desk: Casework, platform: str) -> list[str]:
    """What people said to each other on a platform: posts that carry a message, without lines of the service."""
    return [one.text for one in desk.platforms[platform].shown if " · #" in one.heading and not one.deleted]


async def test_a_message_reaches_the_other_side_once_with_name_role_and_number(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "Aligner 6 does not seat.")
    await desk.settle()
    (shown,) = [one for one in desk.platforms["slack"].shown if one.text == "Aligner 6 does not seat."]
    assert shown.heading == "Dr Asha Patel · dentist · #1"
    assert shown.notice == "Dr Patel · C-7K01: new message"
    assert (await desk.rows("SELECT state FROM message"))[0]["state"] == "delivered"
    assert desk.platforms["telegram"].marks == []  # marks are another loop's work; nothing leans on them


async def test_what_was_just_recorded_says_what_is_sealed(desk: Casework) -> None:
    case = await opened(desk)
    body = line("Hold ", bold("aligner 6"), "\r\u2028🦷")

    def record(unit: Unit) -> tuple[RichText, RichText]:
        seat = seats.of_case(unit.tx, case, "dentist")
        assert seat is not None
        message = relay.record(unit, seat, body, kind="text", said_at=unit.now)
        stored = messages.get(unit.tx, message["id"])
        assert stored is not None
        return relay.body_of(unit, message), relay.body_of(unit, stored)

    assert await desk.do(record) == (body, body)


async def test_order_is_kept_in_each_direction(desk: Casework) -> None:
    case = await opened(desk)
    for number in range(6):
        await desk.says(case, "dentist", f"d{number}")
        await desk.says(case, "specialist", f"s{number}")
    await desk.settle()
    assert said(desk, "slack") == [f"d{number}" for number in range(6)]
    assert said(desk, "telegram") == [f"s{number}" for number in range(6)]


async def test_a_refused_connection_is_tried_again_without_a_repeat(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "hello")
    desk.platforms["slack"].fates.extend([NotSent("refused")] * 5)
    await desk.settle()
    assert said(desk, "slack") == ["hello"]


async def test_a_lost_reply_is_looked_up_on_slack_and_never_sent_twice(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "hello")
    desk.platforms["slack"].fates.append("lost reply")
    await desk.settle()
    assert said(desk, "slack") == ["hello"]
    assert (await desk.rows("SELECT state FROM message"))[0]["state"] == "delivered"


async def test_a_lost_reply_on_telegram_is_sent_again_and_says_so(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "specialist", "hold aligner 6")
    desk.platforms["telegram"].fates.append("lost reply")
    await desk.settle()
    copies = [one for one in desk.platforms["telegram"].shown if one.text == "hold aligner 6"]
    assert len(copies) == 2
    assert "repeat" not in copies[0].footer
    assert "repeat" in copies[1].footer
    assert "#1" in copies[1].heading


@pytest.mark.parametrize("fate", [Killed(), "killed after"])
async def test_a_crash_around_the_request_loses_nothing_and_doubles_nothing_on_slack(
    desk: Casework, fate: BaseException | str
) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "one")
    await desk.says(case, "dentist", "two")
    desk.platforms["slack"].fates.append(fate)
    with pytest.raises(Killed):
        await desk.settle()
    desk.clock.advance(200_000_000)  # the dead worker's lease runs out
    await desk.settle()
    assert said(desk, "slack") == ["one", "two"]


async def test_a_429_makes_the_chat_wait_as_long_as_it_says(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "hello")
    desk.platforms["slack"].fates.append(BUSY)
    worker = desk.worker()
    await worker.turn()
    before = desk.clock.now()
    await desk.settle()
    assert said(desk, "slack") == ["hello"]
    assert desk.clock.now() - before >= 3_000_000


async def test_a_poison_message_is_parked_told_and_stepped_over(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "poison")
    await desk.says(case, "dentist", "after")
    desk.platforms["slack"].fates.append(Refused(Reason.BAD_CONTENT))
    await desk.settle()
    assert said(desk, "slack") == ["after"]
    (after,) = [one for one in desk.platforms["slack"].shown if one.text == "after"]
    assert after.heading.startswith("An earlier message (#1) was not delivered.")
    assert any("#1 was not delivered" in one.text for one in desk.platforms["telegram"].shown)
    assert any("parked" in one.text for one in desk.platforms["slack"].shown)  # the coordinator
    (dead,) = await desk.rows("SELECT id FROM delivery WHERE state = 'failed'")
    assert await desk.do(lambda unit: settle.retry(unit, dead["id"]))
    await desk.settle()
    (late,) = [one for one in desk.platforms["slack"].shown if one.text == "poison"]
    assert "sent late" in late.heading


async def test_whatever_is_not_settled_is_listed_wherever_it_stands_and_what_arrived_is_not(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "parked")
    await desk.says(case, "dentist", "arrives")
    desk.platforms["slack"].fates.append(Refused(Reason.BAD_CONTENT))
    await desk.settle()
    await desk.says(case, "specialist", "kept back")
    desk.platforms["telegram"].fates.append(Refused(Reason.BLOCKED))
    await desk.says(case, "specialist", "behind it")
    await desk.settle()
    await desk.says(case, "dentist", "in doubt")
    desk.clock.advance(5_000_000)
    desk.platforms["slack"].fates.append("lost reply")
    await desk.worker().turn()

    def listed(*, dead_only: bool, limit: int = 9) -> Callable[[Unit], list[tuple[int | None, str]]]:
        return lambda unit: [
            (row["no"], row["state"]) for row in deliveries.listing(unit.tx, dead_only=dead_only, limit=limit)
        ]

    everything = [(1, "failed"), (3, "queued"), (4, "queued"), (5, "uncertain")]
    assert [row for row in await desk.units.look(listed(dead_only=False)) if row[0] is not None] == everything
    assert await desk.units.look(listed(dead_only=False, limit=1)) == everything[:1]
    assert await desk.units.look(listed(dead_only=True)) == [(1, "failed")]
    assert await desk.units.look(lambda unit: deliveries.count_failed(unit.tx)) == 1


async def test_our_own_fault_is_tried_three_times_then_parked(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "specialist", "odd")
    desk.platforms["telegram"].fates.extend([ValueError("ours")] * 3)
    await desk.settle()
    assert said(desk, "telegram") == []
    (row,) = await desk.rows("SELECT state, attempts FROM delivery WHERE state = 'failed'")
    assert row["attempts"] == 3


async def test_a_blocked_bot_pauses_everything_to_that_person_until_they_are_back(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "specialist", "are you there?")
    desk.platforms["telegram"].fates.append(Refused(Reason.BLOCKED))
    await desk.settle()
    assert said(desk, "telegram") == []
    seat = await desk.seat(case, "dentist")
    owner = parcels_owner(seat)
    await desk.do(lambda unit: settle.reachable_again(unit, owner))
    await desk.settle()
    assert said(desk, "telegram") == ["are you there?"]


def parcels_owner(seat: dict[str, object]) -> settle.Account:
    return settle.Account(str(seat["platform"]), str(seat["workspace"]), str(seat["user_ref"]))


async def test_a_deleted_topic_is_made_anew_and_nothing_is_lost(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "specialist", "hold aligner 6")
    desk.platforms["telegram"].fates.append(Refused(Reason.ROOM_GONE))
    await desk.settle()
    assert said(desk, "telegram") == ["hold aligner 6"]
    assert len(desk.platforms["telegram"].rooms) == 2


async def test_somebody_else_in_the_room_holds_it_and_tells_the_coordinator(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "private")
    desk.platforms["slack"].members_error = Refused(Reason.WRONG_MEMBERS)
    await desk.settle()
    assert said(desk, "slack") == []
    assert (await desk.seat(case, "specialist"))["state"] == "held"
    assert any("Somebody else is in the room" in one.text for one in desk.platforms["slack"].shown)


async def test_the_sender_is_told_once_when_a_message_waits_and_again_when_it_arrives(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "hello")
    desk.platforms["slack"].fates.extend([NotSent("down")] * 40)
    await desk.settle()
    told = [one.text for one in desk.platforms["telegram"].shown if one.text.startswith("#1")]
    assert [text.split(" ")[1:3] for text in told] == [["is", "waiting:"], ["has", "now"]]


async def test_after_a_change_of_specialist_nothing_old_goes_to_or_from_the_old_one(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "specialist", "old advice")
    await desk.says(case, "dentist", "a question")
    await desk.reassign(case, SHAH)
    await desk.settle()
    texts = {one.text for one in desk.platforms["telegram"].shown}
    assert "old advice" not in texts
    asked = [one for one in desk.platforms["slack"].shown if one.text == "a question"]
    seat = await desk.seat(case, "specialist")
    assert [one.place.chat for one in asked] == [seat["chat"]]
    assert seat["person_id"] == SHAH != JOHAL


async def test_a_long_text_is_split_and_never_cut(desk: Casework) -> None:
    case = await opened(desk)
    text = "".join(f"Sentence number {number} of the plan. " for number in range(400)).strip()
    await desk.says(case, "specialist", text)
    await desk.settle()
    pieces = [one.text for one in desk.platforms["telegram"].shown if "Sentence number" in one.text]
    assert len(pieces) > 2
    assert "".join(pieces) == text


async def test_withdrawn_before_delivery_it_never_arrives(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "dentist", "wrong patient")
    row = (await desk.units.look(lambda unit: messages.get(unit.tx, message))) or {}
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    await desk.settle()
    assert said(desk, "slack") == []
    assert any("Nobody has seen it" in one.text for one in desk.platforms["telegram"].shown)


async def test_withdrawn_after_delivery_the_copy_goes_and_both_know(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "dentist", "wrong patient")
    await desk.settle()
    row = (await desk.units.look(lambda unit: messages.get(unit.tx, message))) or {}
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    await desk.settle()
    assert said(desk, "slack") == []
    assert any("has withdrawn #1" in one.text for one in desk.platforms["slack"].shown)
    assert parcels.stale({"case_epoch": 0, "kind": "post"}, None) == ""


async def test_a_message_the_platform_delivers_late_says_when_it_was_sent(desk: Casework) -> None:
    case = await opened(desk)
    now = desk.clock.now()
    await desk.says(case, "dentist", "second", at=now)
    await desk.says(case, "dentist", "first", at=now - 120_000_000)
    await desk.settle()
    assert said(desk, "slack") == ["second", "first"]
    (late,) = [one for one in desk.platforms["slack"].shown if one.text == "first"]
    assert "sent " in late.heading


@pytest.mark.parametrize("trouble", [NotSent("down"), Refused(Reason.MISSING_SCOPE), BUSY])
async def test_a_look_up_that_fails_leaves_the_doubt_and_never_sends_twice(desk: Casework, trouble: Exception) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "one")
    desk.platforms["slack"].fates.append("killed after")
    with pytest.raises(Killed):
        await desk.settle()
    desk.platforms["slack"].fates.extend([trouble, trouble])  # both are met by the look-up
    desk.clock.advance(200_000_000)
    await desk.settle()
    assert said(desk, "slack") == ["one"]
