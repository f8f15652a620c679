"""The facts on a draft: ticked where a topic needs it, and never those of an older day or plan."""

from __future__ import annotations

import pytest

from bot.drafting.retrieval import Library
from bot.services import plans
from tests.support.casework import Casework
from tests.support.draft_desk import ENTRIES, Always, DraftDesk, entry


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES))


async def test_flagged_topics_need_both_facts_ticked(room: DraftDesk) -> None:
    await room.asks("How much IPR may I do?")
    await room.presses("Approve and send")
    await room.presses("☐")
    await room.presses("Approve and send")
    assert room.arrived == []
    assert len(room.toasts) == 2
    assert all("tick the 2 facts" in one for one in room.toasts)
    await room.presses("☐")
    await room.presses("Approve and send")
    assert len(room.arrived) == 1


async def test_changed_facts_block_approval(room: DraftDesk) -> None:
    await room.desk.do(lambda unit: unit.tx.execute("UPDATE case_file SET event_on = '2027-06-14'"))
    await room.asks("Can we finish by the wedding?")
    (card,) = room.cards
    assert "In this case: Event date: 14 June 2027." in card.text
    assert "Please tell me: aligner number." in card.text
    assert "(intake, today)" in card.text or "days old)" in card.text
    await room.desk.do(lambda unit: unit.tx.execute("UPDATE case_file SET event_on = '2027-07-01'"))
    await room.presses("Approve and send")
    assert room.arrived == []
    assert "facts of this case have changed" in room.toasts[-1]
    assert "1 July 2027" in card.text
    assert "14 June" not in card.text
    await room.presses("Approve and send")
    assert "Event date: 1 July 2027" in room.arrived[0]


async def test_facts_of_an_older_plan_block_approval(room: DraftDesk) -> None:
    async def plan(upper: int) -> None:
        seat = await room.desk.seat(room.case, "specialist")
        answers = {"aligners": {"upper": upper, "lower": 10}, "days_per_aligner": 10}
        assert isinstance(await room.desk.do(lambda unit: plans.submit(unit, room.case, seat, answers)), int)
        await room.desk.settle()

    room.drafter = Always(entry("date", "When?", "No date is promised.", ask=("aligners planned", "days per aligner")))
    await plan(14)
    await room.asks("Can we finish by the wedding?")
    (card,) = room.cards
    assert "In this case: Aligners planned: 14 upper, 10 lower; Days per aligner: 10." in card.text
    assert "(plan, version 1, today)" in card.text
    await plan(18)
    await room.presses("Approve and send")
    assert room.arrived == []
    assert "(plan, version 2, today)" in card.text
    await room.presses("Approve and send")
    assert "18 upper" in room.arrived[0]
