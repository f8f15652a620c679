"""Assignment while several things happen at once: one specialist, one seat, one answer to an offer."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.domain.ids import CaseId, OfferId, PersonId
from bot.domain.rules import DAY
from bot.services import assignment, handovers, openings
from bot.services.unit import Unit
from storage import accounts, offers, people
from tests.support.casework import JOHAL, PATEL, SHAH, Casework

ANSWERS = {
    "pseudonym": "AB",
    "complaint": "gaps before the wedding",
    "event_date": "2027-06-14",
    "event_what": "Wedding",
    "consent": True,
}


async def opened(desk: Casework, **more: object) -> CaseId:
    """A case as the intake form makes it."""

    def work(unit: Unit) -> CaseId:
        account = accounts.reach(unit.tx, PATEL)
        assert account is not None
        return openings.open_case(unit, account, {**ANSWERS, **more})  # type: ignore[dict-item]

    return await desk.do(work)


async def offer_of(desk: Casework, case: CaseId) -> tuple[OfferId, PersonId]:
    """The open offer of a case, and whose it is."""
    rows = [row for row in await desk.rows("SELECT * FROM offer WHERE state = 'open'") if row["case_id"] == case]
    (row,) = rows
    return OfferId(row["id"]), PersonId(row["specialist_id"])


async def test_answers_at_once_count_once(desk: Casework) -> None:
    offer, who = await offer_of(desk, await opened(desk))
    found = await asyncio.gather(
        *(desk.do(lambda unit: assignment.accept(unit, offer, who)) for _ in range(6)),
        *(desk.do(lambda unit: assignment.decline(unit, offer, who)) for _ in range(6)),
    )
    assert sum(found) == 1
    assert len(await desk.rows("SELECT id FROM seat WHERE side = 'specialist'")) <= 1


async def test_taken_or_expired_never_both(desk: Casework) -> None:
    for _ in range(5):
        case = await opened(desk)
        offer, who = await offer_of(desk, case)
        desk.clock.advance(7 * DAY)

        def accept(unit: Unit, offer: OfferId = offer, who: PersonId = who) -> bool:
            return assignment.accept(unit, offer, who)

        taken, _ = await asyncio.gather(desk.do(accept), desk.do(assignment.expire_due))
        (state,) = [row["state"] for row in await desk.rows("SELECT id, state FROM offer") if row["id"] == offer]
        assert state == ("accepted" if taken else "expired")
    sides = Counter(row["case_id"] for row in await desk.rows("SELECT case_id FROM seat WHERE side = 'specialist'"))
    assert set(sides.values()) <= {1}


async def test_taken_or_reassigned_never_both(desk: Casework) -> None:
    case = await opened(desk)
    offer, who = await offer_of(desk, case)

    def move(unit: Unit) -> object:
        person = people.by_handle(unit.tx, "shah" if who == 2 else "johal")
        assert person is not None
        return handovers.hand_over(unit, case, person, "test")

    await asyncio.gather(desk.do(lambda unit: assignment.accept(unit, offer, who)), desk.do(move))
    living = await desk.rows("SELECT person_id FROM seat WHERE side = 'specialist' AND state = 'opening'")
    (row,) = await desk.rows("SELECT specialist_id FROM case_file")
    assert [one["person_id"] for one in living] == [row["specialist_id"]]
    assert row["specialist_id"] != who  # the coordinator's word comes last, or alone


async def test_many_cases_at_once_respect_capacity(desk: Casework) -> None:
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 3 WHERE role = 'specialist'"))
    await asyncio.gather(*(opened(desk) for _ in range(10)))
    offers = Counter(row["specialist_id"] for row in await desk.rows("SELECT specialist_id FROM offer"))
    assert offers == {2: 3, 4: 3}
    states = Counter(row["state"] for row in await desk.rows("SELECT state FROM case_file"))
    assert states == {"offered": 6, "unassigned": 4}


async def test_the_same_dentist_meets_the_same_specialist_again(desk: Casework) -> None:
    first = await opened(desk)
    offer, who = await offer_of(desk, first)
    await desk.do(lambda unit: assignment.accept(unit, offer, who))
    for _ in range(3):
        _, again = await offer_of(desk, await opened(desk))
        assert again == who


async def test_references_never_collide(desk: Casework) -> None:
    cases = [await opened(desk) for _ in range(30)]
    refs = [row["ref"] for row in await desk.rows("SELECT ref FROM case_file")]
    assert len(set(refs)) == len(cases)


async def test_intake_is_sealed_and_the_record_holds_no_words(desk: Casework) -> None:
    await opened(desk, complaint="canary wedding words")
    (row,) = await desk.rows("SELECT * FROM case_file")
    assert "canary" not in str(row)
    assert "AB" not in str(await desk.rows("SELECT reason FROM offer"))
    assert "canary" not in str(await desk.rows("SELECT details FROM audit_entry"))


async def test_cases_that_nobody_can_take_hold_up_no_other(desk: Casework) -> None:
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 0"))
    found = [await opened(desk) for _ in range(6)]
    assert await desk.do(lambda unit: assignment.retry_unassigned(unit, 2)) == 0
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 25"))

    def all_declined(unit: Unit) -> None:
        for case in found[:4]:
            for specialist in (JOHAL, SHAH):
                offers.add(unit.tx, unit.new_id(), case, specialist, "{}", unit.now, unit.now)
                unit.tx.execute("UPDATE offer SET state = 'declined'")

    await desk.do(all_declined)
    made = [await desk.do(lambda unit: assignment.retry_unassigned(unit, 2)) for _ in range(3)]
    assert made == [0, 0, 2]
    offered = {row["case_id"] for row in await desk.rows("SELECT case_id FROM offer WHERE state = 'open'")}
    assert offered == set(found[4:])
    assert [await desk.do(lambda unit: assignment.retry_unassigned(unit, 3)) for _ in range(3)] == [0, 0, 0]
    await desk.do(lambda unit: unit.tx.execute("DELETE FROM offer WHERE state = 'declined'"))
    assert sum([await desk.do(lambda unit: assignment.retry_unassigned(unit, 3)) for _ in range(2)]) == 4


async def test_nothing_is_looked_at_while_nobody_is_free(desk: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 0"))
    await opened(desk)
    monkeypatch.setattr(assignment, "assign", None)
    assert await desk.do(lambda unit: assignment.retry_unassigned(unit)) == 0
