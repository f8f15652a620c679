"""A case is erased: what was learned from it is nowhere offered, listed or sent, whichever card holds its words."""

from __future__ import annotations

import pytest

from bot.domain.events import ButtonPressed, FormSubmitted
from bot.domain.outbound import FormErrors, OpenForm
from bot.domain.richtext import plain
from bot.drafting.retrieval import Library
from bot.ports.writer import Outcome, Written
from bot.services import faq_erasure, faq_library
from tests.services.test_faq_learning import OWN, looks_again, sends
from tests.services.test_learning import AGAIN, QUESTION, TYPED, offers, types
from tests.services.test_rewording import ModelDesk, Scripted
from tests.support.casework import Casework
from tests.support.draft_desk import ENTRIES, WEAR, Always, DraftDesk


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES, lambda: None))


async def keeps_own(room: DraftDesk, question: str = QUESTION) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    await types(room, f"{question}\n{TYPED}", offers(room)[0].id)


async def learns(room: DraftDesk) -> str:
    """An entry that came of an answer in this case; its title."""
    await room.asks(WEAR)
    await room.edits(OWN)
    await room.presses("Approve and send")
    form = await looks_again(room, "Make it a library entry")
    assert await sends(room, form, title="Hot drinks", question="May they have hot tea?", answer=OWN) is None
    return "Hot drinks"


async def erases(room: DraftDesk) -> int:
    """As the erasure of a case does: what was made from it, then its key."""
    taken = await room.desk.do(lambda unit: faq_erasure.withdraw(unit, room.case))
    await room.desk.do(lambda unit: unit.tx.execute("DELETE FROM case_key WHERE case_id = :c", {"c": room.case}))
    room.desk.units.sealer.forget(room.case)
    await room.desk.settle()
    return taken


async def another(room: DraftDesk, *entries: str) -> DraftDesk:
    """A second case of the same specialist, offered the entries of these titles or words of the small library."""
    case = await room.desk.open_case(2)
    await room.desk.settle()
    standing = (*ENTRIES, *await room.desk.units.look(faq_library.entries))
    found = [one for title in entries for one in standing if one.title == title]
    return DraftDesk(room.desk, Always(*found) if found else room.drafter, case)


async def test_an_open_card_of_an_own_answer_is_void_and_never_sent(room: DraftDesk) -> None:
    await keeps_own(room)
    elsewhere = await another(room)
    await elsewhere.asks(QUESTION)
    assert TYPED in elsewhere.cards[-1].text
    press = ButtonPressed(await elsewhere.origin(), elsewhere.token("Approve and send"))
    assert await erases(room) == 1
    assert "has left the library" in elsewhere.cards[-1].text
    assert elsewhere.cards[-1].labels == ()
    await elsewhere.happens(press)
    assert "has left the library" in elsewhere.toasts[-1]
    await elsewhere.asks("Are you there?")
    assert elsewhere.arrived == []
    assert not any(TYPED in one.text for one in elsewhere.cards)
    assert await room.desk.rows("SELECT id FROM own_answer WHERE text_sealed IS NOT NULL OR state = 'saved'") == []
    assert await room.desk.rows("SELECT sketch FROM answer_sketch") == []
    assert await erases(room) == 0


async def test_it_is_among_the_other_answers_no_more(room: DraftDesk) -> None:
    await keeps_own(room)
    elsewhere = await another(room, "Seat", "Wear")
    await elsewhere.asks(QUESTION)
    await elsewhere.presses("Other answers")
    await elsewhere.presses("Use 2")
    await elsewhere.presses("Other answers")
    use = ButtonPressed(await elsewhere.origin(), elsewhere.token("Use 1"))
    assert TYPED[:30] in elsewhere.cards[-1].text
    await erases(room)
    assert TYPED[:30] not in elsewhere.cards[-1].text
    await elsewhere.happens(use)
    await elsewhere.presses("Other answers")
    assert TYPED[:30] not in elsewhere.cards[-1].text
    await elsewhere.presses("Back")
    await elsewhere.presses("Approve and send")
    assert elsewhere.arrived[-1].startswith(ENTRIES[0].answer)


