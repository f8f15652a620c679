"""A seat moves to another platform: what was queued, what is in doubt, and what may not move."""

from __future__ import annotations

import pytest

from bot.domain.errors import Unknown
from bot.domain.ids import AccountId, CaseId
from bot.domain.problems import Problem
from bot.services import corrections, dispatch, moving, settle
from storage import accounts, messages, people, seats
from tests.support.casework import PATEL, Casework

SECOND = AccountId(91)


async def second_account(desk: Casework, *, reachable: int | None = None, state: str = "active") -> None:
    """The dentist has an account on Slack as well."""
    await desk.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, reachable, claimed_at)
               VALUES (:id, :person, 'slack', 'T0001', 'U0005', :state, CAST(:reachable AS BIGINT), 0)""",
            {"id": SECOND, "person": PATEL, "state": state, "reachable": reachable},
        )
    )


async def moves(desk: Casework, case: CaseId, account: int = SECOND) -> Problem | None:
    seat = await desk.seat_id(case, "dentist")
    return await desk.do(lambda unit: moving.move(unit, seat, account))


def lines(desk: Casework, platform: str, word: str = "line") -> list[str]:
    return [one.text for one in desk.platforms[platform].shown if one.text.startswith(word)]


async def test_what_is_queued_goes_along_and_nothing_twice(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await second_account(desk)
    for number in range(1, 5):
        await desk.says(case, "specialist", f"line {number}")
    assert await moves(desk, case) is None
    await desk.says(case, "specialist", "line 5")
    await desk.settle()
    assert lines(desk, "telegram") == []
    assert lines(desk, "slack") == [f"line {number}" for number in range(1, 6)]
    rows = await desk.rows("SELECT state FROM message ORDER BY no")
    assert {row["state"] for row in rows} == {"delivered"}
    old = await desk.rows("SELECT state, moved_to FROM seat WHERE side = 'dentist' ORDER BY id")
    assert (old[0]["state"], old[0]["moved_to"] is not None, old[1]["state"]) == ("closed", True, "open")
    assert (await desk.rows("SELECT epoch FROM case_file"))[0]["epoch"] == 1


@pytest.mark.parametrize("came", [True, False])
async def test_what_is_in_doubt_is_made_anew_and_says_so(desk: Casework, came: bool) -> None:
    """Telegram cannot be asked: the line goes again in the new room, and the old try is never made again."""
    case = await desk.open_case()
    await desk.settle()
    await second_account(desk)
    desk.clock.advance(60_000_000)  # the chat may take a burst again
    telegram = desk.platforms["telegram"]
    telegram.fates.append("lost reply" if came else Unknown("timeout"))
    await desk.says(case, "specialist", "line 1")
    await desk.worker().turn()
    assert (await desk.rows("SELECT state FROM message"))[0]["state"] == "uncertain"
    await desk.says(case, "specialist", "line 2")
    assert await moves(desk, case) is None
    await desk.settle()
    assert lines(desk, "telegram") == (["line 1"] if came else [])
    shown = [one for one in desk.platforms["slack"].shown if one.text.startswith("line")]
    assert [one.text for one in shown] == ["line 1", "line 2"]
    assert ["may be a repeat" in one.footer for one in shown] == [True, False]
    assert {row["state"] for row in await desk.rows("SELECT state FROM message")} == {"delivered"}


async def test_what_turns_out_to_have_arrived_is_not_made_again(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await second_account(desk)
    desk.clock.advance(60_000_000)  # the chat may take a burst again
    said = await desk.says(case, "specialist", "line 1")
    claimed = await desk.do(lambda unit: dispatch.claim(unit, "w", 8))
    (claim,) = [one for one in claimed.claims if one.owner.platform == "telegram"]
    assert await moves(desk, case) is None
    where = claim.place
    assert where is not None
    await desk.do(lambda unit: settle.sent(unit, claim, "777", where))
    await desk.settle()
    assert lines(desk, "slack") == []
    row = await desk.units.look(lambda unit: messages.get(unit.tx, said))
    assert row is not None
    assert row["state"] == "delivered"


async def test_an_edit_and_a_withdrawal_on_their_way(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await second_account(desk)
    await desk.says(case, "specialist", "line 1")
    await desk.settle()
    taken = await desk.says(case, "specialist", "line 2")
    row = await desk.units.look(lambda unit: messages.get(unit.tx, taken))
    assert row is not None
    await desk.do(lambda unit: corrections.withdraw(unit, row))
    assert await moves(desk, case) is None
    await desk.settle()
    assert lines(desk, "slack") == ["line 1"]
    assert not [one for one in desk.platforms["slack"].shown if "line 2" in one.text]


async def test_what_is_typed_in_the_old_room_is_somebody_elses_no_more(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await second_account(desk)
    before = await desk.seat(case, "dentist")
    message = await desk.says(case, "dentist", "line 1")
    await desk.settle()
    assert await moves(desk, case) is None
    left = await desk.units.look(lambda unit: seats.get(unit.tx, before["id"]))
    assert left is not None
    assert await desk.units.look(lambda unit: moving.went_to(unit, left)) == "Slack"
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert await desk.units.look(lambda unit: corrections.refusal(unit, row)) is None


async def test_no_move_without_a_place_to_go(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await second_account(desk, reachable=0)
    assert await moves(desk, case) == Problem.of("move.problem.not_started", platform="Slack")
    assert await moves(desk, case, 2) == Problem.of("move.problem.not_yours")
    assert (await moves(desk, case, 1)) is not None
    assert await moves(desk, case, 4711) == Problem.of("move.problem.over")
    await desk.do(lambda unit: accounts.set_reachable(unit.tx, SECOND, True))
    await desk.do(lambda unit: people.set_locked(unit.tx, PATEL, True))
    assert await moves(desk, case) == Problem.of("move.problem.not_yours")
    await desk.do(lambda unit: people.set_locked(unit.tx, PATEL, False))
    await desk.do(lambda unit: unit.tx.execute("UPDATE case_file SET state = 'closed'"))
    assert await moves(desk, case) == Problem.of("move.problem.over")
