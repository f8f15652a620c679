"""What a platform no longer lets us change or remove, over both databases."""

from __future__ import annotations

import pytest

from bot.domain.addresses import Account, Place
from bot.domain.errors import Reason, Refused
from bot.domain.events import MessageEdited, Origin
from bot.domain.ids import CaseId
from bot.domain.richtext import plain
from bot.services import corrections
from storage import messages
from tests.support.casework import JOHAL, Casework


async def told(desk: Casework, text: str) -> tuple[CaseId, int, str]:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "specialist", text)
    await desk.settle()
    (part,) = await desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {message} AND role = 'source'")
    return case, message, part["native_id"]


async def edits(desk: Casework, case: CaseId, native: str, text: str) -> None:
    seat = await desk.seat(case, "specialist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    event = MessageEdited(
        Origin(place, Account("slack", "T0001", seat["user_ref"]), desk.clock.now()), native, plain(text)
    )
    await desk.do(lambda unit: corrections.edit(unit, event, JOHAL))
    await desk.settle()


async def withdraws(desk: Casework, message: int) -> None:
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    await desk.settle()


@pytest.mark.parametrize("reason", [Reason.TOO_OLD, Reason.TARGET_GONE])
async def test_an_edit_that_comes_too_late_is_said_anew(desk: Casework, reason: Reason) -> None:
    case, _, native = await told(desk, "Hold alinger 6")
    telegram = desk.platforms["telegram"]
    telegram.fates.append(Refused(reason))
    await edits(desk, case, native, "Hold aligner 6")
    (anew,) = [one for one in telegram.shown if one.heading.startswith("Correction by")]
    assert anew.text == "Was: Hold alinger 6\nNow: Hold aligner 6"
    assert "aligner" not in anew.notice


async def test_what_was_said_aloud_is_not_said_twice(desk: Casework) -> None:
    case, _, native = await told(desk, "IPR 0.2 mm")
    telegram = desk.platforms["telegram"]
    telegram.fates.append(Refused(Reason.TOO_OLD))
    await edits(desk, case, native, "IPR 0.3 mm")
    assert len([one for one in telegram.shown if "Now: IPR 0.3 mm" in one.text]) == 1


async def test_a_withdrawal_shows_who_took_it_back(desk: Casework) -> None:
    _, message, _ = await told(desk, "Not for you")
    await withdraws(desk, message)
    telegram = desk.platforms["telegram"]
    assert not [one for one in telegram.shown if "Not for you" in one.text]
    assert [one.text for one in telegram.shown if one.edited and "withdrawn" in one.text] == [
        "#1 was withdrawn by Dr Amar Johal."
    ]


async def test_a_correction_too_old_to_be_deleted_becomes_a_tombstone(desk: Casework) -> None:
    case, message, native = await told(desk, "IPR 0.2 mm")
    await edits(desk, case, native, "IPR 0.3 mm")
    telegram = desk.platforms["telegram"]
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    telegram.fates.extend(["", Refused(Reason.TOO_OLD)])
    await desk.settle()
    assert not [one for one in telegram.shown if "0.3" in one.text and not one.deleted]
