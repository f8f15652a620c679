"""people.md 12: lines for a case until its specialist answers; byte for byte, and void on a new plan or specialist."""

from __future__ import annotations

import pytest

from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from bot.services import plans, rooms, standing_lines
from bot.services.unit import Unit
from tests.support.casework import SHAH, Casework

WORDS = "Back to  the last aligner that seats; 22 h a day — *no* <IPR> before I have looked."
PLAN = {"aligners": {"upper": 10, "lower": 10}, "days_per_aligner": 7, "fit_date": "2026-06-22"}


@pytest.fixture
async def case(desk: Casework) -> CaseId:
    """A case in which all three lines are signed."""
    made = await desk.open_case()
    seat = await desk.seat(made, "specialist")
    for kind in standing_lines.KINDS:
        assert await desk.do(lambda unit, kind=kind: standing_lines.sign(unit, seat, kind, WORDS)) is None
    return made


async def on_card(desk: Casework, case: CaseId, side: str = "dentist") -> int:
    """How many of the lines stand on a seat's card, word for word."""
    seat = await desk.seat(case, side)
    return (await desk.do(lambda unit: rooms.card(unit, seat).body.text)).count(WORDS)


async def shown(desk: Casework, case: CaseId, kind: str) -> bool:
    """Whether the dentist is shown the line of a kind."""
    seat = await desk.seat(case, "dentist")
    return await desk.do(lambda unit: standing_lines.show(unit, seat, kind))


async def test_they_stand_on_both_cards_and_are_shown_byte_for_byte(desk: Casework, case: CaseId) -> None:
    assert (await on_card(desk, case), await on_card(desk, case, "specialist")) == (3, 3)
    for kind in standing_lines.KINDS:
        assert await shown(desk, case, kind)
    await desk.settle()
    seat = await desk.seat(case, "dentist")
    texts = desk.platforms[seat["platform"]].texts(seat["chat"])
    told = [one for one in texts if one.startswith("Until Dr Amar Johal answers, signed 28 May 2026:\n")]
    assert [one.partition("\n")[2] for one in told] == [WORDS] * 3


async def test_a_new_plan_voids_them(desk: Casework, case: CaseId) -> None:
    def make_plan(unit: Unit) -> int | Problem:
        return plans.submit(unit, case, seat, PLAN)

    seat = await desk.seat(case, "specialist")
    assert await desk.do(make_plan) == 1
    assert await on_card(desk, case) == 0
    assert not await shown(desk, case, "not_seating")
    assert await desk.do(lambda unit: standing_lines.sign(unit, seat, "not_seating", WORDS)) is None
    assert await on_card(desk, case) == 1  # signed anew, for this plan


async def test_a_new_specialist_voids_them(desk: Casework, case: CaseId) -> None:
    await desk.reassign(case, SHAH)
    assert await on_card(desk, case) == 0
    assert not await shown(desk, case, "lost_aligner")


async def test_what_cannot_be_signed_is_said_and_none_takes_it_back(desk: Casework, case: CaseId) -> None:
    seat = await desk.seat(case, "specialist")
    for kind, words, key in (
        ("", WORDS, "standing.which"),
        ("not_seating", "x" * (standing_lines.MOST + 1), "standing.long"),
    ):
        problem = await desk.do(lambda unit, kind=kind, words=words: standing_lines.sign(unit, seat, kind, words))
        assert isinstance(problem, Problem)
        assert problem.key == key
    assert await desk.do(lambda unit: standing_lines.sign(unit, seat, "not_seating", " ")) is None
    assert await on_card(desk, case) == 2
