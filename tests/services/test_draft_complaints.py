"""A complaint stops drafts, never a person being called: and what stood before it never comes back after it."""

from __future__ import annotations

import pytest

from bot.domain.events import MessageEdited, MessageReceived
from bot.domain.richtext import plain
from bot.drafting.retrieval import Library
from bot.services import complaints
from prompts import library
from tests.support.casework import PATEL, Casework
from tests.support.draft_desk import SEAT, WEAR, DraftDesk

COMPLAINT = "His mother wants to make a formal complaint."
BY_WORD = "Her face is swollen and she cannot breathe well."
BY_MEANING = "She looks grey and keeps fainting in the chair."
SETTLED = "Thank you, that is settled then."


@pytest.fixture(scope="module")
def ours() -> Library:
    return Library(library.load())


@pytest.fixture
async def room(desk: Casework, ours: Library) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, ours)


async def called(room: DraftDesk) -> list[int]:
    """The numbers of the messages that a person is called for."""
    sql = "SELECT m.no FROM urgent u JOIN message m ON m.id = u.message_id WHERE u.state = 'asked' ORDER BY m.no"
    return [int(row["no"]) for row in await room.desk.rows(sql)]


async def left(room: DraftDesk) -> list[dict[str, object]]:
    return await room.desk.rows("SELECT id FROM draft_job WHERE state = 'new'")


@pytest.mark.parametrize("flag", [BY_WORD, BY_MEANING])
async def test_a_flag_during_a_complaint_calls_a_person(room: DraftDesk, flag: str) -> None:
    await room.says(COMPLAINT)
    assert await called(room) == []
    await room.says(flag)
    assert await called(room) == [2]
    assert "#2 may need you at once. No draft is made for this." in room.told
    assert room.cards == []
    heard = [one.text for one in room.desk.platforms["telegram"].shown]
    assert any("#2 has gone straight to" in one and "marked as urgent" in one for one in heard)


@pytest.mark.parametrize(
    "texts",
    [
        ("He wants to make a formal complaint, his face is swollen and he cannot breathe well.",),
        ("He wants to make a formal complaint. " + BY_MEANING,),
        ("He made a complaint to the practice and she says she wants to end it all.",),
        (BY_MEANING, COMPLAINT),
        (BY_WORD, COMPLAINT),
    ],
)
async def test_a_flag_with_a_complaint_calls_a_person(room: DraftDesk, texts: tuple[str, ...]) -> None:
    await room.says(*texts)
    assert await room.desk.rows("SELECT case_id FROM complaint WHERE closed_at IS NULL")
    assert await called(room) == [1]
    assert room.cards == []


@pytest.mark.parametrize(
    "text", [COMPLAINT, "The patient is threatening to sue me. What should I say?", "He is furious and wants a refund."]
)
async def test_a_complaint_itself_calls_nobody_again(room: DraftDesk, text: str) -> None:
    await room.says(COMPLAINT)
    await room.says(text)
    assert await called(room) == []
    assert await left(room) == []


async def test_an_edit_during_a_complaint_calls_a_person(room: DraftDesk) -> None:
    await room.says(COMPLAINT)
    await room.happens(MessageReceived(await room.origin("dentist"), "77", plain("He is here.")))
    await room.looks()
    assert await called(room) == []
    room.desk.clock.advance(1_000_000)
    await room.happens(MessageEdited(await room.origin("dentist"), "77", plain("He is here. " + BY_MEANING)))
    await room.looks()
    assert await called(room) == [2]


async def test_nothing_is_drafted_during_a_complaint(room: DraftDesk) -> None:
    await room.says(COMPLAINT)
    await room.says(WEAR)
    assert await room.desk.rows("SELECT id FROM draft") == []
    assert await left(room) == []


async def test_what_stood_before_a_complaint_never_comes_back(room: DraftDesk) -> None:
    await room.says(WEAR)
    assert "Approve and send" in room.cards[-1].labels
    await room.desk.do(lambda unit: complaints.open_(unit, room.case, PATEL))
    await room.desk.do(lambda unit: complaints.close(unit, room.case, PATEL))  # before its card said anything
    await room.looks()
    assert room.cards[-1].labels == ()
    await room.says(SETTLED)
    assert [one for one in room.cards if one.labels] == []
    assert await room.desk.rows("SELECT id FROM draft WHERE state = 'open'") == []


async def test_after_a_complaint_a_new_question_is_drafted_by_itself(room: DraftDesk) -> None:
    await room.says(WEAR)
    await room.desk.do(lambda unit: complaints.open_(unit, room.case, PATEL))
    await room.looks()
    await room.desk.do(lambda unit: complaints.close(unit, room.case, PATEL))
    await room.says(SEAT)
    card = room.cards[-1]
    assert "Approve and send" in card.labels
    assert SEAT in card.text
    assert WEAR not in card.text
    await room.says("And he is on aligner nine.")  # what is made after it renews as ever
    assert "Approve and send" in room.cards[-1].labels
