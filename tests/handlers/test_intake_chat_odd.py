"""The intake form asked in a chat, where things go another way: restarts, files, other chats, what is forgotten."""

from __future__ import annotations

from bot.domain.addresses import Place
from bot.domain.events import FileKind, InboundFile
from bot.domain.rules import DAY, MINUTE
from bot.services import form_sessions
from tests.handlers.intake_form import answer_four, intake_of
from tests.support.casework import RULES
from tests.support.front import INTAKE, Front


async def test_a_restart_in_the_middle_loses_nothing(front: Front) -> None:
    # Everything is in the database: a second process, with nothing but that, takes the next answer.
    await front.patel.command("new")
    await front.patel.types("AB")
    again = Front(front.work)
    await again.patel.types("gaps to close")
    await again.patel.command("new")
    assert "under way" in (await again.patel.last()).text
    await again.patel.presses("Go on")
    assert "Is there a date" in (await again.patel.last()).text
    await again.patel.presses("No date")
    await again.patel.presses("Yes, the patient has agreed")
    await again.patel.presses("Send")
    assert (await intake_of(front))["complaint"] == "gaps to close"


async def test_start_again_forgets_what_was_answered(front: Front) -> None:
    chat = front.patel
    await chat.command("new")
    await chat.types("AB")
    await chat.command("new")
    await chat.presses("Start again")
    assert "What shall we call this patient" in (await chat.last()).text
    states = await front.rows("SELECT state FROM form_session ORDER BY id")
    assert [row["state"] for row in states] == ["cancelled", "asking"]


async def test_answers_are_sealed_and_go_when_the_form_ends(front: Front) -> None:
    await answer_four(front.patel)
    (row,) = await front.rows("SELECT answers_sealed FROM form_session")
    assert b"wedding" not in bytes(row["answers_sealed"]).lower()
    await front.patel.presses("Send")
    (row,) = await front.rows("SELECT answers_sealed FROM form_session")
    assert bytes(row["answers_sealed"]) == b""


async def test_a_file_is_not_an_answer(front: Front) -> None:
    chat = front.patel
    await chat.command("new")
    await chat.types("", files=(InboundFile("x", "xray.jpg", FileKind.PHOTO, "image/jpeg", 10),))
    assert "A form takes no files" in (await chat.last()).text
    assert "What shall we call" in await chat.texts()
    assert await front.one("SELECT state FROM form_session") == "asking"


async def test_an_old_question_does_not_swallow_a_line_where_a_case_shares_the_chat(front: Front) -> None:
    case = await front.work.open_case()
    await front.do(
        lambda unit: unit.tx.execute(
            "UPDATE seat SET state = 'open', chat = '700001', shared = 1 WHERE case_id = :c AND side = 'dentist'",
            {"c": case},
        )
    )
    chat = front.patel
    await chat.command("new")
    await chat.types("AB")
    front.work.clock.advance(11 * MINUTE)
    await chat.types("The aligner does not seat")
    (message,) = await front.rows("SELECT kind FROM message")
    assert message["kind"] == "text"
    assert "does not seat" not in await chat.texts()


async def test_the_whole_form_is_within_twelve_answers(front: Front) -> None:
    answers = 0
    chat = front.patel
    await chat.command("new")
    for text in (INTAKE["pseudonym"], INTAKE["complaint"], INTAKE["event_date"], INTAKE["event_what"]):
        await chat.types(text)
        answers += 1
    await chat.presses("Yes, the patient has agreed")
    await chat.presses("Send")
    assert answers + 2 + 1 <= 12
    assert await front.one("SELECT COUNT(*) FROM case_file") == 1


async def test_a_red_flag_in_the_patients_words_shows_the_emergency_wording(front: Front) -> None:
    chat = front.patel
    await chat.command("new")
    await chat.types("AB")
    await chat.types("my face is swollen since yesterday")
    await chat.presses("No date")
    await chat.presses("Yes, the patient has agreed")
    await chat.presses("Send")
    assert "999" in await chat.texts()


async def test_two_accounts_of_one_person_do_not_see_each_others_form(front: Front) -> None:
    await front.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (50, 1, 'telegram', '', '700009', 'claimed', 0)"""
        )
    )
    await front.patel.command("new")
    await front.patel.types("QZ-77")
    other = front.telegram("700009")
    await other.command("new")
    assert "What shall we call this patient" in (await other.last()).text
    assert "QZ-77" not in await other.texts()
    token = (await front.patel.button("Cancel")).token
    await other.press(token)
    assert await front.one("SELECT COUNT(*) FROM form_session WHERE state = 'asking'") == 2


async def test_a_forgotten_form_is_put_away(front: Front) -> None:
    await front.patel.command("new")
    await front.patel.types("AB")
    front.work.clock.advance(RULES.form_life + DAY)
    assert await front.do(form_sessions.expire_due) == 1
    assert await front.do(form_sessions.expire_due) == 0
    (row,) = await front.rows("SELECT state, answers_sealed FROM form_session")
    assert (row["state"], bytes(row["answers_sealed"])) == ("cancelled", b"")


async def test_only_a_listed_dentist_with_a_practice_starts_cases(front: Front) -> None:
    await front.johal.command("new")
    assert "not for your role" in (await front.johal.last()).text
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET practice_id = NULL WHERE id = 1"))
    await front.patel.command("new")
    assert "not set up yet" in (await front.patel.last()).text
    assert "no practice in the roster" in await front.sam.texts()
    await front.do(lambda unit: unit.tx.execute("UPDATE person SET practice_id = 1, listed = 0 WHERE id = 1"))
    await front.patel.command("new")
    assert "not in the roster" in (await front.patel.last()).text


async def test_a_reply_to_the_question_is_its_answer_and_one_to_a_case_is_not(front: Front) -> None:
    case = await front.work.open_case()
    await front.work.settle()
    await front.do(
        lambda unit: unit.tx.execute(
            "UPDATE seat SET chat = '700001', topic = '', shared = 1 WHERE case_id = :c AND side = 'dentist'",
            {"c": case},
        )
    )
    await front.work.says(case, "specialist", "How does it fit?")
    chat = front.patel
    await chat.command("new")
    await front.work.settle()
    shown = {one.text: one for one in front.work.platforms["telegram"].shown}
    asked, said = next(one for text, one in shown.items() if "What shall we call" in text), shown["How does it fit?"]
    await chat.types("Very well", reply_to=said.id)
    (message,) = await front.rows("SELECT side FROM message WHERE no = 2")
    assert message["side"] == "dentist"
    front.work.clock.advance(11 * MINUTE)
    await chat.types("QZ-77", reply_to=asked.id)
    assert "What does the patient want" in (await chat.last()).text


async def test_asked_for_in_a_room_the_questions_come_in_the_private_chat(front: Front) -> None:
    case = await front.work.open_case()
    await front.work.settle()
    seat = await front.work.seat(case, "dentist")
    chat = front.patel
    room = Place("telegram", "", seat["chat"], seat["topic"])
    await chat.command("new", place=room)
    messages = await chat.reads()
    assert "private chat, outside this room" in next(
        m.text for m in messages if m.seat == seat["id"] and "outside" in m.text
    )
    assert "What shall we call" in messages[-1].text
    assert messages[-1].seat is None
