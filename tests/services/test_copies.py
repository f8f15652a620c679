"""The map from what stands on a platform to the message it is: every copy of it, and in a chat that has moved."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.errors import Reason, Refused
from bot.domain.events import ChatMigrated, MessageEdited, MessageReceived, Origin, Reacted
from bot.domain.ids import CaseId, MessageId
from bot.domain.richtext import plain
from bot.services import corrections, reactions, relay
from bot.services.unit import Unit
from handlers import room_changes
from storage import messages
from tests.support.casework import JOHAL, PATEL, Casework


async def _sent_twice(desk: Casework) -> tuple[CaseId, MessageId, list[str]]:
    """Two parts: the first arrives, the second fails, and its sender sends it again; the copies of the first."""
    case = await desk.open_case()
    await desk.settle()
    slack = desk.platforms["slack"]
    message = await desk.says(case, "dentist", "word " * 3000)
    slack.fates.extend(["", Refused(Reason.BAD_CONTENT)])
    await desk.settle()
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert row["state"] == "failed"
    assert await desk.do(lambda unit: corrections.resend(unit, row))
    await desk.settle()
    again = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert again is not None
    assert again["state"] == "delivered"
    copies = await desk.rows(
        f"SELECT native_id FROM delivery WHERE message_id = {message} AND part = 1 AND state = 'sent' ORDER BY id"
    )
    assert len(copies) == 2
    return case, message, [row["native_id"] for row in copies]


async def test_every_copy_of_a_message_sent_again_is_the_message(desk: Casework) -> None:
    case, message, copies = await _sent_twice(desk)
    seat = await desk.seat(case, "specialist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    sender = Account("slack", "T0001", "U0002")
    for native in copies:
        answer = await desk.says(case, "specialist", f"To {native}", reply_to=native)
        row = await desk.units.look(lambda unit, one=answer: messages.get(unit.tx, one))
        assert row is not None
        assert row["reply_to"] == message
        reacted = Reacted(Origin(place, sender, desk.clock.now()), native, "👍")
        assert await desk.do(lambda unit, one=reacted: reactions.tell(unit, one, JOHAL))


async def test_a_reply_is_shown_below_the_newest_copy(desk: Casework) -> None:
    case, message, copies = await _sent_twice(desk)
    seat = await desk.seat(case, "specialist")
    parts = await desk.units.look(lambda unit: messages.parts(unit.tx, message, seat["id"]))
    assert parts[0]["native_id"] == copies[-1]


async def test_a_message_sent_again_is_taken_back_whole(desk: Casework) -> None:
    case, message, _ = await _sent_twice(desk)
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    await desk.settle()
    chat = (await desk.seat(case, "specialist"))["chat"]
    assert not [one for one in desk.platforms["slack"].texts(chat) if "word word" in one]


async def test_what_was_said_before_a_chat_moved_is_still_found(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    question = await desk.says(case, "specialist", "Does it seat?")
    said = await desk.says(case, "dentist", "It does not")
    await desk.settle()
    former = await desk.seat(case, "dentist")
    old = Place(former["platform"], former["workspace"], former["chat"], former["topic"])
    for chat in ("-1001", "-1002"):
        seat = await desk.seat(case, "dentist")
        at = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
        moved = ChatMigrated(Origin(at, None, desk.clock.now()), chat)
        await desk.do(lambda unit, one=moved: room_changes.migrated(unit, one))
    seat = await desk.seat(case, "dentist")
    assert seat["chat"] == "-1002"
    (copy,) = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {question} AND role = 'copy'")
    answer = await desk.says(case, "dentist", "To that", reply_to=copy["native_id"])
    row = await desk.units.look(lambda unit: messages.get(unit.tx, answer))
    assert row is not None
    assert row["reply_to"] == question
    mine = (await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {said} AND role = 'source'"))[0]
    sender = Account("telegram", "", "700001")
    for place, words in ((old, "It did not"), (Place("telegram", "", "-1002", old.topic), "It does now")):
        edit = MessageEdited(Origin(place, sender, desk.clock.now()), mine["native_id"], plain(words))
        assert await desk.do(lambda unit, one=edit: corrections.edit(unit, one, PATEL)) is True
    changed = await desk.units.look(lambda unit: messages.get(unit.tx, said))
    assert changed is not None
    assert await desk.units.look(lambda unit: relay.body_of(unit, changed).text) == "It does now"
    service = await desk.rows(
        "SELECT native_id FROM delivery WHERE card = 'case' AND kind = 'post' AND chat = '700001'"
    )
    card = service[0]["native_id"]
    found = await desk.units.look(lambda unit: messages.delivery_at(unit.tx, "telegram", "", "-1002", card))
    assert found is not None


async def test_a_number_used_again_after_the_move_means_the_new_message(desk: Casework) -> None:
    """Telegram may number from the start in the new chat."""
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "dentist", "First")
    seat = await desk.seat(case, "dentist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    moved = ChatMigrated(Origin(place, None, desk.clock.now()), "-1001")
    await desk.do(lambda unit: room_changes.migrated(unit, moved))
    (first,) = await desk.rows("SELECT native_id FROM message_part WHERE role = 'source'")
    seat = await desk.seat(case, "dentist")
    origin = Origin(Place("telegram", "", "-1001", seat["topic"]), Account("telegram", "", "700001"), desk.clock.now())
    again = MessageReceived(origin, first["native_id"], plain("Second"))
    second = await desk.do(lambda unit: relay.receive(unit, seat, again))
    found = await desk.units.look(lambda unit: messages.at(unit.tx, "telegram", "", "-1001", first["native_id"]))
    assert found is not None
    assert found["id"] == second


async def test_a_new_message_is_given_as_it_stands(desk: Casework) -> None:
    case = await desk.open_case()
    seat = await desk.seat(case, "dentist")

    def recorded(unit: Unit) -> tuple[dict[str, Any], dict[str, Any] | None]:
        made = relay.record(unit, seat, plain("Aligner 6 does not seat."), kind="text", said_at=unit.now)
        return made, messages.get(unit.tx, made["id"])

    made, kept = await desk.do(recorded)
    assert kept is not None
    assert {name: made[name] for name in kept} == kept
    assert made["says"] == await desk.units.look(lambda unit: relay.body_of(unit, kept))
