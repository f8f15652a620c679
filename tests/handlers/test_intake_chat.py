"""The intake form asked in a chat: the fast way, the long way, mistakes, second thoughts, a restart in the middle."""

from __future__ import annotations

import json

from bot.domain.addresses import Place
from bot.domain.events import FileKind, InboundFile
from bot.domain.rules import DAY, MINUTE
from bot.services import form_sessions
from tests.support.casework import RULES
from tests.support.front import INTAKE, Chat, Front


async def answer_four(chat: Chat) -> None:
    """The required answers, as typed and tapped."""
    await chat.command("new")
    await chat.types(INTAKE["pseudonym"])
    await chat.types(INTAKE["complaint"])
    await chat.types(INTAKE["event_date"])
    await chat.types(INTAKE["event_what"])
    await chat.presses("Yes, the patient has agreed")


async def intake_of(front: Front) -> dict[str, object]:
    def read(unit):  # type: ignore[no-untyped-def]
        (case,) = unit.tx.all("SELECT * FROM case_file")
        sealed = unit.unseal(case["id"], "case_file", "intake_sealed", case["id"], case["intake_sealed"])
        return json.loads(sealed)

    return await front.work.units.look(read)  # type: ignore[no-any-return]


async def test_four_answers_and_a_tap_make_a_case(front: Front) -> None:
    chat = front.patel
    await answer_four(chat)
    summary = await chat.last()
    assert "Is this right?" in summary.text
    assert "14 June 2027" in summary.text
    assert summary.labels == ["Send", "Add details", "Change …", "Cancel"]

    await chat.presses("Send")

    (case,) = await front.rows("SELECT * FROM case_file")
    assert (case["state"], case["event_on"], case["urgency"]) == ("offered", "2027-06-14", "routine")
    assert await intake_of(front) == {
        "pseudonym": "AB",
        "complaint": INTAKE["complaint"],
        "event_date": "2027-06-14",
        "event_what": "Wedding",
        "consent": True,
    }
    assert case["ref"] in await chat.texts()
    assert await front.one("SELECT COUNT(*) FROM seat WHERE side = 'dentist' AND state = 'opening'") == 1
    assert await front.one("SELECT state FROM form_session") == "done"
    assert await front.audited("case.opened") == 1


async def test_pressing_send_twice_makes_one_case(front: Front) -> None:
    await answer_four(front.patel)
    token = (await front.patel.button("Send")).token
    await front.patel.press(token)
    await front.patel.press(token)
    assert await front.one("SELECT COUNT(*) FROM case_file") == 1
    assert "settled already" in await front.patel.texts()


async def test_details_are_asked_echoed_and_may_be_left_open(front: Front) -> None:
    chat = front.patel
    await answer_four(chat)
    await chat.presses("Add details")
    await chat.presses("Soon: this week")
    await chat.types("25 to 34")  # a label typed counts as its option
    await chat.types("UL2, 13")
    assert "Teeth to be moved: UR3 (13), UL2 (22)" in await chat.texts()
    await chat.types("13 rotation 20 deg; tidy up the rest")
    await chat.types("20/18")
    await chat.types("7 days")
    await chat.presses("Trauma, root filling or ankylosis")
    assert "✓ Trauma, root filling or ankylosis" in (await chat.last()).labels
    await chat.presses("BPE 3, 4 or *")
    await chat.presses("✓ BPE 3, 4 or *")
    await chat.presses("Done")
    await chat.presses("Don't know yet")
    assert "Is this right?" in (await chat.last()).text
    await chat.presses("Send")

    kept = await intake_of(front)
    assert kept["urgency"] == "soon"
    assert kept["age_band"] == "age_25_34"
    assert kept["teeth"] == [13, 22]
    assert kept["aligners"] == {"upper": 20, "lower": 18}
    assert kept["days_per_aligner"] == 7
    assert kept["history"] == ["trauma"]
    assert kept["system"] is None


async def test_none_of_these_and_the_others_exclude_each_other(front: Front) -> None:
    chat = front.patel
    await answer_four(chat)
    await chat.presses("Add details")
    for _ in range(6):
        await chat.presses("Don't know yet")
    await chat.presses("Under 18")
    await chat.presses("None of these")
    assert [label for label in (await chat.last()).labels if label.startswith("✓")] == ["✓ None of these"]


async def test_a_problem_says_what_would_be_right_and_keeps_the_question(front: Front) -> None:
    chat = front.patel
    await chat.command("new")
    await chat.types("A")
    assert "at least 2 letters" in (await chat.last()).text
    await chat.types("AB")
    await chat.types("gaps")
    await chat.types("someday")
    assert "someday" in (await chat.last()).text
    await chat.presses("No date")
    assert "What happens on that date" not in await chat.texts()
    await chat.types("no")
    assert "Nothing can be shared without it" in (await chat.last()).text
    await chat.presses("Yes, the patient has agreed")
    assert "Date to be ready for: None" in (await chat.last()).text


async def test_what_looks_like_a_name_is_kept_only_when_told_so(front: Front) -> None:
    chat = front.patel
    await chat.command("new")
    await chat.types("Jane Smith")
    assert "looks like a full name" in (await chat.last()).text
    await chat.types("JS")
    assert "What does the patient want" in (await chat.last()).text
    await chat.presses("Back")
    await chat.types("Jane Smith")
    await chat.presses("Keep it")
    assert "What does the patient want" in (await chat.last()).text
    await chat.command("cancel")
    assert "Given up" in (await chat.last()).text
    assert await front.one("SELECT COUNT(*) FROM case_file") == 0


async def test_back_asks_the_question_before_and_then_goes_on(front: Front) -> None:
    chat = front.patel
    await chat.command("new")
    assert "Back" not in (await chat.last()).labels
    await chat.types("AB")
    await chat.types("gaps to close")
    await chat.presses("Back")
    await chat.types("gaps and crowding")
    assert "Is there a date" in (await chat.last()).text
    assert "in their words: gaps and crowding" in await chat.texts()


async def test_any_answer_can_be_changed_at_the_end(front: Front) -> None:
    chat = front.patel
    await answer_four(chat)
    await chat.presses("Change …")
    await chat.presses("Date to be ready for")
    await chat.presses("No date")
    summary = await chat.last()
    assert "Is this right?" in summary.text
    assert "Wedding" not in summary.text
    await chat.presses("Send")
    assert "event_what" not in await intake_of(front)
    assert await front.one("SELECT COUNT(*) FROM case_file WHERE event_on IS NULL") == 1


async def test_an_answered_question_has_no_buttons_left_and_old_ones_say_so(front: Front) -> None:
    chat = front.patel
    await chat.command("new")
    stale = (await chat.button("Cancel")).token
    await chat.types("AB")
    question = next(message for message in await chat.reads() if "Patient, as you call them here: AB" in message.text)
    assert question.labels == []
    await chat.press(stale)
    assert "settled already" in (await chat.last()).text
    assert await front.one("SELECT state FROM form_session") == "asking"


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
    assert "Files come later" in (await chat.last()).text
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
