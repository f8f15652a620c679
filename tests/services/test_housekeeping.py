"""What nobody needs any more goes, once a day."""

from __future__ import annotations

from bot.domain.rules import DAY
from bot.services import buttons, housekeeping
from storage import settings
from tests.support.casework import JOHAL, Casework


async def test_old_buttons_and_marks_go_and_fresh_ones_stay(desk: Casework) -> None:
    await desk.do(lambda unit: buttons.make(unit, "test.go", person_id=JOHAL, label="Go", life=DAY))
    await desk.do(lambda unit: settings.answer_stranger(unit.tx, "hash", unit.now, DAY))
    await desk.do(housekeeping.tidy)
    assert len(await desk.rows("SELECT * FROM button")) == 1
    assert len(await desk.rows("SELECT * FROM stranger")) == 1
    desk.clock.advance(40 * DAY)
    await desk.do(lambda unit: buttons.make(unit, "test.go", person_id=JOHAL, label="Go", life=DAY))
    await desk.do(housekeeping.tidy)
    assert len(await desk.rows("SELECT * FROM button")) == 1
    assert await desk.rows("SELECT * FROM stranger") == []


async def test_once_a_day_and_again_when_the_clock_was_put_back(desk: Casework) -> None:
    async def tidied() -> str | None:
        await desk.do(housekeeping.tidy)
        return await desk.units.look(lambda unit: settings.get(unit.tx, "housekeeping.at"))

    first = await tidied()
    desk.clock.advance(DAY - 1)
    assert await tidied() == first
    desk.clock.advance(1)
    second = await tidied()
    assert second != first
    desk.clock.advance(-10 * DAY)
    assert await tidied() not in (first, second)
