"""Replies to a draft's card and their edits, and windows that come back late: no word is lost, none goes unapproved."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.drafts import TEXT_MOST
from bot.domain.events import ButtonPressed, FormSubmitted, MessageDeleted, MessageEdited, MessageReceived
from bot.domain.richtext import line, link, plain
from bot.drafting.retrieval import Library
from storage import cases
from tests.support.casework import SHAH, Casework
from tests.support.draft_desk import ENTRIES, SEAT, DraftDesk

REPLY, CHANGED = "I would rather see a photo first.", "Please send two photos first."
COMPLAINT = "The patient has made a formal complaint about me."


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES))


async def says(room: DraftDesk, words: str, *, after: int = 0) -> None:
    """The specialist writes a message of their own, `after` µs."""
    room.desk.clock.advance(after)
    await room.happens(MessageReceived(await room.origin(), f"8{len(words)}", plain(words)))


async def test_an_edited_reply_is_a_new_version_of_its_card(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    old = room.token("Send this")
    await room.changes(reply, CHANGED)
    await room.happens(ButtonPressed(await room.origin(), old))
    assert room.arrived == []
    assert "has changed" in room.toasts[-1]
    assert CHANGED in room.cards[-1].text
    assert REPLY not in room.cards[-1].text
    await room.presses("Send this")
    (sent,) = room.arrived
    assert sent.startswith(CHANGED)


@pytest.mark.parametrize("first", ["press", "edit"])
async def test_a_press_and_an_edit_at_the_same_moment_send_what_was_shown_or_nothing(
    room: DraftDesk, first: str
) -> None:
    for number in range(2, 8):
        here = DraftDesk(room.desk, room.drafter, await room.desk.open_case(number))
        await room.desk.settle()
        await here.asks(SEAT)
        reply = await here.replies(REPLY)
        press = ButtonPressed(await here.origin(), here.token("Send this"))
        edit = MessageEdited(await here.origin(), reply, plain(CHANGED))
        events = (press, edit) if first == "press" else (edit, press)
        await asyncio.gather(*(here.happens(one, settle=False) for one in events))
        await room.desk.settle()
        if here.arrived:
            assert [text.split("\n")[0] for text in here.arrived] == [REPLY]
            assert any("What you changed in your reply since was not sent." in one for one in here.told)
        else:
            assert CHANGED in here.cards[-1].text
            assert "has changed" in here.toasts[-1]


async def test_an_edit_that_changes_no_word_changes_nothing(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    old = room.token("Send this")
    await room.changes(reply, REPLY)
    await room.happens(ButtonPressed(await room.origin(), old))
    assert len(room.arrived) == 1


async def test_a_reply_edited_after_it_was_sent_is_answered_with_what_to_do(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    await room.presses("Send this")
    await room.changes(reply, CHANGED)
    assert room.told[-1] == (
        "Draft 2 was approved already and sent as #2. What you changed in your reply since was not sent. "
        "Write it as a message of its own; /case withdraw 2 takes back what went."
    )
    assert [CHANGED in text for text in room.arrived] == [False]
    assert "Send this" not in room.cards[-1].labels


async def test_a_reply_edited_after_the_card_renewed_reaches_the_fresh_one(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    await room.desk.says(room.case, "dentist", "She is away until Monday.")
    await room.looks()
    await room.changes(reply, CHANGED)
    assert REPLY not in room.cards[-1].text
    await room.presses("Send this")
    assert [text.split("\n")[0] for text in room.arrived] == [CHANGED]


async def test_an_earlier_reply_does_not_take_the_place_of_a_later_one(room: DraftDesk) -> None:
    await room.asks(SEAT)
    first = await room.replies(REPLY)
    await room.replies("Use chewies.")
    for words in (CHANGED, f"{CHANGED} Today."):
        await room.changes(first, words)
        assert room.told[-1].startswith("Draft 3 has taken the place of draft 2")
    await room.presses("Send this")
    assert [text.split("\n")[0] for text in room.arrived] == ["Use chewies."]


async def test_a_reply_edited_into_what_no_card_holds_takes_its_card_away(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    old = room.token("Send this")
    await room.changes(reply, "x" * (TEXT_MOST + 1))
    assert "A card holds 2400 characters, and this has 2401." in room.told[-1]
    await room.happens(ButtonPressed(await room.origin(), old))
    assert room.arrived == []
    assert room.cards[-1].labels == ()
    await room.changes(reply, CHANGED)
    await room.presses("Send this")
    assert [text.split("\n")[0] for text in room.arrived] == [CHANGED]


async def test_a_reply_edited_while_a_complaint_is_under_way_is_answered(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    await room.asks(COMPLAINT)
    await room.changes(reply, CHANGED)
    assert room.told[-1].startswith("A complaint is under way in this case, so draft 2 was not sent.")
    assert room.arrived == []


async def test_who_has_left_the_case_changes_nothing_in_it(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    origin = await room.origin()
    await room.desk.reassign(room.case, SHAH)
    before = await room.desk.rows("SELECT id, rev, state FROM draft")
    await room.changes(reply, CHANGED, origin)
    assert await room.desk.rows("SELECT id, rev, state FROM draft") == before


async def test_a_deleted_reply_takes_its_card_away(room: DraftDesk) -> None:
    await room.asks(SEAT)
    reply = await room.replies(REPLY)
    old = room.token("Send this")
    await room.happens(MessageDeleted(await room.origin(), reply))
    assert room.cards[-1].labels == ()
    await room.happens(ButtonPressed(await room.origin(), old))
    assert room.arrived == []
    assert room.toasts[-1] == "Draft 2 was dismissed. It was not sent."


@pytest.mark.parametrize("with_reply", [True, False])
async def test_a_reply_that_an_app_cut_in_two_goes_nowhere_in_parts(room: DraftDesk, with_reply: bool) -> None:
    await room.asks(SEAT)
    await room.replies("a" * 4096)
    assert "A card holds 2400 characters, and this has 4096." in room.told[-1]
    if with_reply:
        await room.replies("and wear it for a week.")
    else:
        await says(room, "and wear it for a week.")
    assert room.arrived == []
    assert "Send this" not in room.cards[-1].labels
    assert room.told[-1].startswith("“and wear it for a week.” came with a reply that is too long for a card")
    await says(room, "Take the old one.", after=20_000_000)
    assert room.arrived == ["Take the old one."]


async def test_a_link_in_a_reply_keeps_its_address(room: DraftDesk) -> None:
    await room.asks(SEAT)
    body = line(
        "See ", link("the guide", "https://example.org/seat"), " or ", link("example.org", "https://example.org")
    )
    await room.replies(body)
    await room.presses("Send this")
    assert room.arrived[0].startswith("See the guide (https://example.org/seat) or example.org")


async def test_a_window_sent_after_the_approval_comes_back_as_a_card(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.presses("Edit")
    await room.presses("Approve and send")
    assert room.form is not None
    assert await room.happens(FormSubmitted(await room.origin(), room.form.token, {"words": CHANGED})) is None
    assert len(room.arrived) == 1
    assert room.told[-1] == (
        "Draft 1 was approved already and sent as #2. "
        "What you wrote stands on a card of its own below. Nothing of it goes unless you press its button."
    )
    assert CHANGED in room.cards[-1].text
    await room.presses("Send this")
    assert room.arrived[1].startswith(CHANGED)


@pytest.mark.parametrize("ended", ["complaint", "closed", "left"])
async def test_a_window_that_no_card_can_hold_comes_back_as_words(room: DraftDesk, ended: str) -> None:
    await room.asks(SEAT)
    await room.presses("Edit")
    assert room.form is not None
    origin = await room.origin()
    if ended == "complaint":
        await room.asks(COMPLAINT)
    elif ended == "closed":
        await room.desk.do(lambda unit: cases.set_state(unit.tx, room.case, "closed", unit.now))
    else:
        await room.desk.reassign(room.case, SHAH)
    await room.happens(FormSubmitted(origin, room.form.token, {"words": CHANGED}))
    reason = {
        "complaint": "A complaint is under way in this case, so draft 1 was not sent.",
        "closed": "This case is closed, so draft 1 was not sent.",
        "left": "The case has changed hands since this button was made, so nothing has happened.",
    }[ended]
    back = [one for one in room.desk.platforms["slack"].shown if CHANGED in one.text]
    assert len(back) == 1
    assert reason in back[0].text
    assert back[0].text.endswith(f"Copy what you still need:\n{CHANGED}")
    assert back[0].place.chat == ("DU0002" if ended == "left" else origin.place.chat)
    assert room.arrived == []
    if ended != "left":  # sent once more by the app, it comes back once
        await room.happens(FormSubmitted(origin, room.form.token, {"words": CHANGED}))
        assert sum(CHANGED in one.text for one in room.desk.platforms["slack"].shown) == 1
