"""What changes while a request is under way: the message is judged by what it then is, and is for whom it then is."""

from __future__ import annotations

import pytest

from bot.domain.errors import NotSent
from bot.domain.ids import CaseId
from bot.domain.outbound import Post
from bot.services import corrections, dispatch, handovers, settle
from bot.services.claims import Claim, Step
from bot.services.unit import Unit
from storage import cases, messages, people
from tests.support.casework import SHAH, Casework


async def claimed(desk: Casework, text: str) -> Claim:
    """The claim of what says `text`; its request is under way."""
    desk.clock.advance(10_000_000)  # pacing permits
    found = await desk.do(lambda unit: dispatch.claim(unit, "first", 8))
    return next(one for one in found.claims if isinstance(one.payload, Post) and one.payload.body.text == text)


async def under_way(desk: Casework) -> tuple[CaseId, Claim]:
    """A case, and the dentist's message on its way to the specialist."""
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "dentist", "hello")
    return case, await claimed(desk, "hello")


async def moves_on(desk: Casework, case: CaseId) -> None:
    """The case goes to another specialist."""

    def move(unit: Unit) -> None:
        row, successor = cases.get(unit.tx, case), people.get(unit.tx, SHAH)
        assert row is not None
        assert successor is not None
        handovers.move(unit, row, successor, "service")

    await desk.do(move)


async def state(desk: Casework) -> tuple[str, str]:
    (row,) = await desk.rows("SELECT state, told FROM message")
    return row["state"], row["told"]


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_message_passed_on_to_a_successor_is_delivered_when_they_have_it(desk: Casework, arrived: bool) -> None:
    case, claim = await under_way(desk)
    await moves_on(desk, case)
    place = claim.place
    assert place is not None
    if arrived:
        await desk.do(lambda unit: settle.sent(unit, claim, "9", place))
    else:
        await desk.do(lambda unit: settle.not_sent(unit, claim, NotSent("down")))
        desk.clock.advance(10_000_000)
        await desk.do(lambda unit: dispatch.claim(unit, "second", 8))  # finds it void for the former one
    assert await state(desk) == ("waiting", "")
    desk.clock.advance(200_000_000)
    await desk.settle()
    assert (await state(desk))[0] == "delivered"
    assert not any("changed hands" in one.text for one in desk.platforms["telegram"].shown)


async def test_what_is_withdrawn_under_way_and_was_not_sent_is_never_sent(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "wrong patient")
    claim = await claimed(desk, "wrong patient")
    row = (await desk.units.look(lambda unit: messages.get(unit.tx, message))) or {}
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    await desk.do(lambda unit: settle.not_sent(unit, claim, NotSent("down")))
    await desk.settle()
    assert all(one.text != "wrong patient" for one in desk.platforms["slack"].shown)
    (delivery,) = await desk.rows("SELECT state, error FROM delivery WHERE message_id IS NOT NULL")
    assert (delivery["state"], delivery["error"]) == ("void", "withdrawn")


async def test_what_was_for_former_parties_is_not_tried_again_after_a_look_up(desk: Casework) -> None:
    case, claim = await under_way(desk)
    await desk.do(lambda unit: settle.in_doubt(unit, claim, "timeout"))
    again = await claimed(desk, "hello")
    assert again.step is Step.FIND
    await moves_on(desk, case)
    assert await desk.do(lambda unit: dispatch.begin_again(unit, again)) is None
    (row,) = await desk.rows(f"SELECT state, error FROM delivery WHERE id = {again.delivery}")
    assert (row["state"], row["error"]) == ("void", "parties_changed_maybe_sent")
