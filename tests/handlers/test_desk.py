"""What is stuck has one button each, bound to who asked, and void once it is no longer true."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.errors import Reason, Refused
from bot.services import holds, notices, stuck
from storage import seats
from tests.handlers.helpers import asks
from tests.support.front import Front


async def unassigned(front: Front) -> str:
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 0 WHERE role = 'specialist'"))
    await asks(front.patel)
    return str(await front.one("SELECT ref FROM case_file"))


async def test_a_specialist_is_chosen_in_two_taps(front: Front) -> None:
    ref = await unassigned(front)
    await front.sam.command("stuck")
    await front.sam.presses("1. Choose a specialist")
    asked = await front.sam.last()
    assert asked.text == f"Who takes {ref}?"
    assert asked.labels == ["Dr Johal (0 of 0)", "Dr Shah (0 of 0)"]
    other = await front.sam.button("Dr Johal (0 of 0)")
    await front.sam.presses("Dr Shah (0 of 0)")
    assert f"{ref} is with Dr Shah now" in (await front.sam.last()).text
    assert await front.one("SELECT specialist_id FROM case_file") == 4
    await front.sam.press(other.token)
    assert await front.one("SELECT specialist_id FROM case_file") == 4


async def test_a_button_of_what_is_no_longer_so_does_nothing(front: Front) -> None:
    ref = await unassigned(front)
    await front.sam.command("stuck")
    await front.sam.command("assign", f"{ref} johal")
    await front.sam.presses("1. Choose a specialist")
    assert "That was settled already." in (await front.sam.last()).text


async def test_nobody_else_can_press_it(front: Front) -> None:
    await unassigned(front)
    await front.sam.command("stuck")
    button = await front.sam.button("1. Choose a specialist")
    await front.johal.press(button.token)
    assert "Who takes" not in await front.johal.texts()
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET role = 'dentist' WHERE id = 3"))
    await front.sam.press(button.token)
    assert "Who takes" not in await front.sam.texts()


async def test_an_account_is_confirmed(front: Front) -> None:
    await front.do(lambda unit: unit.tx.execute("UPDATE account SET state = 'claimed' WHERE id = 1"))
    await front.sam.command("stuck")
    await front.sam.presses("1. It is them")
    assert await front.one("SELECT state FROM account WHERE id = 1") == "active"


async def test_two_accounts_that_claim_to_be_one_person_are_told_apart(front: Front) -> None:
    def claims(unit: Any) -> None:
        for number in (61, 62):
            unit.tx.execute(
                """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
                   VALUES (:id, 1, 'telegram', '', :user, 'claimed', 0)""",
                {"id": number, "user": f"7000{number}"},
            )

    await front.do(claims)
    await front.sam.command("stuck")
    await front.sam.presses("1. It is them")
    assert (await front.sam.last()).labels == ["Telegram 700061", "Telegram 700062"]
    await front.sam.presses("Telegram 700061")
    assert await front.one("SELECT state FROM account WHERE id = 61") == "active"


async def test_what_was_not_delivered_goes_once_more(front: Front) -> None:
    case = await front.work.open_case()
    await front.work.settle()
    front.work.platforms["slack"].fates.append(Refused(Reason.BAD_CONTENT))
    await front.work.says(case, "dentist", "Does this look right?")
    await front.work.settle()
    await front.sam.command("stuck")
    assert "not delivered · C-7K01" in (await front.sam.last()).text
    await front.sam.presses("1. Send again")
    await front.work.settle()
    assert await front.one("SELECT state FROM message") == "delivered"
    assert await front.work.units.look(stuck.listing) == []


@pytest.mark.parametrize(("reason", "label"), [("wrong_members", "1. Look again"), ("room_gone", "1. Make a new room")])
async def test_a_room_is_put_right(front: Front, reason: str, label: str) -> None:
    case = await front.work.open_case()
    await front.work.settle()
    former = (await front.work.seat(case, "specialist"))["chat"]

    def lost(unit: Any) -> None:
        seat = seats.of_case(unit.tx, case, "specialist")
        assert seat is not None
        holds.refused(unit, seat, Reason(reason))

    await front.do(lost)
    await front.sam.command("stuck")
    await front.sam.presses(label)
    if reason == "wrong_members":
        assert [probe.seat for probe in await front.do(holds.due)]
        return
    await front.work.says(case, "dentist", "Does this look right?")
    await front.work.settle()
    seat = await front.work.seat(case, "specialist")
    assert seat["state"] == "open"
    assert seat["chat"] != former


@pytest.mark.parametrize("kind", sorted({"access_revoked", "cover", "telegram_conflict", "odd"}))
async def test_what_is_mended_elsewhere_is_ticked_off(front: Front, kind: str) -> None:
    if kind == "odd":
        await front.do(
            lambda unit: unit.tx.execute("INSERT INTO incident(id, kind, subject, opened_at) VALUES (1, 'odd', 'x', 1)")
        )
    else:
        await front.do(lambda unit: notices.alert(unit, kind, "telegram"))
    await front.sam.command("stuck")
    await front.sam.presses("1. Seen to")
    assert await front.work.units.look(stuck.listing) == []


async def test_somebody_out_of_reach_is_invited_again(front: Front) -> None:
    await front.do(lambda unit: notices.alert(unit, "blocked", "patel"))
    await front.sam.command("stuck", live=True)
    await front.sam.presses("1. Make an invitation", live=True)
    assert "Invitation for Dr Asha Patel" in await front.sam.texts()


async def test_a_parked_update_is_tried_again(front: Front) -> None:
    def parked(unit: Any) -> None:
        unit.tx.execute(
            """INSERT INTO inbox(id, platform, workspace, queue, state, attempts, ready_at, received_at)
               VALUES (9, 'telegram', '', 'q', 'dead', 3, 1, 1)"""
        )
        notices.alert(unit, "inbox_parked", "telegram")

    await front.do(parked)
    await front.sam.command("stuck")
    await front.sam.presses("1. Try again")
    assert await front.one("SELECT state FROM inbox") == "new"
    assert await front.work.units.look(stuck.listing) == []
