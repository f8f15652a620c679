"""Why a draft is not sent: each reason in words that are true of it, for a press, a typed number and the card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import Reason, Refused
from bot.domain.events import ButtonPressed, MessageEdited
from bot.domain.richtext import plain
from bot.drafting.retrieval import Library
from bot.services import corrections
from bot.services.unit import Unit
from storage import cases, messages
from tests.support.casework import SHAH, Casework
from tests.support.draft_desk import ENTRIES, SEAT, WEAR, DraftDesk


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES))


async def approved(room: DraftDesk) -> None:
    await room.presses("Approve and send")


async def under_way(room: DraftDesk) -> None:
    await room.presses("Approve and send", settle=False)


async def not_arrived(room: DraftDesk) -> None:
    await room.presses("Approve and send", settle=False)
    room.desk.platforms["telegram"].fates.append(Refused(Reason.OTHER))
    await room.looks()


async def taken_back(room: DraftDesk) -> None:
    await room.presses("Approve and send")
    await withdraw(room, 2)


async def withdraw(room: DraftDesk, no: int) -> None:
    def work(unit: Unit) -> object:
        message = messages.by_no(unit.tx, room.case, no)
        assert message is not None
        return corrections.withdraw(unit, message)

    await room.desk.do(work)
    await room.looks()


async def dismissed(room: DraftDesk) -> None:
    await room.presses("Dismiss")


async def answering(room: DraftDesk) -> None:
    await room.presses("Answer myself")


async def complaint(room: DraftDesk) -> None:
    await room.asks("The patient has made a formal complaint about me.")


async def closed(room: DraftDesk) -> None:
    await room.desk.do(lambda unit: cases.set_state(unit.tx, room.case, "closed", unit.now))


async def written(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", "She is away until Monday.")


async def replaced(room: DraftDesk) -> None:
    await room.replies("I would rather see a photo first.")


async def question_withdrawn(room: DraftDesk) -> None:
    await withdraw(room, 1)


async def question_edited(room: DraftDesk) -> None:
    rows = await room.desk.rows("SELECT native_id FROM message_part WHERE role = 'source'")
    await room.happens(MessageEdited(await room.origin("dentist"), rows[0]["native_id"], plain(WEAR)))


REASONS: list[tuple[Callable[[DraftDesk], Awaitable[None]], str]] = [
    (approved, "Draft 1 was approved already and sent as #2."),
    (under_way, "Draft 1 was approved already. It is on its way as #2."),
    (not_arrived, "Draft 1 was approved already as #2, which did not arrive. Its card has “Send again”."),
    (taken_back, "Draft 1 was approved already as #2, which was taken back since."),
    (dismissed, "Draft 1 was dismissed. It was not sent."),
    (answering, "You chose to answer yourself. Draft 1 was not sent."),
    (
        complaint,
        "A complaint is under way in this case, so draft 1 was not sent. What you write here yourself still goes.",
    ),
    (closed, "This case is closed, so draft 1 was not sent."),
    (written, "#2 was written after draft 1 was made, so the draft was not sent."),
    (replaced, "Draft 2 has taken the place of draft 1, which was not sent."),
    (question_withdrawn, "#1 was taken back by its author, so draft 1 was not sent."),
    (question_edited, "#1 was changed after draft 1 was made, so the draft was not sent."),
]


@pytest.mark.parametrize(("happens", "said"), REASONS, ids=[one.__name__ for one, _ in REASONS])
@pytest.mark.parametrize("by", ["number", "button"])
async def test_each_reason_has_its_own_words(
    room: DraftDesk, happens: Callable[[DraftDesk], Awaitable[None]], said: str, by: str
) -> None:
    await room.asks(SEAT)
    button = room.token("Approve and send")
    await happens(room)
    sent = len(await room.desk.rows("SELECT id FROM message WHERE kind = 'draft'"))
    if by == "number":
        await room.commands("approve", "1")
    else:
        await room.happens(ButtonPressed(await room.origin(), button))
    assert room.toasts[-1] == said
    assert len(await room.desk.rows("SELECT id FROM message WHERE kind = 'draft'")) == sent


async def test_a_successor_made_the_draft_void(room: DraftDesk) -> None:
    await room.asks(SEAT)
    button, origin = room.token("Approve and send"), await room.origin()
    await room.desk.reassign(room.case, SHAH)
    await room.happens(ButtonPressed(origin, button))
    assert room.toasts[-1] == "The case has changed hands since draft 1 was made, so it was not sent."
    assert room.arrived == []


async def test_a_button_of_what_the_card_showed_before_says_so(room: DraftDesk) -> None:
    await room.asks(SEAT)
    button = room.token("Approve and send")
    await room.edits("Use chewies for three days.")
    await room.happens(ButtonPressed(await room.origin(), button))
    assert room.toasts[-1] == (
        "The card of draft 1 has changed, and has fresh buttons. The draft was not sent; look at it again."
    )
    assert room.arrived == []


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (complaint, "A complaint is under way in this case, so draft 1 was not sent."),
        (question_withdrawn, "#1 was taken back by its author, so draft 1 was not sent."),
        (replaced, "A newer draft stands further down, with its own buttons. This one was not sent."),
    ],
)
async def test_the_card_says_why_it_is_void(
    room: DraftDesk, happens: Callable[[DraftDesk], Awaitable[None]], said: str
) -> None:
    await room.asks(SEAT)
    await happens(room)
    await room.looks()
    assert room.cards[0].text.startswith(said)
    assert room.cards[0].labels == ()


async def test_a_reply_while_a_complaint_is_under_way_names_it(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await complaint(room)
    await room.replies("Please ring me about this.")
    assert room.arrived == []
    assert room.told[-1].startswith("A complaint is under way in this case, so no draft was made of your reply")