async def test_what_a_model_joined_gives_way_to_the_library_alone(desk: Casework) -> None:
    await desk.open_case()
    await desk.settle()
    room = DraftDesk(desk, Library(ENTRIES, lambda: None))
    title = await learns(room)
    plainly = await another(room, "Wear", title)
    joined = f"{ENTRIES[1].answer} {OWN}"
    writer = Scripted(Written(Outcome.WRITTEN, joined, reply=joined))
    elsewhere = ModelDesk(desk, plainly.drafter, plainly.case, writer=writer)
    await elsewhere.asks(WEAR)
    await elsewhere.agrees()
    await elsewhere.presses("Dismiss")
    await elsewhere.asks(f"{WEAR} Please?")
    assert OWN in elsewhere.cards[-1].text
    press = ButtonPressed(await elsewhere.origin(), elsewhere.token("Approve and send"))
    await erases(room)
    assert OWN not in elsewhere.cards[-1].text
    await elsewhere.happens(press)
    await elsewhere.looks()
    assert OWN not in elsewhere.cards[-1].text
    assert ENTRIES[1].answer in elsewhere.cards[-1].text
    await elsewhere.presses("Approve and send")
    assert [OWN in one for one in elsewhere.arrived] == [False]


async def test_an_edited_card_that_holds_its_words_does_not_go(room: DraftDesk) -> None:
    title = await learns(room)
    elsewhere = await another(room, "Wear", title)
    await elsewhere.asks(WEAR)
    await elsewhere.edits(f"Twenty-two hours, for now. {OWN}")
    window = await elsewhere.presses("Edit")
    assert isinstance(window, OpenForm)
    press = ButtonPressed(await elsewhere.origin(), elsewhere.token("Approve and send"))
    await erases(room)
    assert OWN not in elsewhere.cards[-1].text
    await elsewhere.happens(press)
    late = {"words": f"Twenty hours then. {OWN}"}
    await elsewhere.happens(FormSubmitted(await elsewhere.origin(), window.token, late))
    await elsewhere.asks("Are you there?")
    assert elsewhere.arrived == []
    assert not any(OWN in one.text for one in elsewhere.cards)


async def test_an_edited_card_without_its_words_stays(room: DraftDesk) -> None:
    title = await learns(room)
    elsewhere = await another(room, "Wear", title)
    await elsewhere.asks(WEAR)
    await elsewhere.edits("Twenty-two hours, for now.")
    await erases(room)
    await elsewhere.presses("Approve and send")
    assert elsewhere.arrived[-1].startswith("Twenty-two hours, for now.")


async def test_a_card_that_was_about_to_renew_does_not_bring_it_back(room: DraftDesk) -> None:
    await keeps_own(room)
    elsewhere = await another(room)
    await elsewhere.asks(QUESTION)
    await elsewhere.desk.says(elsewhere.case, "specialist", "One moment.")
    await erases(room)
    await elsewhere.looks()
    assert not any(TYPED in one.text for one in elsewhere.cards)
    assert await room.desk.rows("SELECT id FROM draft WHERE case_id = 1002 AND state <> 'withdrawn'") == []


async def test_what_was_made_from_it_elsewhere_goes_too(room: DraftDesk) -> None:
    await keeps_own(room)
    elsewhere = await another(room)
    await elsewhere.asks(QUESTION)
    await elsewhere.presses("Approve and send")
    form = await looks_again(elsewhere, "Make it a library entry")
    again = await elsewhere.presses("Make it a library entry")
    assert isinstance(again, OpenForm)
    assert await sends(elsewhere, form, title="Chewies", question=QUESTION, answer=TYPED) is None
    assert [one.title for one in await room.desk.units.look(faq_library.entries) if one.title == "Chewies"]
    assert await erases(room) == 2
    assert not [one for one in await room.desk.units.look(faq_library.entries) if one.title == "Chewies"]
    assert await room.desk.rows("SELECT id FROM faq_entry WHERE entry_sealed IS NOT NULL") == []
    await sends(elsewhere, again, title="Chewies", question=QUESTION, answer=TYPED)
    assert await room.desk.rows("SELECT id FROM faq_entry WHERE state = 'active'") == []


async def test_an_offer_that_nobody_answered_is_gone_too(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    press = ButtonPressed(await room.origin(), offers(room)[0].buttons[0])
    await room.desk.do(lambda unit: faq_erasure.withdraw(unit, room.case))
    assert not isinstance(await room.happens(press), OpenForm | FormErrors)
    assert plain(TYPED).text not in room.toasts[-1]
