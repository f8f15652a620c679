"""The intake form asked in a chat: the fast way, the long way, mistakes, second thoughts, a restart in the middle."""

from __future__ import annotations

from tests.handlers.intake_form import answer_four, intake_of
from tests.support.front import INTAKE, Front


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
    await chat.types("4,5 mm")
    assert "Overbite: 4.5 mm" in await chat.texts()
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
    assert kept["overbite"] == 4.5
    assert kept["history"] == ["trauma"]
    assert kept["system"] is None


async def test_none_of_these_and_the_others_exclude_each_other(front: Front) -> None:
    chat = front.patel
    await answer_four(chat)
    await chat.presses("Add details")
    for _ in range(7):
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
