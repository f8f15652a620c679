"""What the coordinators are told, and how often."""

from __future__ import annotations

import pytest

from bot.domain.rules import HOUR, MINUTE
from bot.services import notices
from tests.support.casework import Casework


async def told(desk: Casework, kind: str, times: int, apart: int) -> int:
    for _ in range(times):
        await desk.do(lambda unit: notices.alert(unit, kind, "C-7K01"))
        await desk.settle()
        desk.clock.advance(apart)
    return sum("C-7K01" in one.text for one in desk.platforms["slack"].shown)


async def test_a_state_is_told_once_while_it_lasts(desk: Casework) -> None:
    assert await told(desk, "room_lost", 5, 2 * HOUR) == 1
    await desk.do(lambda unit: notices.resolved(unit, "room_lost", "C-7K01"))
    assert await told(desk, "room_lost", 1, 0) == 2


@pytest.mark.parametrize("kind", sorted(notices.ANEW))
async def test_a_loss_is_told_again_but_hardly_more_than_once_an_hour(desk: Casework, kind: str) -> None:
    """A message that was parked months ago must not keep the next one quiet, and a flood of them is one line."""
    assert await told(desk, kind, 12, 5 * MINUTE) == 1
    assert await told(desk, kind, 1, 0) == 2
    (incident,) = await desk.rows("SELECT told_at - opened_at AS later FROM incident")
    assert incident["later"] >= HOUR
