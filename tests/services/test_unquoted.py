"""Words that were taken back are quoted nowhere any more, whatever was under way, over both databases."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.addresses import Account, Place
from bot.domain.errors import Reason, Refused, Unknown
from bot.domain.events import MessageEdited, Origin, Reacted
from bot.domain.ids import CaseId, MessageId
from bot.domain.richtext import plain
from bot.domain.rules import DAY
from bot.services import corrections, keeping, reactions, settle
from storage import deliveries, messages
from tests.support.casework import PATEL, Casework

WORDS = "Zebra words of somebody else"


async def told(desk: Casework, text: str = WORDS) -> tuple[CaseId, MessageId]:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", text)
    await desk.settle()
    return case, message


async def reacts(desk: Casework, case: CaseId, message: MessageId) -> None:
    seat = await desk.seat(case, "dentist")
    (part,) = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {message} AND role = 'source'")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    event = Reacted(Origin(place, Account("telegram", "", seat["user_ref"]), desk.clock.now()), part["native_id"], "👍")
    assert await desk.do(lambda unit: reactions.tell(unit, event, PATEL))


async def withdraws(desk: Casework, message: MessageId) -> None:
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))


def shown(desk: Casework) -> list[str]:
    """What stands in the specialist's app."""
    return [f"{one.heading}\n{one.text}" for one in desk.platforms["slack"].shown if not one.deleted]


def with_zebra(desk: Casework) -> list[str]:
    return [text for text in shown(desk) if "ebra" in text]


async def test_a_line_too_old_to_be_deleted_becomes_a_tombstone(desk: Casework) -> None:
    case, message = await told(desk)
    await reacts(desk, case, message)
    await desk.settle()
    assert len(with_zebra(desk)) == 2
    await withdraws(desk, message)
    desk.platforms["slack"].fates.extend(["", Refused(Reason.TOO_OLD)])
    await desk.settle()
    assert with_zebra(desk) == []
    assert [text for text in shown(desk) if "#1 was withdrawn by" in text]


async def test_a_line_that_was_parked_goes_when_it_is_sent_after_all(desk: Casework) -> None:
    case, message = await told(desk)
    await reacts(desk, case, message)
    desk.platforms["slack"].fates.append(Refused(Reason.BAD_CONTENT))
    await desk.settle()
    (dead,) = await desk.rows("SELECT id FROM delivery WHERE state = 'failed'")
    assert await desk.do(lambda unit: settle.retry(unit, dead["id"]))
    await withdraws(desk, message)
    await desk.settle()
    assert with_zebra(desk) == []


async def test_a_line_in_doubt_is_not_tried_again_once_its_message_is_withdrawn(desk: Casework) -> None:
    case, message = await told(desk)
    await reacts(desk, case, message)
    desk.platforms["slack"].fates.append(Unknown("lost"))
    desk.clock.advance(2_000_000)
    await desk.worker().turn()
    states = await desk.rows("SELECT state FROM delivery WHERE card LIKE 'quote:%'")
    assert [row["state"] for row in states] == ["uncertain"]
    await withdraws(desk, message)
    posts = desk.platforms["slack"].posts
    await desk.settle()
    assert with_zebra(desk) == []
    assert not [one for one in desk.platforms["slack"].shown if "reacted" in one.text]
    assert desk.platforms["slack"].posts == posts + 1  # that it was withdrawn


async def test_a_list_that_waits_is_not_shown_but_its_asker_is_told(desk: Casework) -> None:
    case, message = await told(desk)
    await desk.says(case, "dentist", "A second zebra")
    await desk.settle()
    seat = await desk.seat(case, "specialist")

    def find(unit: Any) -> None:
        found = keeping.search(unit, seat, "zebra")
        assert isinstance(found, keeping.Found)
        keeping.show(unit, seat, found)

    await desk.do(find)
    await withdraws(desk, message)
    await desk.settle()
    assert [text for text in with_zebra(desk) if WORDS in text] == []
    assert [text for text in shown(desk) if "#1, which was found here, is withdrawn." in text]


@pytest.mark.parametrize("parts", [1, 2])
async def test_a_reply_of_long_ago_loses_the_quote_or_its_reader_is_asked(desk: Casework, parts: int) -> None:
    case, message = await told(desk)
    await desk.do(lambda unit: unit.tx.execute("DELETE FROM message_part WHERE role = 'copy'"))
    (source,) = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {message}")
    await desk.says(case, "dentist", "Shall I go on? " * (1 if parts == 1 else 1500), reply_to=source["native_id"])
    await desk.settle()
    desk.clock.advance(31 * DAY)
    assert await desk.do(lambda unit: deliveries.clear_payloads(unit.tx, unit.now - 30 * DAY, 100))
    await withdraws(desk, message)
    await desk.settle()
    if parts == 1:
        assert with_zebra(desk) == []
        assert [text for text in shown(desk) if "#1, which was withdrawn\nShall I go on?" in text]
    else:
        assert [text for text in shown(desk) if "is too old for us to remove here" in text]


async def test_an_edited_reply_keeps_its_new_words_when_its_parent_is_withdrawn(desk: Casework) -> None:
    case, message = await told(desk)
    await desk.do(lambda unit: unit.tx.execute("DELETE FROM message_part WHERE role = 'copy'"))
    (source,) = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {message}")
    await desk.says(case, "dentist", "Shall I go on?", reply_to=source["native_id"])
    await desk.settle()
    assert [text for text in shown(desk) if "In reply to #1: “Zebra" in text]
    (native,) = [
        row["native_id"] for row in await desk.rows("SELECT native_id FROM message_part WHERE role = 'source'")
    ][1:]
    seat = await desk.seat(case, "dentist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    edit = MessageEdited(
        Origin(place, Account("telegram", "", seat["user_ref"]), desk.clock.now()), native, plain("Go on?")
    )
    assert await desk.do(lambda unit: corrections.edit(unit, edit, PATEL))
    await withdraws(desk, message)
    await desk.settle()
    assert with_zebra(desk) == []
    assert [text for text in shown(desk) if "Go on?" in text]
    assert not [text for text in shown(desk) if "Shall I go on?" in text and "Was:" not in text]
