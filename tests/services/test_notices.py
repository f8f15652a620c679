"""What the coordinators are told, and how often."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.errors import Reason, Refused
from bot.domain.ids import PersonId
from bot.domain.rules import HOUR, MINUTE
from bot.services import invites, notices, rooms
from bot.services.unit import Unit
from storage import accounts
from storage import notices as times
from tests.support.casework import JOHAL, PATEL, SHAH, Casework


async def told(desk: Casework, kind: str, times: int, apart: int) -> int:
    for _ in range(times):
        await desk.do(lambda unit: notices.alert(unit, kind, "C-7K01"))
        await desk.settle()
        desk.clock.advance(apart)
    return sum("C-7K01" in one.text for one in desk.platforms["slack"].shown)


async def test_a_state_is_told_once_while_it_lasts(desk: Casework) -> None:
    assert await told(desk, "room_lost", 5, 2 * HOUR) == 1
    await desk.do(lambda unit: notices.resolved(unit, "room_lost", "C-7K01"))
    assert await told(desk, "room_lost", 1, 0) == 2


@pytest.mark.parametrize("kind", sorted(notices.ANEW))
async def test_a_loss_is_told_again_but_hardly_more_than_once_an_hour(desk: Casework, kind: str) -> None:
    """A message that was parked months ago must not keep the next one quiet, and a flood of them is one line."""
    assert await told(desk, kind, 12, 5 * MINUTE) == 1
    assert await told(desk, kind, 1, 0) == 2
    (incident,) = await desk.rows("SELECT told_at - opened_at AS later FROM incident")
    assert incident["later"] >= HOUR


async def test_lost_access_is_over_with_the_first_thing_that_is_sent_there(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    desk.platforms["slack"].fates.append(Refused(Reason.ACCESS_REVOKED))
    await desk.says(case, "dentist", "Does this look right?")
    await desk.settle()
    (incident,) = await desk.rows("SELECT subject, closed_at FROM incident WHERE kind = 'access_revoked'")
    assert incident["subject"] == "slack:T0001"
    assert incident["closed_at"] is not None


async def test_somebody_without_an_account_is_named_by_handle(desk: Casework) -> None:
    await desk.do(lambda unit: unit.tx.execute("UPDATE account SET state = 'removed' WHERE id = :id", {"id": SHAH}))
    assert await desk.do(lambda unit: notices.to_person(unit, SHAH, "Good morning")) == []
    (incident,) = await desk.rows("SELECT subject FROM incident WHERE kind = 'unreachable'")
    assert incident["subject"] == "shah"
    await desk.settle()
    assert [one.text for one in desk.platforms["slack"].shown if "find a way to write to shah" in one.text]
    await desk.do(lambda unit: unit.tx.execute("UPDATE account SET state = 'active' WHERE id = :id", {"id": SHAH}))
    account = await desk.units.look(lambda unit: accounts.get(unit.tx, SHAH))
    assert account is not None
    await desk.do(lambda unit: invites.settled(unit, account))
    assert await desk.rows("SELECT id FROM incident WHERE kind = 'unreachable' AND closed_at IS NULL") == []


async def test_a_seat_without_an_account_names_its_person(desk: Casework) -> None:
    await desk.do(lambda unit: unit.tx.execute("UPDATE account SET state = 'removed' WHERE id = :id", {"id": SHAH}))
    case = await desk.open_case()
    taken = await desk.do(lambda unit: rooms.take_seat(unit, case, "specialist", SHAH))
    assert taken is None
    (incident,) = await desk.rows("SELECT subject FROM incident WHERE kind = 'unreachable'")
    assert incident["subject"] == "shah"


async def test_when_somebody_last_wrote_is_known_across_their_cases(desk: Casework) -> None:
    first, second = await desk.open_case(1), await desk.open_case(2)
    await desk.settle()

    def last(person_id: PersonId) -> Callable[[Unit], int | None]:
        return lambda unit: times.last_wrote(unit.tx, person_id)

    assert await desk.units.look(last(PATEL)) is None
    for case in (first, second, first):
        await desk.says(case, "dentist", "Aligner 6 does not seat.")
        desk.clock.advance(MINUTE)
        (newest,) = await desk.rows("SELECT MAX(received_at) AS at FROM message")
        assert await desk.units.look(last(PATEL)) == newest["at"]
    assert await desk.units.look(last(JOHAL)) is None
