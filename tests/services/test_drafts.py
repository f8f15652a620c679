"""A draft's whole life over both databases: what is sent is what was shown, to whom it was shown for, once."""

from __future__ import annotations

import pytest

from bot.domain.errors import Reason, Refused
from bot.domain.events import ButtonPressed, MessageEdited
from bot.domain.outbound import FormErrors
from bot.domain.richtext import plain
from bot.drafting.retrieval import Library
from bot.services import draft_renewal
from tests.support.casework import PATEL, SHAH, Casework
from tests.support.draft_desk import ENTRIES, SEAT, WEAR, Always, DraftDesk


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES))


async def test_what_is_sent_is_what_was_shown(room: DraftDesk) -> None:
    await room.asks(SEAT)
    (card,) = room.cards
    assert room.arrived == []
    await room.presses("Approve and send")
    (sent,) = room.arrived
    assert sent in card.text or sent == card.text
    assert sent.endswith("Library answer, checked for this case by Dr Amar Johal")
    assert "Sent as #2" in card.heading
    (row,) = await room.desk.rows("SELECT state, origin, distance, dwell FROM draft")
    assert (row["state"], row["origin"], row["distance"]) == ("approved", "library", 0)
    assert row["dwell"] is not None


async def test_two_presses_send_once(room: DraftDesk) -> None:
    await room.asks(SEAT)
    token = room.token("Approve and send")
    for _ in range(2):
        await room.happens(ButtonPressed(await room.origin(), token))
    assert len(room.arrived) == 1
    assert len(room.toasts) == 1


async def test_only_the_assigned_specialist_may_press(room: DraftDesk) -> None:
    await room.asks(SEAT)
    for other in (PATEL, SHAH):
        await room.presses("Approve and send", other)
    assert room.arrived == []
    assert len(room.toasts) == 2


