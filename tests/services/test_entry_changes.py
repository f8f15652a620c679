"""An entry or own answer changes while a card stands open: nothing of an older version is ever approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.events import ButtonPressed
from bot.domain.faq import Entry
from bot.domain.problems import Problem
from bot.drafting.retrieval import Library
from bot.ports.drafter import Candidate, Strength, Suggestion, Verdict
from bot.services import draft_looks, faq_library
from bot.services.unit import Unit
from prompts import library
from storage import drafts as rows
from tests.support.casework import SHAH, Casework
from tests.support.draft_desk import PAUSE, Always, DraftDesk

ASKED = "How many hours a day should she wear them?"
ACCOUNT = {"person_id": SHAH, "role": "specialist"}
NEW = "Corrected: at least eighteen hours a day."
SHIPPED = {one.id: one for one in library.load()}
OLD = SHIPPED["wear_hours"].answer


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(library.load(), lambda: None))


async def corrects(room: DraftDesk, entry_id: str = "wear_hours", **answers: str) -> Entry:
    same = {"title": "same", "questions": "same", "answer": "same"}
    made = await room.desk.do(lambda unit: faq_library.edit(unit, ACCOUNT, entry_id, {**same, **answers}))
    assert isinstance(made, Entry)
    return made


async def retires(room: DraftDesk, entry_id: str = "wear_hours") -> None:
    def work(unit: Unit) -> Entry | Problem:
        entry = faq_library.current(unit, entry_id)
        assert entry is not None
        return faq_library.retire(unit, ACCOUNT, entry_id, entry.version)

    assert isinstance(await room.desk.do(work), Entry)


async def test_a_corrected_answer_never_goes_out_as_it_was(room: DraftDesk) -> None:
    await room.asks(ASKED)
    assert OLD[:60] in room.cards[-1].text
    press = ButtonPressed(await room.origin(), room.token("Approve and send"))
    await corrects(room, answer=NEW)
    await room.happens(press)
    assert room.arrived == []
    assert "has changed since" in room.toasts[-1]
    await room.looks()
    assert NEW in room.cards[-1].text
    assert "The answer behind this has changed since" in room.cards[-1].text
    assert OLD[:60] not in room.cards[-1].text
    await room.happens(press)
    assert room.arrived == []
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith(NEW)


async def test_facts_that_are_to_be_ticked_from_now_on_are(room: DraftDesk) -> None:
    await room.asks(ASKED)
    await corrects(room, policy="draft_flag")
    await room.presses("Approve and send")
    await room.looks()
    await room.presses("Approve and send")
    assert room.arrived == []
    await room.ticks()
    await room.presses("Approve and send")
    assert len(room.arrived) == 1


async def test_words_of_the_specialist_stay_and_the_card_says_that_the_entry_changed(room: DraftDesk) -> None:
    await room.asks(ASKED)
    await room.edits("Twenty hours, and never fewer.")
    await corrects(room, answer=NEW, policy="draft_flag")
    await room.looks()
    assert "Twenty hours, and never fewer." in room.cards[-1].text
    assert "The answer behind this has changed since" in room.cards[-1].text
    await room.presses("Approve and send")
    assert room.arrived == []
    await room.ticks()
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith("Twenty hours, and never fewer.")


async def test_words_of_the_specialist_outlive_an_entry_that_was_retired(room: DraftDesk) -> None:
    await room.asks(ASKED)
    await room.edits("Twenty hours, and never fewer.")
    await retires(room)
    await room.looks()
    assert "The answer behind this has changed since" in room.cards[-1].text
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith("Twenty hours, and never fewer.")


async def test_a_card_of_a_retired_entry_does_not_come_again(room: DraftDesk) -> None:
    await room.asks(ASKED)
    await retires(room)
    await room.looks()
    assert "has left the library" in room.cards[-1].text
    assert room.cards[-1].labels == ()
    await room.asks("Hello there.")
    assert not any("Approve and send" in one.labels for one in room.cards)


async def test_one_that_was_void_already_does_not_either(room: DraftDesk) -> None:
    await room.asks(ASKED)
    await room.desk.says(room.case, "specialist", "One moment.")
    await retires(room)
    await room.looks()
    assert "has left the library" in room.cards[-1].text
    assert room.cards[-1].labels == ()


async def test_a_card_that_was_void_already_comes_with_the_new_words(room: DraftDesk) -> None:
    await room.asks(ASKED)
    await room.desk.says(room.case, "specialist", "One moment.")
    await corrects(room, answer=NEW)
    await room.looks()
    assert NEW in room.cards[-1].text
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith(NEW)


async def test_another_answer_is_taken_as_it_reads_now(room: DraftDesk) -> None:
    room.drafter = Always(SHIPPED["travel"], SHIPPED["wear_hours"])
    await room.asks(ASKED)
    await room.presses("Other answers")
    await corrects(room, answer=NEW)
    await room.presses("Use 2")
    assert NEW in room.cards[-1].text
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith(NEW)


async def test_a_search_from_before_the_correction_shows_the_new_words(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    room.desk.clock.advance(PAUSE)
    (job,) = await room.desk.do(lambda unit: rows.due_jobs(unit.tx, unit.now, unit.now + PAUSE, 8))
    found = Suggestion(Verdict.DRAFT, (Candidate(SHIPPED["wear_hours"], 0.9, Strength.STRONG),))
    await corrects(room, answer=NEW)
    await room.desk.do(lambda unit: draft_looks.settle(unit, job, found))
    await room.desk.settle()
    assert NEW in room.cards[-1].text


async def test_files_that_are_newer_than_the_card_count_as_well(
    room: DraftDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.asks(ASKED)
    newer = tuple(
        replace(one, version=one.version + 1, answer=NEW) if one.id == "wear_hours" else one for one in library.load()
    )
    monkeypatch.setattr(library, "load", lambda: newer)
    await room.presses("Approve and send")
    assert room.arrived == []
    assert "has changed since" in room.toasts[-1]
    await room.looks()
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith(NEW)


async def test_a_source_that_was_looked_up_ends_no_approval(room: DraftDesk) -> None:
    await room.asks(ASKED)

    def look_up(unit: Unit) -> Entry | Problem:
        entry = faq_library.current(unit, "wear_hours")
        assert entry is not None
        return faq_library.mark(unit, ACCOUNT, entry.id, entry.version, 0, checked=True)

    assert isinstance(await room.desk.do(look_up), Entry)
    await room.presses("Approve and send")
    assert len(room.arrived) == 1
