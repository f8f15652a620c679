"""What a specialist keeps of their answers, on either app: for themselves, and for the library after a second look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_pairings import roster_of
from tests.support.drafting import labels
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.theatre import Theatre, eventually

PAIRS = pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
ASKED = "How many hours a day should AB wear the aligners? Her surname is Whitcombe."
UNUSUAL = "Would a Sunday at a music festival be a catastrophe?"
TYPED = "Chewies for five minutes, three times a day, on the side that lags, then show me a photograph in a week."
AGAIN = "Chewies for five minutes, three times a day, on the side that lags, then show me a photograph on Monday."
ASKS = {
    "The question, for any case": "How should the question read, for any case?",
    "Title": "What is the entry called?",
    "Questions it answers": "Which questions does it answer?",
    "Answer": "What is the answer, as it may be sent in any case?",
}
EDITED = "All day but for meals, and count the meals."
LAGS = "Which exercises with chewies help an aligner that lags?"


async def _fills(specialist: Side, values: dict[str, str]) -> None:
    """The form as the app has it: a window, or question by question in the private chat."""
    if isinstance(specialist, SlackSide):
        person = specialist.person
        await eventually(lambda: person.modal is not None)
        assert await person.submits({**values, "Second look": "Yes, nothing in it points at a patient"}) is None
        return
    assert isinstance(specialist, TelegramSide)
    for label, words in values.items():
        await specialist.reads_directly(ASKS[label])
        await specialist.person.says(words)
    await specialist.presses_directly("Yes, nothing in it points at a patient")
    await specialist.presses_directly("Send")


@PAIRS
async def test_a_question_is_kept_for_the_library_and_finds_its_answer_again(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(ASKED)
        await eventually(lambda: "Approve and send" in labels(specialist))
        assert "Keep the question for the library" not in labels(specialist)
        await specialist.presses("Approve and send")
        await dentist.sees("The usual prescription is 20-22 hours a day")
        await specialist.presses("Keep the question for the library")
        if not isinstance(specialist, SlackSide):
            shown = specialist.words(await specialist.sees("without what points at the patient"))
            assert "hours a day" in shown
            assert "Whitcombe" not in shown
        await _fills(specialist, {"The question, for any case": UNUSUAL})
        await specialist.sees("questions like it now bring")
        assert "Keep the question for the library" not in labels(dentist)
        await play.restart()
        await dentist.says(UNUSUAL)
        await eventually(lambda: "Approve and send" in labels(specialist))
        await specialist.presses("Approve and send")
        await eventually(lambda: dentist.count("The usual prescription is 20-22 hours a day") == 2)


@PAIRS
async def test_an_edited_answer_becomes_an_entry_that_faq_finds(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.says(ASKED)
        await eventually(lambda: "Approve and send" in labels(specialist))
        shown = await specialist.sees("Only you see this. Nothing is sent unless you approve it.")
        if isinstance(specialist, SlackSide):
            person = specialist.person
            await specialist.presses("Edit")
            await eventually(lambda: person.modal is not None)
            assert await person.submits({"What will be sent": EDITED}) is None
            await specialist.sees(EDITED)
            await specialist.presses("Approve and send")
        else:
            await specialist.says(EDITED, reply_to=shown)
            await eventually(lambda: "Send this" in labels(specialist))
            await specialist.presses("Send this")
        await dentist.sees(EDITED)
        assert await play.rows("SELECT id FROM faq_entry") == []
        await eventually(lambda: "Make it a library entry" in labels(specialist))
        await specialist.presses("Make it a library entry")
        if isinstance(specialist, SlackSide):  # the window opens with the question and the answer in it
            await _fills(specialist, {"Title": "Meals", "Questions it answers": "May they leave them out to eat?"})
        else:
            await _fills(specialist, {"Title": "Meals", "Questions it answers": "May they eat?", "Answer": "same"})
        await specialist.sees("Added to the library: “Meals”.")
        await specialist.commands("faq meals")
        await eventually(lambda: "Approve and send" in labels(specialist))
        await specialist.presses("Approve and send")
        await eventually(lambda: dentist.count(EDITED) == 2)


@PAIRS
async def test_people_21_the_second_similar_answer_is_kept(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await specialist.says(TYPED)
        await dentist.sees(TYPED)
        assert "Save as my answer" not in labels(specialist)
        await specialist.says(AGAIN)
        offer = await specialist.sees("You have written much the same before. Only you see this")
        assert "Save as my answer" not in labels(dentist)
        if isinstance(specialist, SlackSide):
            person = specialist.person
            await specialist.presses("Save as my answer")
            await eventually(lambda: person.modal is not None)
            assert await person.submits({"For which question?": LAGS, "The answer, for any case": TYPED}) is None
        else:
            await specialist.presses("Save as my answer")
            await specialist.says(f"{LAGS}\n{TYPED}", reply_to=offer)
        await specialist.sees("Kept. It comes up first when such a question is asked again")
        await dentist.says(LAGS)
        await eventually(lambda: "Approve and send" in labels(specialist))
        before = dentist.count(TYPED)
        await specialist.presses("Approve and send")
        await eventually(lambda: dentist.count(TYPED) == before + 1)
        await dentist.never_saw(f"{LAGS}\n{TYPED}")
