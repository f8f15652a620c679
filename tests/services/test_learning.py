"""Answers a specialist keeps: offered to them alone, only by a second look, and never with a patient in them."""

from __future__ import annotations

import pytest

from bot.domain.events import ButtonPressed, FormSubmitted, MessageReceived
from bot.domain.outbound import FormErrors, OpenForm
from bot.domain.richtext import plain
from bot.drafting.retrieval import Library
from tests.support.casework import SHAH, Casework
from tests.support.draft_desk import ENTRIES, DraftDesk
from tests.support.platforms import Shown

TYPED = "Chewies for five minutes, three times a day, on the side that lags, then show me a photograph in a week."
AGAIN = "Chewies for five minutes, three times a day, on the side that lags, then show me a photograph on Monday."
QUESTION = "Which chewies exercises help an aligner that lags?"


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES, lambda: None))


async def types(room: DraftDesk, text: str, reply_to: str | None = None) -> None:
    origin = await room.origin()
    await room.happens(MessageReceived(origin, f"8.{room.desk.clock.now()}", plain(text), reply_to))
    room.desk.clock.advance(60_000_000)


def offers(room: DraftDesk) -> list[Shown]:
    return [one for one in room.desk.platforms["slack"].shown if "Save as my answer" in one.labels]


async def opens(room: DraftDesk) -> OpenForm:
    (offer,) = offers(room)
    opened = await room.happens(ButtonPressed(await room.origin(), offer.buttons[0]))
    assert isinstance(opened, OpenForm)
    return opened


async def test_the_second_similar_answer_offers_it_to_the_specialist_alone(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, "Something else entirely that has a good many words in it but none of those.")
    assert offers(room) == []
    await types(room, AGAIN)
    assert len(offers(room)) == 1
    assert not any("Save as my answer" in one.labels for one in room.desk.platforms["telegram"].shown)
    (offer,) = offers(room)
    await room.happens(ButtonPressed(await room.origin(person=SHAH), offer.buttons[0]))
    assert room.form is None
    sketches = await room.desk.rows("SELECT sketch FROM answer_sketch")
    assert not any("chewies" in row["sketch"] for row in sketches)


async def test_nothing_is_kept_that_points_at_a_patient(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    form = await opens(room)
    phone = TYPED + " Sarah Whitcombe's mobile is 07700 900142."
    for question, words in (
        (QUESTION, phone),
        (f"As in {room.ref}?", TYPED),
        ("Her face is swollen, now what?", TYPED),
    ):
        bad = {"question": question, "words": words}
        assert isinstance(await room.happens(FormSubmitted(await room.origin(), form.token, bad)), FormErrors), bad
    assert await room.desk.rows("SELECT id FROM own_answer WHERE state = 'saved'") == []


async def test_what_is_kept_comes_first_and_waits_for_approval(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    form = await opens(room)
    good = {"question": QUESTION, "words": TYPED}
    assert await room.happens(FormSubmitted(await room.origin(), form.token, good)) is None
    before = len(room.arrived)
    await room.asks("Which chewies exercises help? Her aligner lags at UL2.")
    assert TYPED in room.cards[-1].text
    assert len(room.arrived) == before
    await room.presses("Approve and send")
    assert room.arrived[-1] == f"{TYPED}\n\nChecked for this case by Dr Amar Johal"
    await types(room, AGAIN)
    assert len(offers(room)) == 1  # it is kept already


async def test_a_reply_to_the_offer_keeps_it_and_is_never_relayed(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    before = list(room.arrived)
    await types(room, f"{QUESTION}\n{TYPED}", offers(room)[0].id)
    assert room.arrived == before
    assert len(await room.desk.rows("SELECT id FROM own_answer WHERE state = 'saved'")) == 1


async def test_an_erased_case_takes_it_along(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    await types(room, f"{QUESTION}\n{TYPED}", offers(room)[0].id)
    other = await room.desk.open_case(2)
    await room.desk.settle()
    elsewhere = DraftDesk(room.desk, Library(ENTRIES, lambda: None), other)
    await elsewhere.asks(QUESTION)
    assert TYPED in elsewhere.cards[-1].text
    await room.desk.do(lambda unit: unit.tx.execute("DELETE FROM case_key WHERE case_id = 1001"))
    room.desk.units.sealer.forget(room.case)
    await elsewhere.presses("Dismiss")
    await elsewhere.asks(QUESTION)
    assert not any(TYPED in one.text and "Draft 2" in one.heading for one in elsewhere.cards)
