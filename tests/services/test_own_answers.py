"""Answers a specialist keeps: listed, changed and removed, offered after a reply to a card, never with a patient."""

from __future__ import annotations

import pytest

from bot.domain.events import ButtonPressed, FormSubmitted, Origin
from bot.domain.outbound import FormErrors, OpenForm, Toast
from bot.drafting.retrieval import Library
from bot.services import generality
from bot.services.unit import Unit
from prompts.wording import say
from tests.services.test_learning import AGAIN, QUESTION, TYPED, offers, types
from tests.support.casework import SHAH, Casework
from tests.support.draft_desk import ENTRIES, DraftDesk
from tests.support.platforms import Shown

NEW = "Chewies for ten minutes, twice a day."


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES, lambda: None))


async def keeps(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    await types(room, f"{QUESTION}\n{TYPED}", offers(room)[0].id)


async def lists(room: DraftDesk, words: str = "mine") -> Shown:
    await room.commands("library", words)
    return room.desk.platforms["slack"].shown[-1]


def button(listed: Shown, label: str, origin: Origin) -> ButtonPressed:
    return ButtonPressed(origin, listed.buttons[listed.labels.index(label)])


async def test_they_are_listed_for_their_owner_alone(room: DraftDesk) -> None:
    assert (await lists(room)).text == say("own_answer.none")
    await keeps(room)
    listed = await lists(room)
    assert QUESTION in listed.text
    assert TYPED in listed.text
    assert listed.labels == ("Edit 1", "Remove 1")
    assert (await lists(room, "mine zebra")).text == say("own_answer.none")
    assert QUESTION in (await lists(room, "mine chewies")).text
    assert "1 answer of your own: “library mine” lists them." in (await lists(room, "")).text
    foreign = await room.origin(person=SHAH)
    assert not isinstance(await room.happens(button(listed, "Edit 1", foreign)), OpenForm)
    await room.happens(button(listed, "Remove 1", foreign))
    assert len(await room.desk.rows("SELECT id FROM own_answer WHERE state = 'saved'")) == 1


async def test_one_is_changed_and_its_open_card_comes_anew(room: DraftDesk) -> None:
    await keeps(room)
    await room.asks(QUESTION)
    press = ButtonPressed(await room.origin(), room.token("Approve and send"))
    form = await room.happens(button(await lists(room), "Edit 1", await room.origin()))
    assert isinstance(form, OpenForm)
    assert {one.name: one.initial for one in form.fields} == {"question": QUESTION, "answer": TYPED}
    for bad in ({"question": "For c-7k01?"}, {"answer": "Call Sarah Whitcombe on 07700 900142."}):
        values = {"question": QUESTION, "answer": NEW, **bad}
        assert isinstance(await room.happens(FormSubmitted(await room.origin(), form.token, values)), FormErrors), bad
    good = {"question": "same", "answer": NEW}
    assert await room.happens(FormSubmitted(await room.origin(), form.token, good)) is None
    sent = len(room.arrived)
    await room.happens(press)
    assert len(room.arrived) == sent
    await room.looks()
    assert NEW in room.cards[-1].text
    assert TYPED not in room.cards[-1].text
    await room.presses("Approve and send")
    assert room.arrived[-1].startswith(NEW)
    assert QUESTION in (await lists(room)).text


async def test_one_is_removed_and_offered_no_more(room: DraftDesk) -> None:
    await keeps(room)
    await room.asks(QUESTION)
    sent = len(room.arrived)
    remove = button(await lists(room), "Remove 1", await room.origin())
    reply = await room.happens(remove)
    assert reply == Toast(say("own_answer.removed"))
    await room.looks()
    assert "has left the library" in room.cards[-1].text
    await room.asks(QUESTION)
    assert not any(TYPED in one.text for one in room.cards)
    assert len(room.arrived) == sent
    assert await room.happens(remove) == Toast(say("learn.problem.not_kept"))
    assert (await lists(room)).text == say("own_answer.none")
    assert await room.desk.rows("SELECT id FROM own_answer WHERE text_sealed IS NOT NULL") == []
    await types(room, AGAIN)
    assert len(offers(room)) == 2  # it may be kept anew


async def test_replies_to_cards_that_repeat_bring_the_offer_as_well(room: DraftDesk) -> None:
    for words in (TYPED, AGAIN):
        await room.asks("The new aligner will not seat fully, what should I do?")
        assert offers(room) == []
        await room.replies(words)
        assert offers(room) == []
        await room.presses("Send this")
        room.desk.clock.advance(60_000_000)
    (offer,) = offers(room)
    form = await room.happens(ButtonPressed(await room.origin(), offer.buttons[0]))
    assert isinstance(form, OpenForm)
    assert [one.initial for one in form.fields if one.name == "words"] == [AGAIN]


async def test_an_answer_needs_a_question(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    form = await room.happens(ButtonPressed(await room.origin(), offers(room)[0].buttons[0]))
    assert isinstance(form, OpenForm)
    bad = FormSubmitted(await room.origin(), form.token, {"question": " ", "words": TYPED})
    assert await room.happens(bad) == FormErrors({"question": say("learn.problem.no_question")})


async def test_reference_practice_and_event_date_point_at_the_patient_in_any_case(room: DraftDesk) -> None:
    await room.desk.do(
        lambda unit: unit.tx.execute("UPDATE case_file SET event_on = '2027-06-14' WHERE id = :c", {"c": room.case})
    )
    practice = (await room.desk.rows("SELECT name FROM practice"))[0]["name"]

    def scan(unit: Unit, words: str) -> tuple[bool, str]:
        found = generality.points_at_patient(unit, words, case_id=room.case)
        return found, generality.general(unit, room.case, words)

    for bad in (
        "As in c-7k01.",
        f"Ask at {practice.lower()} first.",
        f"Ask at {practice} first.",
        "Done by 14 June?",
        "by the 14th of june 2027",
        "before June 14",
        "it is on 14/06/27.",
        "2027-06-14 at the latest",
    ):
        found, shown = await room.desk.units.look(lambda unit, bad=bad: scan(unit, bad))
        assert found, bad
        assert not any(mark in shown.lower() for mark in ("7k01", practice.lower(), "june", "2027", "14")), shown
    for good in (
        "Every 14 days, 0.14 mm each.",
        "In June 2027 or later.",
        "Ratio 14/6, floss.",
        "114 June bugs",
    ):
        found, shown = await room.desk.units.look(lambda unit, good=good: scan(unit, good))
        assert (found, shown) == (False, good)
