"""A seat changes hands: nothing on its way to the former person arrives, and nothing the dentist said is lost."""

from __future__ import annotations

from bot.domain.ids import CaseId
from bot.domain.outbound import Button
from bot.domain.problems import Problem
from bot.services import buttons, handovers, rooms
from bot.services.unit import Unit
from storage import people
from tests.support.casework import JOHAL, PATEL, SHAH, Casework


async def given(desk: Casework, case: CaseId, handle: str) -> str | None:
    """Hand a case over; the key of the line that refuses it."""

    def work(unit: Unit) -> Problem | None:
        person = people.by_handle(unit.tx, handle)
        assert person is not None
        return handovers.hand_over(unit, case, person, "test")

    problem = await desk.do(work)
    return None if problem is None else problem.key


def texts(desk: Casework, chat: str) -> list[str]:
    """What stands in a Slack place."""
    return [f"{one.heading}\n{one.text}".strip() for one in desk.platforms["slack"].shown if one.place.chat == chat]


async def room(desk: Casework, case: CaseId, side: str) -> str:
    """The chat of a seat."""
    return str((await desk.seat(case, side))["chat"])


async def test_the_successor_gets_the_story_and_what_had_not_arrived(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "dentist", "Fit was good on Monday.")
    await desk.says(case, "specialist", "Glad to hear it.")
    await desk.settle()
    former = await room(desk, case, "specialist")
    await desk.says(case, "dentist", "Now it does not seat.")  # queued, not sent yet

    assert await given(desk, case, "shah") is None
    await desk.settle()

    new = texts(desk, await room(desk, case, "specialist"))
    story = "\n".join(new)
    assert "Dr Asha Patel · dentist · #1" in story
    assert "Fit was good on Monday." in story
    assert "Dr Amar Johal · specialist · #2" in story
    assert "Taken over from Dr Amar Johal" in story
    assert new[-1].endswith("Now it does not seat.")
    assert story.count("Now it does not seat.") == 1
    old = "\n".join(texts(desk, former))
    assert "does not seat" not in old
    assert "Dr Shah looks after" in old
    rows = await desk.rows("SELECT no, state FROM message ORDER BY no")
    assert [row["state"] for row in rows] == ["delivered", "delivered", "delivered"]


async def test_an_answer_to_the_former_parties_never_goes(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "specialist", "Use aligner 4 again.")  # queued for the dentist under the former epoch
    assert await given(desk, case, "shah") is None
    await desk.settle()
    shown = [one.text for one in desk.platforms["telegram"].shown]
    assert "Use aligner 4 again." not in shown
    (row,) = await desk.rows("SELECT state FROM message")
    assert row["state"] == "void"
    assert any("the case changed hands" in text for text in texts(desk, "DU0002"))  # and Dr Johal knows


