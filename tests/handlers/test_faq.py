"""`/faq WORDS`: the library's best entries as a card for the dentist's newest message, or one line why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.events import ButtonPressed, CommandReceived
from bot.domain.ids import PersonId
from bot.drafting import vectors
from bot.drafting.retrieval import Library
from bot.drafting.vectors import Vectors
from bot.ports.drafter import Candidate
from bot.services import complaints
from bot.workers.lookups import LEASE
from prompts import library
from tests.support.casework import PATEL, SHAH
from tests.support.draft_desk import SEAT, DraftDesk
from tests.support.front import Front

ASKED = "She goes on holiday next week."


@pytest.fixture
async def room(front: Front) -> DraftDesk:
    """An open case in which the dentist has written nothing yet."""
    await front.work.open_case()
    await front.work.settle()
    return DraftDesk(front.work, Library(library.load()))


async def types(room: DraftDesk, words: str, side: str = "specialist", person: PersonId | None = None) -> None:
    """The command in a side's room; what it leads to is sent."""
    await room.happens(CommandReceived(await room.origin(side, person), "faq", words))
    await room.looks_up()


def told(room: DraftDesk) -> str:
    """The newest line in the specialist's room that is no card."""
    return room.desk.platforms["slack"].shown[-1].text


async def test_words_become_a_card_that_is_approved_like_any_other(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    await types(room, "hours of wear")
    (card,) = room.cards
    assert ASKED in card.text
    assert "20-22 hours a day" in card.text
    assert room.arrived == []
    await room.presses("Approve and send")
    (sent,) = room.arrived
    assert "20-22 hours a day" in sent
    assert sent.endswith("Library answer, checked for this case by Dr Amar Johal")
    (row,) = await room.desk.rows("SELECT topic, origin, state FROM draft")
    assert (row["topic"], row["origin"], row["state"]) == ("wear_hours", "library", "approved")
    assert len(await room.desk.rows("SELECT action FROM audit_entry WHERE action = 'draft.asked_for'")) == 1


async def test_a_flagged_entry_has_its_facts_ticked_first(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    await types(room, "wedding")
    await room.presses("Approve and send")
    assert room.arrived == []
    assert "First tick the 2 facts" in room.toasts[-1]


async def test_it_takes_the_place_of_a_card_that_is_open(room: DraftDesk) -> None:
    await room.asks(SEAT)
    before = room.token("Approve and send")
    await types(room, "black triangles")
    states = await room.desk.rows("SELECT topic, state FROM draft ORDER BY no")
    assert [(row["topic"], row["state"]) for row in states] == [("not_seating", "void"), ("triangles", "open")]
    await room.happens(ButtonPressed(await room.origin(), before))
    assert room.arrived == []
    await room.looks()
    assert len(await room.desk.rows("SELECT id FROM draft WHERE state = 'open'")) == 1


async def test_a_card_that_would_still_renew_does_not_come_back_beside_it(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.desk.says(room.case, "specialist", "One moment.")
    await types(room, "black triangles")
    await room.looks()
    (row,) = await room.desk.rows("SELECT topic FROM draft WHERE state = 'open'")
    assert row["topic"] == "triangles"
    await room.ticks()  # the question's own answer has them
    await room.presses("Approve and send")
    assert len(room.arrived) == 2  # the answer, and what was typed before it


NOTHING = (
    ("dentures fridge", "nothing for these words"),
    ("aligner", "nothing for these words"),
    ("?!", "nothing for these words"),
    ("root resorption", "for a person to answer"),
    ("x_complaint", "for a person to answer"),
)


async def test_one_clear_line_where_there_is_nothing_to_offer(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    for words in ("", "   "):
        await types(room, words)
        assert "Write a few words" in room.toasts[-1], words
    for words, line in NOTHING:
        await types(room, words)
        assert line in told(room), words
    assert room.cards == []
    assert await room.desk.rows("SELECT id FROM faq_request WHERE words_sealed IS NOT NULL") == []


async def test_before_the_dentist_wrote_anything(room: DraftDesk) -> None:
    await types(room, "wear")
    assert "has not written anything in this case yet" in room.toasts[-1]
    assert room.cards == []


async def test_a_message_that_a_person_must_answer_gets_none(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", "Her cheek is swollen since last night.")
    await types(room, "wear")
    assert "may need you at once, so nothing is drafted" in room.toasts[-1]
    assert room.cards == []


async def test_none_while_a_complaint_is_under_way(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    await room.desk.do(lambda unit: complaints.open_(unit, room.case, PATEL))
    await types(room, "wear")
    assert "No drafts are made in this case" in room.toasts[-1]
    assert await room.desk.rows("SELECT id FROM draft") == []


async def test_nobody_else_gets_one(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    for side, person in (("dentist", PATEL), ("specialist", SHAH), ("dentist", SHAH)):
        await types(room, "wear", side, person)
    assert len(room.toasts) == 3
    assert await room.desk.rows("SELECT id FROM draft") == []


async def test_outside_a_room_it_says_where_it_works(front: Front) -> None:
    await front.johal.command("faq", "wear")
    assert "works inside a case's room" in (await front.johal.last()).text


async def test_it_is_found_by_meaning_too(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    await types(room, "scared")  # no entry has this word
    (row,) = await room.desk.rows("SELECT topic FROM draft")
    assert row["topic"] == "anxious"


async def test_what_was_asked_for_before_the_case_changed_hands_is_not_shown(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    await room.happens(CommandReceived(await room.origin(), "faq", "wear"))
    await room.desk.reassign(room.case, SHAH)
    await room.looks_up()
    assert await room.desk.rows("SELECT id FROM draft") == []
    assert [row["state"] for row in await room.desk.rows("SELECT state FROM faq_request")] == ["done"]


async def test_a_message_that_came_meanwhile_is_the_one_that_is_answered(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", ASKED)
    await room.happens(CommandReceived(await room.origin(), "faq", "wear"))
    newer = await room.desk.says(room.case, "dentist", "She will be back on Monday.")
    await room.looks_up()
    assert [row["question_id"] for row in await room.desk.rows("SELECT question_id FROM draft")] == [newer]


async def test_a_search_that_keeps_failing_is_told(room: DraftDesk) -> None:
    class Broken(Library):
        def find(self, text: str) -> tuple[Candidate, ...]:
            raise RuntimeError("no such thing")

    room.drafter = Broken(library.load())
    await room.desk.says(room.case, "dentist", ASKED)
    await types(room, "wear")
    for _ in range(room.desk.units.rules.poison_attempts):
        room.desk.clock.advance(2 * LEASE)
        await room.looks_up()
    assert "cannot be searched just now" in told(room)
    assert [row["state"] for row in await room.desk.rows("SELECT state FROM faq_request")] == ["done"]


@pytest.mark.parametrize("model", [vectors.load, lambda: None], ids=["model", "words"])
def test_every_entry_can_be_had_by_its_id_and_by_its_title(model: Callable[[], Vectors | None]) -> None:
    ours = Library(library.load(), model)
    for entry in library.load():
        for words in (entry.id, f" {entry.title.upper()} "):
            assert [one.entry.id for one in ours.find(words)] == [entry.id]
    assert ours.find("hours of wear")[0].entry.id == "wear_hours"
    assert ours.find("dentures fridge") == ours.find("aligner") == ()
