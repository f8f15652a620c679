"""What a ticked card taught the library has facts to tick as well, whoever's words it holds."""

from __future__ import annotations

import pytest

from bot.domain.faq import Policy
from bot.drafting.retrieval import Library
from bot.services import faq_library
from tests.services.test_faq_learning import looks_again, sends
from tests.services.test_learning import AGAIN, TYPED, offers, types
from tests.support.casework import Casework
from tests.support.draft_desk import ENTRIES, Always, DraftDesk

IPR = "How much IPR may I do?"
OWN = "Half a millimetre in all, in two visits, with gauges."


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES, lambda: None))


async def learned(room: DraftDesk, answer: str) -> Policy:
    form = await looks_again(room, "Make it a library entry")
    assert await sends(room, form, title="IPR in two visits", question=IPR, answer=answer) is None
    (made,) = [one for one in await room.desk.units.look(faq_library.entries) if one.title == "IPR in two visits"]
    other = await room.desk.open_case(2)
    await room.desk.settle()
    elsewhere = DraftDesk(room.desk, Always(made), other)
    await elsewhere.asks(IPR)
    await elsewhere.presses("Approve and send")
    assert (elsewhere.arrived == []) == (made.policy is Policy.DRAFT_FLAG)
    return made.policy


async def test_a_typed_answer_to_a_flagged_question_makes_a_flagged_entry(room: DraftDesk) -> None:
    await room.asks(IPR)
    await room.desk.says(room.case, "specialist", "One moment please, let me look at that plan first.")
    room.desk.clock.advance(1_000_000)
    await room.replies(OWN)
    await room.ticks()
    await room.presses("Send this")
    assert await learned(room, OWN) is Policy.DRAFT_FLAG


async def test_an_own_answer_to_a_flagged_question_makes_a_flagged_entry(room: DraftDesk) -> None:
    await types(room, TYPED)
    await types(room, AGAIN)
    await types(room, f"{IPR}\n{TYPED}", offers(room)[0].id)
    await room.asks(IPR)
    await room.ticks()
    await room.presses("Approve and send")
    assert await learned(room, TYPED) is Policy.DRAFT_FLAG


async def test_an_answer_with_nothing_to_tick_makes_a_plain_entry(room: DraftDesk) -> None:
    await room.asks("The new aligner will not seat fully, what should I do?")
    await room.edits(OWN)
    await room.presses("Approve and send")
    assert await learned(room, OWN) is Policy.DRAFT
