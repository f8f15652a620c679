"""The end of a case and of a seat: what is said of messages stays true, and nothing that was withdrawn stands on."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId
from bot.domain.rules import MINUTE
from bot.services import closing, corrections, dispatch, handovers, openings
from bot.services.unit import Unit
from storage import accounts, messages, people
from tests.support.casework import PATEL, SHAH, Casework
from tests.support.front import INTAKE


async def test_what_is_on_its_way_when_a_case_closes_is_not_called_lost(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    desk.clock.advance(2 * MINUTE)
    await desk.says(case, "dentist", "on the way")
    claimed = await desk.do(lambda unit: dispatch.claim(unit, "test", 10))
    await desk.says(case, "dentist", "behind it")
    await desk.do(lambda unit: closing.close(unit, case, PATEL))
    for one in claimed.claims:
        await desk.worker()._deliver(one)
    await desk.settle()
    assert "on the way" in desk.platforms["slack"].texts("C1")
    assert "behind it" not in desk.platforms["slack"].texts("C1")
    rows = await desk.rows("SELECT state FROM message ORDER BY no")
    assert [row["state"] for row in rows] == ["delivered", "void"]
    last = desk.platforms["telegram"].texts("700001")[-1]
    assert last.endswith("Not delivered before it closed: #2.")


async def test_an_offer_ends_with_its_case(desk: Casework) -> None:
    def ask(unit: Unit) -> CaseId:
        account = accounts.find(unit.tx, "telegram", "", "700001")
        person = people.get(unit.tx, PATEL)
        assert account is not None
        assert person is not None
        given: dict[str, Any] = {**INTAKE, "event_date": "2027-06-14", "consent": True}
        return openings.open_case(unit, {**person, **account, "person_id": PATEL}, given)

    case = await desk.do(ask)
    await desk.settle()
    await desk.do(lambda unit: closing.close(unit, case, PATEL))
    await desk.settle()
    assert [row["state"] for row in await desk.rows("SELECT state FROM offer")] == ["void"]
    (offer,) = [one for one in desk.platforms["slack"].shown if one.edited]
    assert "Please answer by" not in offer.text


async def test_what_is_withdrawn_goes_from_a_hand_over_too(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "meant for somebody else")
    await desk.settle()

    def move(unit: Unit) -> None:
        successor = people.get(unit.tx, SHAH)
        assert successor is not None
        assert handovers.hand_over(unit, case, successor, "test") is None

    def withdraw(unit: Unit) -> None:
        row = messages.get(unit.tx, message)
        assert row is not None
        assert corrections.withdraw(unit, row)

    await desk.do(move)
    await desk.settle()
    assert "meant for somebody else" in desk.platforms["slack"].texts("C2")
    await desk.do(withdraw)
    await desk.settle()
    assert "meant for somebody else" not in desk.platforms["slack"].texts("C2")
