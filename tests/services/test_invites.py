"""Invitations under abuse: raced by fifty, forwarded, reused, expired, and while the clock is wrong."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.domain.addresses import Account
from bot.domain.ids import AccountId
from bot.domain.rules import DAY, HOUR
from bot.services import invites
from bot.services.invites import Outcome
from storage import accounts, people
from tests.support.casework import PATEL, REID, Casework


def account(number: int) -> Account:
    """An account nobody knows."""
    return Account("telegram", "", str(800000 + number))


async def invited(desk: Casework) -> str:
    """A fresh code for Dr Patel."""
    return await desk.do(lambda unit: invites.create(unit, PATEL, "test"))


async def claimed(desk: Casework, code: str, number: int = 1) -> Outcome:
    """One account's try."""
    return (await desk.do(lambda unit: invites.claim(unit, account(number), code))).outcome


async def test_raced_by_fifty_it_binds_exactly_one(desk: Casework) -> None:
    code = await invited(desk)
    outcomes = await asyncio.gather(*(claimed(desk, code, number) for number in range(50)))
    assert Counter(outcomes) == {Outcome.CLAIMED: 1, Outcome.BAD: 49}
    rows = await desk.rows("SELECT person_id, state FROM account WHERE id > 100")
    assert [(row["person_id"], row["state"]) for row in rows] == [(PATEL, "claimed")]
    (invite,) = await desk.rows("SELECT * FROM invite")
    assert invite["used_at"] is not None
    assert invite["account_id"] is not None


async def test_the_same_account_at_once_claims_once(desk: Casework) -> None:
    code = await invited(desk)
    outcomes = await asyncio.gather(*(claimed(desk, code) for _ in range(10)))
    assert Counter(outcomes)[Outcome.CLAIMED] == 1
    assert set(outcomes) <= {Outcome.CLAIMED, Outcome.BOUND, Outcome.BAD}


async def test_once_only_even_for_its_owner(desk: Casework) -> None:
    code = await invited(desk)
    assert await claimed(desk, code, 1) is Outcome.CLAIMED
    assert await claimed(desk, code, 2) is Outcome.BAD
    assert await claimed(desk, code, 1) is Outcome.BOUND


async def test_a_day_and_no_longer(desk: Casework) -> None:
    code = await invited(desk)
    desk.clock.advance(DAY - 1)
    assert await claimed(desk, code) is Outcome.CLAIMED
    late = await invited(desk)
    desk.clock.advance(DAY)
    assert await claimed(desk, late, 2) is Outcome.BAD


async def test_a_new_one_ends_the_old_one(desk: Casework) -> None:
    old = await invited(desk)
    new = await invited(desk)
    assert await claimed(desk, old, 1) is Outcome.BAD
    assert await claimed(desk, new, 2) is Outcome.CLAIMED


async def test_a_clock_put_back_an_hour_does_not_kill_it(desk: Casework) -> None:
    code = await invited(desk)
    desk.clock.advance(-HOUR)
    assert await claimed(desk, code) is Outcome.CLAIMED


async def test_a_clock_a_day_ahead_for_a_while_does_not_kill_it(desk: Casework) -> None:
    code = await invited(desk)
    desk.clock.advance(DAY + HOUR)
    assert await claimed(desk, code) is Outcome.BAD
    desk.clock.advance(-DAY - HOUR)
    assert await claimed(desk, code) is Outcome.CLAIMED


async def test_one_made_by_a_clock_far_ahead_is_not_immortal(desk: Casework) -> None:
    right = desk.clock.now()
    desk.clock.advance(400 * DAY)
    code = await invited(desk)
    desk.clock.set(right)
    assert await claimed(desk, code) is Outcome.BAD
    desk.clock.set(right + 30 * DAY)
    assert await claimed(desk, code, 2) is Outcome.BAD


async def test_one_made_by_a_clock_a_day_ahead_lives_two_days_at_most(desk: Casework) -> None:
    right = desk.clock.now()
    desk.clock.advance(DAY)
    code = await invited(desk)
    desk.clock.set(right + 2 * DAY)
    assert await claimed(desk, code) is Outcome.BAD


async def test_the_code_itself_is_nowhere(desk: Casework) -> None:
    code = await invited(desk)
    await claimed(desk, code)
    for table in ("invite", "audit_entry", "account", "button", "incident"):
        assert code not in str(await desk.rows(f"SELECT * FROM {table}"))


async def test_it_binds_to_its_person_and_no_other(desk: Casework) -> None:
    code = await invited(desk)
    await claimed(desk, code)
    row = await desk.units.look(lambda unit: accounts.find(unit.tx, "telegram", "", "800001"))
    assert row is not None
    assert (row["person_id"], row["handle"], row["state"]) == (PATEL, "patel", "claimed")


@pytest.mark.parametrize("how", ["locked", "unlisted"])
async def test_not_for_somebody_on_hold_or_gone(desk: Casework, how: str) -> None:
    code = await invited(desk)
    if how == "locked":
        await desk.do(lambda unit: people.set_locked(unit.tx, PATEL, True))
    else:
        await desk.do(lambda unit: people.unlist(unit.tx, PATEL))
    assert await claimed(desk, code) is Outcome.LOCKED
    assert await desk.rows("SELECT * FROM account WHERE id > 100") == []


async def test_an_account_that_counts_keeps_its_person(desk: Casework) -> None:
    code = await desk.do(lambda unit: invites.create(unit, REID, "test"))
    outcome = await desk.do(lambda unit: invites.claim(unit, Account("telegram", "", "700001"), code))
    assert outcome.outcome is Outcome.BOUND
    (row,) = await desk.rows("SELECT person_id FROM account WHERE user_ref = '700001'")
    assert row["person_id"] == PATEL


async def test_confirmed_or_refused_once(desk: Casework) -> None:
    code = await invited(desk)
    await claimed(desk, code)
    (row,) = await desk.rows("SELECT id FROM account WHERE id > 100")
    account_id = AccountId(row["id"])

    async def settle(how: str) -> bool:
        act = invites.confirm if how == "confirm" else invites.refuse
        return await desk.do(lambda unit: act(unit, account_id, REID)) is not None

    done = await asyncio.gather(*(settle(how) for how in ("confirm", "refuse") * 5))
    assert sum(done) == 1


async def test_a_refused_account_may_come_again_with_another_invitation(desk: Casework) -> None:
    first = await invited(desk)
    await claimed(desk, first)
    (row,) = await desk.rows("SELECT id FROM account WHERE id > 100")
    await desk.do(lambda unit: invites.refuse(unit, AccountId(row["id"]), REID))
    assert await claimed(desk, first) is Outcome.BAD
    assert await claimed(desk, await invited(desk)) is Outcome.CLAIMED
    assert len(await desk.rows("SELECT id FROM account WHERE id > 100")) == 1