async def test_messages_that_belong_together_are_one_question(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", "The new aligner")
    room.desk.clock.advance(2_000_000)
    await room.looks(pause=0)
    assert room.cards == []  # more may come
    await room.desk.says(room.case, "dentist", "will not seat fully, what should I do?")
    await room.looks()
    (card,) = room.cards
    assert "The new aligner" in card.text
    assert "will not seat fully" in card.text
    assert card.text.index("will not seat") < card.text.index("The new aligner")


async def test_a_picture_after_the_question_does_not_end_it(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.desk.says(room.case, "dentist", "")
    await room.looks()
    (card,) = room.cards
    assert "(a file)" in card.text
    await room.presses("Approve and send")
    assert len(room.arrived) == 1


@pytest.mark.parametrize("who", ["dentist", "specialist"])
async def test_a_void_card_renews_in_place(room: DraftDesk, who: str) -> None:
    await room.asks(SEAT)
    await room.edits("Hold on, use the old one for a week.")
    old = room.token("Approve and send")
    await room.desk.says(room.case, who, "She is away until Monday.")
    await room.looks()
    await room.happens(ButtonPressed(await room.origin(), old))
    assert [text for text in room.arrived if "Hold on" in text] == []  # the former button is void
    (card,) = room.cards
    assert "Hold on, use the old one for a week." in card.text
    assert card.text.startswith("She is away" if who == "dentist" else "You wrote #2 since")
    await room.presses("Approve and send")
    assert [text for text in room.arrived if text.startswith("Hold on, use the old one for a week.")]
    states = [row["state"] for row in await room.desk.rows("SELECT state FROM draft ORDER BY no")]
    assert states == ["void", "approved"]


async def test_a_new_question_brings_its_own_answer_to_the_card(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.asks(WEAR)
    (card,) = room.cards
    assert "20-22 hours" in card.text
    assert "previous aligner" not in card.text.replace(SEAT, "")


async def test_an_edited_question_is_looked_at_again(room: DraftDesk) -> None:
    asked = await room.asks(SEAT)
    (part,) = await room.desk.rows(f"SELECT native_id FROM message_part WHERE message_id = {asked} AND role = 'source'")
    await room.happens(MessageEdited(await room.origin("dentist"), part["native_id"], plain(WEAR)))
    assert not await room.desk.rows("SELECT id FROM draft WHERE state = 'open'")
    await room.looks()
    (card,) = room.cards
    assert "20-22 hours" in card.text


async def test_words_from_the_window_come_back_on_the_card(room: DraftDesk) -> None:
    await room.asks(SEAT)
    first = room.token("Approve and send")
    assert await room.edits("Use chewies for three days.") is None
    await room.happens(ButtonPressed(await room.origin(), first))
    assert room.arrived == []  # what that button showed is not what stands there
    await room.presses("Approve and send")
    assert room.arrived == [
        "Use chewies for three days.\n\nLibrary answer, edited and checked for this case by Dr Amar Johal"
    ]
    (row,) = await room.desk.rows("SELECT origin, words, distance FROM draft")
    assert row["origin"] == "edited"
    assert row["distance"] > 5


async def test_words_that_do_not_fit_are_mended_in_the_window(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.edits("x" * 3000)
    assert isinstance(reply, FormErrors)
    assert "2400" in reply.errors["words"]
    assert isinstance(await room.edits("  "), FormErrors)


async def test_a_window_that_comes_back_late_loses_no_words(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.presses("Edit")
    await room.asks("She is away until Monday.")
    await room.edits("Fine, go on Tuesday.")
    assert "Fine, go on Tuesday." in room.cards[-1].text
    assert room.arrived == []


async def test_a_reply_to_the_card_is_never_relayed(room: DraftDesk) -> None:
    await room.asks(SEAT)
    old = room.token("Approve and send")
    await room.replies("I would rather see a photo first.")
    assert room.arrived == []
    await room.happens(ButtonPressed(await room.origin(), old))
    assert room.arrived == []
    await room.presses("Send this")
    assert room.arrived[0].startswith("I would rather see a photo first.")
    await room.replies("And wear it tonight.")  # to a card that is settled
    assert len(room.arrived) == 1
    await room.presses("Send this")
    assert room.arrived[1] == "And wear it tonight."


async def test_a_reply_is_to_the_card_whatever_was_changed_on_it_since(room: DraftDesk) -> None:
    """The database may give the card's later changes first: they are no cards."""
    await room.asks(SEAT)
    await room.presses("Dismiss")
    changed = "UPDATE delivery SET id = -id WHERE kind = 'edit' AND native_id <> ''"
    assert await room.desk.do(lambda unit: unit.tx.execute(changed)) > 0
    await room.replies("I would rather see a photo first.")
    assert room.arrived == []
    assert "Send this" in room.cards[-1].labels


async def test_another_candidate_can_be_taken(room: DraftDesk) -> None:
    room.drafter = Always(*ENTRIES[:2])
    await room.asks(SEAT)
    await room.presses("Other answers")
    (card,) = room.cards
    assert "2. Wear · may fit" in card.text
    await room.commands("approve", "1")  # what would go is not in sight
    assert room.arrived == []
    await room.presses("Back")
    assert "previous aligner" in card.text
    await room.presses("Other answers")
    await room.presses("Use 2")
    await room.presses("Approve and send")
    assert [text.split("\n")[0] for text in room.arrived] == [ENTRIES[1].answer]


@pytest.mark.parametrize(("button", "state"), [("Dismiss", "dismissed"), ("Answer myself", "answering")])
async def test_nothing_is_sent_of_what_is_put_away(room: DraftDesk, button: str, state: str) -> None:
    await room.asks(SEAT)
    old = room.token("Approve and send")
    await room.presses(button)
    await room.happens(ButtonPressed(await room.origin(), old))
    assert room.arrived == []
    (row,) = await room.desk.rows("SELECT state FROM draft")
    assert row["state"] == state
    await room.desk.says(room.case, "specialist", "In my own words.")
    await room.looks()
    assert room.arrived == ["In my own words."]
    assert len(await room.desk.rows("SELECT id FROM draft")) == 1


async def test_typed_approval_needs_the_card_to_stand_there(room: DraftDesk) -> None:
    await room.desk.says(room.case, "dentist", SEAT)
    await room.looks()
    await room.commands("approve", "7")
    assert room.arrived == []
    await room.commands("approve", "#1")
    assert len(room.arrived) == 1


async def test_a_successor_gets_a_card_of_their_own(room: DraftDesk) -> None:
    await room.asks(SEAT)
    old = room.token("Approve and send")
    origin = await room.origin()
    await room.desk.reassign(room.case, SHAH)
    await room.happens(ButtonPressed(origin, old))
    assert room.arrived == []


async def test_what_did_not_arrive_is_not_used_up(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.presses("Approve and send", settle=False)
    telegram = room.desk.platforms["telegram"]
    telegram.fates.append(Refused(Reason.OTHER))
    await room.desk.settle()
    assert room.arrived == []
    await room.looks()
    assert "was approved and did not arrive" in room.cards[-1].heading
    await room.presses("Send again")
    assert len(room.arrived) == 1
    assert "Send again" not in room.cards[-1].labels


async def test_open_cards_are_offered_again_after_an_outage(room: DraftDesk) -> None:
    await room.asks(SEAT)
    old = room.token("Approve and send")
    assert await room.desk.do(lambda unit: draft_renewal.offer_again(unit, "telegram")) == 0
    assert await room.desk.do(lambda unit: draft_renewal.offer_again(unit, "slack")) == 1
    await room.desk.settle()
    assert len(room.cards) == 2
    assert room.cards[0].labels == ()
    await room.happens(ButtonPressed(await room.origin(), old))
    assert room.arrived == []
    await room.presses("Approve and send")
    assert len(room.arrived) == 1


async def test_a_red_flag_gets_a_holding_line_and_no_draft(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.asks("Her face is swollen since this morning, what now?")
    assert "Approve and send" not in room.cards[-1].labels
    here = [one.text for one in room.desk.platforms["telegram"].shown]
    assert any("has gone straight to Dr Amar Johal, marked as urgent" in text for text in here)
    direct = [one.text for one in room.desk.platforms["slack"].shown]
    assert any("may need you at once. Please look in its room." in text for text in direct)
    assert len(await room.desk.rows("SELECT id FROM urgent")) == 1


async def test_a_complaint_ends_every_draft(room: DraftDesk) -> None:
    await room.asks(SEAT)
    old = room.token("Approve and send")
    await room.asks("The patient has made a formal complaint about me.")
    await room.happens(ButtonPressed(await room.origin(), old))
    assert room.arrived == []
    assert "Approve and send" not in room.cards[-1].labels
    await room.asks(WEAR)
    assert len(room.cards) == 1
