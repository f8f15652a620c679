"""Facts to tick: where the library's best answer has them, they stand for whatever is sent in its place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.events import FormSubmitted
from bot.drafting.retrieval import Library
from bot.services.unit import Unit
from storage import own_answers
from tests.support.casework import JOHAL, Casework
from tests.support.draft_desk import ENTRIES, SEAT, WEAR, Always, DraftDesk

IPR = "How much IPR may I do?"
OWN = "Less than you think: stay under 0.3 mm per contact."


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES, lambda: None))


async def keeps(room: DraftDesk, question: str, words: str) -> None:
    """The specialist has an answer of their own to a question."""
    said = await room.desk.says(room.case, "specialist", words)

    def save(unit: Unit) -> None:
        made = unit.new_id()
        own_answers.offer(unit.tx, id=made, person_id=JOHAL, case_id=room.case, message_id=said, now=unit.now)
        own_answers.save(
            unit.tx,
            made,
            unit.seal(room.case, "own_answer", "question_sealed", made, question.encode()),
            unit.seal(room.case, "own_answer", "text_sealed", made, words.encode()),
            unit.now,
        )

    await room.desk.do(save)


async def goes_only_once_ticked(room: DraftDesk, label: str, words: str) -> None:
    before = len(room.arrived)
    assert sum("☐" in one for one in room.cards[-1].labels) == 2
    await room.presses(label)
    assert len(room.arrived) == before
    assert "First tick the 2 facts" in room.toasts[-1]
    await room.ticks()
    await room.presses(label)
    assert len(room.arrived) == before + 1
    assert room.arrived[-1].startswith(words)


async def test_an_own_answer_that_comes_first_has_the_ticks_of_the_library_answer(room: DraftDesk) -> None:
    await keeps(room, IPR, OWN)
    await room.asks(IPR)
    assert OWN in room.cards[-1].text
    await goes_only_once_ticked(room, "Approve and send", OWN)


async def test_an_own_answer_found_by_the_command_has_them_too(room: DraftDesk) -> None:
    await keeps(room, IPR, OWN)
    await room.asks("She comes in tomorrow.")
    await room.commands("faq", IPR)
    await room.looks_up()
    assert OWN in room.cards[-1].text
    await goes_only_once_ticked(room, "Approve and send", OWN)


async def test_many_own_answers_do_not_hide_the_library_answer(room: DraftDesk) -> None:
    for number in range(4):
        await keeps(room, IPR, f"{OWN} ({number})")
    await room.asks(IPR)
    await room.presses("Other answers")
    assert ENTRIES[2].answer in room.cards[-1].text
    await room.presses("Back")
    await goes_only_once_ticked(room, "Approve and send", OWN)


async def test_another_answer_taken_instead_keeps_them(room: DraftDesk) -> None:
    room.drafter = Always(ENTRIES[2], ENTRIES[1])
    await room.asks(IPR)
    await room.presses("Other answers")
    await room.presses("Use 2")
    await goes_only_once_ticked(room, "Approve and send", ENTRIES[1].answer)


async def _void(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", "She is here now.")


async def _told(room: DraftDesk) -> None:
    await _void(room)
    await room.looks()


async def _typed(room: DraftDesk) -> None:
    await room.replies("Let me think.")


async def _dismissed(room: DraftDesk) -> None:
    await room.presses("Dismiss")


async def _nothing(room: DraftDesk) -> None:
    assert "Approve and send" in room.cards[-1].labels


@pytest.mark.parametrize("meanwhile", [_nothing, _void, _told, _typed, _dismissed])
async def test_a_reply_to_a_card_with_ticks_has_them(
    room: DraftDesk, meanwhile: Callable[[DraftDesk], Awaitable[None]]
) -> None:
    await room.asks(IPR)
    await meanwhile(room)
    await room.replies(OWN)
    await goes_only_once_ticked(room, "Send this", OWN)


async def test_a_window_that_comes_back_for_a_settled_card_has_them(room: DraftDesk) -> None:
    await room.asks(IPR)
    await room.replies("Let me think.")
    await room.presses("Edit")
    form = room.form
    assert form is not None
    await room.presses("Dismiss")
    await room.happens(FormSubmitted(await room.origin(), form.token, {"words": OWN}))
    await goes_only_once_ticked(room, "Send this", OWN)


async def test_words_written_before_the_question_was_looked_at_get_them_with_the_look(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.presses("Approve and send")
    await room.desk.says(room.case, "dentist", IPR)
    await room.replies(OWN)
    old = room.token("Send this")
    await room.looks()
    assert room.token("Send this") != old
    await goes_only_once_ticked(room, "Send this", OWN)


async def test_words_kept_on_a_renewed_card_get_those_of_the_new_question(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.edits(OWN)
    await room.asks(IPR)
    assert OWN in room.cards[-1].text
    await goes_only_once_ticked(room, "Approve and send", OWN)


async def test_where_the_best_answer_has_none_there_are_none(room: DraftDesk) -> None:
    await keeps(room, WEAR, OWN)
    await room.asks(WEAR)
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith(OWN)
    await room.asks(IPR)
    await room.presses("Dismiss")
    await room.asks(SEAT)
    await room.replies("Send a photo first.")
    await room.presses("Send this")
    assert room.arrived[-1].startswith("Send a photo first.")