async def test_the_card_of_a_former_party_is_not_brought_up_to_date_any_more(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await desk.do(lambda unit: rooms.refresh_card(unit, case))  # what people said may stand on it
    former = await desk.seat_id(case, "specialist")
    assert await given(desk, case, "shah") is None
    await desk.settle()
    rows = await desk.rows(
        "SELECT d.state, l.seat_id FROM delivery d JOIN lane l ON l.id = d.lane_id WHERE kind = 'edit'"
    )
    assert {row["state"] for row in rows if row["seat_id"] == former} == {"void"}
    assert "sent" in {row["state"] for row in rows if row["seat_id"] != former}  # the dentist's names the successor


async def test_buttons_and_drafts_of_the_former_parties_are_void(desk: Casework) -> None:
    case = await desk.open_case()

    def make(unit: Unit) -> Button:
        return buttons.make(unit, "test.go", person_id=JOHAL, label="Go", case_id=case, case_epoch=1)

    button = await desk.do(make)
    await given(desk, case, "shah")
    found = await desk.do(lambda unit: buttons.press(unit, button.token, JOHAL))
    assert isinstance(found, Problem)
    assert found.key == "button.changed"
    assert await desk.rows("SELECT * FROM button WHERE case_epoch = 1 AND used_at IS NULL") == []


async def test_everybody_is_told_and_the_record_says_who(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    await given(desk, case, "shah")
    await desk.settle()
    told = "\n".join(one.text for one in desk.platforms["telegram"].shown)
    assert "Dr Shah looks after C-7K01 from now on, in place of Dr Amar Johal" in told
    assert any("You look after C-7K01" in text for text in texts(desk, "DU0004"))
    (row,) = await desk.rows("SELECT epoch, specialist_id, state FROM case_file")
    assert (row["epoch"], row["specialist_id"], row["state"]) == (2, SHAH, "open")
    entries = [row["action"] for row in await desk.rows("SELECT action FROM audit_entry WHERE case_id > 0")]
    assert entries.count("seat.moved") == 1


async def test_back_and_forth_leaves_one_seat_a_side(desk: Casework) -> None:
    case = await desk.open_case()
    for handle in ("shah", "johal", "shah"):
        await desk.settle()
        await desk.says(case, "dentist", f"for {handle}")
        assert await given(desk, case, handle) is None
    await desk.settle()
    living = await desk.rows("SELECT side FROM seat WHERE state IN ('opening', 'open', 'held') ORDER BY side")
    assert [row["side"] for row in living] == ["dentist", "specialist"]
    rows = await desk.rows("SELECT state FROM message")
    assert {row["state"] for row in rows} == {"delivered"}


async def test_who_cannot_take_a_seat(desk: Casework) -> None:
    case = await desk.open_case()
    assert await given(desk, case, "ops") == "handover.problem.role"
    assert await given(desk, case, "johal") == "handover.problem.same"
    await desk.do(lambda unit: people.set_locked(unit.tx, SHAH, True))
    assert await given(desk, case, "shah") == "handover.problem.on_hold"
    await desk.do(lambda unit: people.set_locked(unit.tx, SHAH, False))
    await desk.do(lambda unit: unit.tx.execute("UPDATE account SET state = 'removed' WHERE person_id = 4"))
    assert await given(desk, case, "shah") == "handover.problem.unlinked"
    await desk.do(lambda unit: unit.tx.execute("UPDATE account SET state = 'active' WHERE person_id = 4"))
    await desk.do(lambda unit: unit.tx.execute("UPDATE case_file SET state = 'closed'"))
    assert await given(desk, case, "shah") == "handover.problem.closed"
    await desk.do(lambda unit: unit.tx.execute("UPDATE case_file SET state = 'waiting'"))
    assert await given(desk, case, "shah") == "handover.problem.unconfirmed"
    (row,) = await desk.rows("SELECT epoch FROM case_file")
    assert row["epoch"] == 1


async def another_dentist(desk: Casework, practice: int = 1) -> None:
    """A colleague of Dr Patel, or of another practice."""

    def add(unit: Unit) -> None:
        if practice != 1:
            unit.tx.execute(
                "INSERT INTO practice(id, name, timezone) VALUES (:id, 'Other Dental', 'Europe/London')",
                {"id": practice},
            )
        unit.tx.execute(
            """INSERT INTO person(id, handle, name, role, practice_id, timezone, created_at)
               VALUES (9, 'patel2', 'Dr Ben Patel', 'dentist', :practice, 'Europe/London', 0)""",
            {"practice": practice},
        )
        unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (9, 9, 'telegram', '', '700007', 'active', 0)"""
        )

    await desk.do(add)


async def test_the_dentists_seat_moves_within_the_practice_only(desk: Casework) -> None:
    case = await desk.open_case()
    await another_dentist(desk, practice=2)
    assert await given(desk, case, "patel2") == "handover.problem.practice"
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET practice_id = 1 WHERE id = 9"))
    await desk.settle()
    assert await given(desk, case, "patel2") is None
    await desk.settle()
    assert any("Dr Ben Patel looks after" in text for text in texts(desk, await room(desk, case, "specialist")))
    seat = await desk.seat(case, "dentist")
    assert seat["user_ref"] == "700007"
    successor = "\n".join(one.text for one in desk.platforms["telegram"].shown if one.place.chat == "700007")
    assert "C-7K01" in successor


async def test_the_successor_reads_this_case_only(desk: Casework) -> None:
    case, other = await desk.open_case(1), await desk.open_case(2)
    await desk.settle()
    await desk.says(case, "dentist", "canary of this case")
    await desk.says(other, "dentist", "canary of the other case")
    await desk.settle()
    await given(desk, case, "shah")
    await desk.settle()
    chats = {await room(desk, case, "specialist"), "DU0004"}
    read = "\n".join(text for chat in chats for text in texts(desk, chat))
    assert "canary of this case" in read
    assert "canary of the other case" not in read


async def test_an_asked_check_in_is_asked_again_of_the_new_parties(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO check_in(id, case_id, person_id, step, occurrence, due_at, local_rule, state, asked_at)
               VALUES (1, :case, :p, 'review', 9, 0, '', 'asked', 1)""",
            {"case": case, "p": PATEL},
        )
    )
    await given(desk, case, "shah")
    (row,) = await desk.rows("SELECT state, person_id FROM check_in WHERE id = 1")
    assert (row["state"], row["person_id"]) == ("planned", PATEL)
