"""A draft's card, native in both apps: what stands on it, and each of its buttons, as the two people see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.drafts import TEXT_MOST, length
from bot.domain.problems import Problem
from bot.services import faq_library
from bot.services.unit import Unit
from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_drafts import ANSWER, QUESTION, card
from tests.support.drafting import labels, ticks
from tests.support.theatre import Theatre, eventually

BUTTONS = ("Approve and send", "Edit", "Other answers", "Answer myself", "Dismiss")
OWN = "Let me think about her shifts first."


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
async def test_the_card_and_its_buttons(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())

        # The question, the draft, its sources and the by-line; then the other candidates, and one of them instead.
        await dentist.says(QUESTION)
        shown = await card(specialist)
        for words in (QUESTION, ANSWER, "Sources", "Library answer, checked for this case by Dr Amar Johal"):
            assert words in shown
        assert [label for label in BUTTONS if label not in labels(specialist)] == []
        await specialist.presses("Other answers")
        others = specialist.words(await specialist.sees("Answers that may fit, best first"))
        assert "1. Hours of wear per day · fits well" in others
        await specialist.presses("Use 2")
        await specialist.sees_no_more("Answers that may fit, best first")
        await specialist.sees_no_more(ANSWER)
        await specialist.presses("Dismiss")
        await specialist.sees("Draft dismissed. Nothing was sent.")

        # The next one the specialist answers in their own words: they go as ever, and the card sends nothing.
        await dentist.says(QUESTION)
        await card(specialist)
        await specialist.presses("Answer myself")
        await specialist.sees("What you type here goes as your own answer.")
        await specialist.says(OWN)
        await dentist.sees(OWN)

        # The dentist mends their question: the card is looked at again, and is approved by its number, once.
        said = await dentist.says(QUESTION)
        await card(specialist)
        await dentist.edits(said, f"{QUESTION} She is 30.")
        number = await eventually(lambda: _stands(play))
        assert "She is 30." in await card(specialist)
        await dentist.never_saw(ANSWER)
        await specialist.commands(f"approve {number}")
        await dentist.sees(ANSWER)
        await specialist.commands(f"approve {number}")
        await specialist.says("That is all.")
        await dentist.sees("That is all.")
        assert dentist.count(ANSWER) == 1


async def _stands(play: Theatre) -> int | None:
    """The number of the draft for the mended question, once its card has arrived as it is now."""
    rows = await play.rows(
        """SELECT d.no FROM draft d JOIN delivery v ON v.id = d.shown_by
           WHERE d.state = 'open' AND d.question_version = 2 AND v.state = 'sent'"""
    )
    return int(rows[0]["no"]) if rows else None


@pytest.mark.parametrize("pair", ["telegram-slack", "slack-telegram"])
async def test_other_answers_that_are_long_are_read_one_by_one(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.says(QUESTION)
        await card(specialist)
        await specialist.presses("Other answers")
        listed = specialist.words(await specialist.sees("Answers that may fit, best first"))
        assert "Read" not in "".join(labels(specialist))
        await specialist.presses("Back")
        whole: dict[str, str] = {}

        def lengthen(unit: Unit) -> None:
            """Each of them is as long as the library takes it."""
            account = {"person_id": unit.tx.all("SELECT id FROM person WHERE role = 'specialist'")[0]["id"]}
            for entry in faq_library.entries(unit):
                if f". {entry.title} · " in listed:
                    most = TEXT_MOST - length(entry.patient_words) - len(" Always.")
                    whole[entry.title] = f"{entry.answer} {'And so on. ' * 300}"[:most] + " Always."
                    changed = {"title": "same", "questions": "same", "answer": whole[entry.title]}
                    assert not isinstance(faq_library.edit(unit, account, entry.id, changed), Problem)

        await play.do(lengthen)
        assert len(whole) == 3
        await play.restart()
        dentist, specialist = await play.rooms(ref)
        await dentist.says(f"{QUESTION} She is 30.")
        await specialist.sees("for #2, not sent")  # the card of before came again as well, with the longer answer
        await card(specialist)
        await specialist.presses("Other answers")
        listed = specialist.words(await specialist.sees("Answers that may fit, best first"))
        second = next(title for title in whole if f"2. {title} · " in listed)
        assert whole[second][:200] in " ".join(listed.split())
        assert "Always." not in listed
        await specialist.presses("Read 2")
        await specialist.sees("Always.")
        await specialist.presses("Use 2")
        await specialist.sees("Library answer, checked for this case by")
        if "☐" in "".join(labels(specialist)):
            await ticks(specialist)
        await specialist.presses("Approve and send")
        sent = await dentist.sees(whole[second][:200])
        assert "Always." in dentist.words(sent)
