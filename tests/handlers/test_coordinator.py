"""The coordinator's desk: permission, invitations, confirming, holding, assigning, covering, and what is stuck."""

from __future__ import annotations

import pytest

from bot.domain.outbound import Toast
from bot.domain.rules import DAY, HOUR
from bot.services import settle
from tests.handlers.helpers import asks, opened
from tests.support.front import Front

COMMANDS = ("stuck", "assign", "invite", "confirm", "lock", "cover")


@pytest.mark.parametrize("command", COMMANDS)
async def test_nobody_else_may(front: Front, command: str) -> None:
    case = await front.work.open_case()
    for chat in (front.patel, front.johal):
        await chat.command(command, f"C-7K{case - 1000:02} shah")
        assert "not for your role" in (await chat.last()).text
    assert await front.one("SELECT COUNT(*) FROM invite") == 0
    assert await front.one("SELECT specialist_id FROM case_file") == 2


@pytest.mark.parametrize("command", COMMANDS)
async def test_nor_somebody_who_only_claims_to_be_a_coordinator(front: Front, command: str) -> None:
    await front.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (60, 3, 'slack', 'T0001', 'U0666', 'claimed', 0)"""
        )
    )
    chat = front.slack("U0666")
    answer = await chat.command(command, "patel", live=True)
    assert isinstance(answer, Toast)
    assert "checking that it's you" in answer.text
    assert await front.one("SELECT COUNT(*) FROM invite") == 0
    assert await front.one("SELECT COUNT(*) FROM person WHERE locked = 1") == 0


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "stuck"])
@pytest.mark.parametrize("words", ["", "nobody", "C-7K3F nobody", "C-9999 shah", "rubbish"])
async def test_bad_input_is_one_clear_line(front: Front, command: str, words: str) -> None:
    answer = await front.sam.command(command, words, live=True)
    assert isinstance(answer, Toast)
    assert answer.text
    assert await front.one("SELECT COUNT(*) FROM invite") == 0


async def test_confirm_by_handle(front: Front) -> None:
    await front.do(lambda unit: unit.tx.execute("UPDATE account SET state = 'claimed' WHERE id = 1"))
    await front.sam.command("confirm", "@Patel")
    assert "is confirmed" in (await front.sam.last()).text
    assert await front.one("SELECT state FROM account WHERE id = 1") == "active"
    await front.sam.command("confirm", "patel")
    assert "No account of Dr Asha Patel waits" in (await front.sam.last()).text


async def test_two_claims_are_told_apart(front: Front) -> None:
    def claims(unit):  # type: ignore[no-untyped-def]
        for number in (61, 62):
            unit.tx.execute(
                """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
                   VALUES (:id, 1, 'telegram', '', :user, 'claimed', 0)""",
                {"id": number, "user": f"7000{number}"},
            )

    await front.do(claims)
    await front.sam.command("confirm", "patel")
    assert (await front.sam.last()).labels == ["Telegram 700061", "Telegram 700062"]
    await front.sam.presses("Telegram 700062")
    rows = await front.rows("SELECT user_ref, state FROM account WHERE id > 60 ORDER BY id")
    assert [row["state"] for row in rows] == ["claimed", "active"]


async def test_lock_stops_everything_at_once(front: Front) -> None:
    await front.work.open_case()
    await front.work.settle()
    await asks(front.patel)
    tokens = [button.token for message in await front.johal.reads() for row in message.post.buttons for button in row]
    assert tokens

    await front.sam.command("lock", "johal")

    assert "Dr Amar Johal is on hold" in (await front.sam.last()).text
    assert await front.one("SELECT locked FROM person WHERE id = 2") == 1
    assert await front.one("SELECT COUNT(*) FROM button WHERE person_id = 2 AND used_at IS NULL") == 0
    rows = await front.rows("SELECT paused FROM lane WHERE user_ref = 'U0002'")
    assert rows
    assert {row["paused"] for row in rows} == {"locked"}
    for token in tokens:
        answer = await front.johal.press(token, live=True)
        assert isinstance(answer, Toast)
    answer = await front.johal.command("list", live=True)
    assert isinstance(answer, Toast)
    assert "on hold" in answer.text
    shown = len(front.work.platforms["slack"].shown)
    case = await front.one("SELECT MIN(id) AS id FROM case_file")
    await front.work.says(case, "dentist", "Are you there?")
    # a lane that is let go for some other reason stays shut
    await front.do(lambda unit: unit.tx.execute("UPDATE account SET reachable = 0 WHERE person_id = 2"))
    await front.do(lambda unit: unit.tx.execute("UPDATE lane SET paused = 'blocked' WHERE user_ref = 'U0002'"))
    await front.do(lambda unit: settle.reachable_again(unit, front.johal.account))
    await front.work.settle()
    sent = front.work.platforms["slack"].shown[shown:]
    assert sent  # others' messages go on
    assert not [one for one in sent if one.place.chat == "DU0002" or "Are you there" in one.text]
    assert await front.audited("person.locked") == 1


async def test_nobody_locks_themselves_or_twice(front: Front) -> None:
    await front.sam.command("lock", "ops")
    assert "cannot put yourself on hold" in (await front.sam.last()).text
    await front.sam.command("lock", "johal")
    await front.sam.command("lock", "johal")
    assert "on hold already" in (await front.sam.last()).text


async def test_assign_gives_an_unassigned_case_to_a_specialist(front: Front) -> None:
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 0 WHERE role = 'specialist'"))
    await asks(front.patel)
    ref = await front.one("SELECT ref FROM case_file")
    await front.sam.command("assign", f"{ref.lower().replace('-', ' ')} johal")  # however it is typed
    assert "is with Dr Amar Johal now" in (await front.sam.last()).text
    (case,) = await front.rows("SELECT state, specialist_id, epoch FROM case_file")
    assert (case["state"], case["specialist_id"], case["epoch"]) == ("open", 2, 2)
    assert "Dr Amar Johal has taken" in await front.patel.texts()
    assert "You look after" in await front.johal.texts()
    await front.sam.command("assign", f"{ref} johal")
    assert "already" in (await front.sam.last()).text
    await front.sam.command("assign", f"{ref} patel")
    assert "already" in (await front.sam.last()).text
    await front.sam.command("assign", f"{ref} ops")
    assert "coordinator" in (await front.sam.last()).text


async def test_assigning_withdraws_the_offer(front: Front) -> None:
    await asks(front.patel)
    ref, asked = await front.one("SELECT ref FROM case_file"), await front.one("SELECT specialist_id FROM offer")
    chat, other, handle = (front.johal, front.shah, "shah") if asked == 2 else (front.shah, front.johal, "johal")
    token = (await chat.button("Accept")).token
    await front.sam.command("assign", f"{ref} {handle}")
    assert "withdrawn by the coordinator" in await chat.texts()
    await chat.press(token)
    assert await front.one("SELECT state FROM offer") == "void"
    (seat,) = await front.rows("SELECT person_id FROM seat WHERE side = 'specialist'")
    assert seat["person_id"] != asked
    assert "You look after" in await other.texts()


async def test_cover_for_a_time(front: Front) -> None:
    await opened(front)
    await front.sam.command("cover", "C-7K3F shah 14 June to 21 June")
    assert "Dr Shah looks after C-7K3F from 14 June 2026 to 21 June 2026" in (await front.sam.last()).text
    assert await front.one("SELECT state FROM seat_cover") == "planned"
    assert await front.one("SELECT specialist_id FROM case_file") == 2
    await front.sam.command("cover", "C-7K3F shah some time")
    assert "some time" in (await front.sam.last()).text


async def test_cover_without_days_is_for_good(front: Front) -> None:
    await opened(front)
    await front.sam.command("cover", "C-7K3F shah")
    assert await front.one("SELECT specialist_id FROM case_file") == 4
    assert await front.one("SELECT COUNT(*) FROM seat_cover") == 0


async def test_stuck_lists_reasons_and_ages_and_no_words(front: Front) -> None:
    await front.sam.command("stuck")
    assert "Nothing is stuck" in (await front.sam.last()).text
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET capacity = 0 WHERE role = 'specialist'"))
    await asks(front.patel, complaint="canary words of a patient")
    front.work.clock.advance(2 * HOUR)
    await front.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (61, 1, 'telegram', '', '700061', 'claimed', :at)""",
            {"at": unit.now - 3 * DAY},
        )
    )
    ref = await front.one("SELECT ref FROM case_file")
    await front.sam.command("stuck")
    rows = (await front.sam.last()).text.splitlines()
    assert rows[0] == "2 things need a hand:"
    assert rows[1] == f"1. no specialist · {ref} · 2 h"
    assert rows[2] == "2. account to confirm · patel · 3 days"
    assert (await front.sam.last()).labels == ["1. Choose a specialist", "2. It is them"]
    assert "canary" not in await front.sam.texts()


async def test_an_invitation_is_shown_in_the_coordinators_own_chat_only(front: Front) -> None:
    answer = await front.sam.command("invite", "patel", live=True)
    assert answer is None
    assert "Invitation for Dr Asha Patel" in (await front.sam.last()).text
    assert await front.patel.reads() == []
    code = (await front.sam.last()).text.rsplit(" ", 1)[1]
    rows = [*(await front.rows("SELECT * FROM invite")), *(await front.rows("SELECT details FROM audit_entry"))]
    assert code not in str(rows)
