"""What nobody needs any more goes, once a day."""

from __future__ import annotations

from bot.domain.errors import Reason, Refused
from bot.domain.rules import DAY
from bot.services import buttons, corrections, housekeeping, rooms, settle
from storage import messages, settings
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


async def test_what_was_sent_long_ago_is_forgotten_and_can_still_be_changed(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "Does this look right?")
    failed = await desk.says(case, "dentist", "And this?")
    slack = desk.platforms["slack"]
    slack.fates.extend(["", Refused(Reason.BAD_CONTENT)])
    await desk.settle()
    desk.clock.advance(29 * DAY)
    assert await desk.do(housekeeping.forget_sent) == 0
    desk.clock.advance(2 * DAY)
    recent = await desk.says(case, "dentist", "New")
    await desk.settle()
    counts = [await desk.do(lambda unit: housekeeping.forget_sent(unit, 3)) for _ in range(12)]
    assert counts[0] == 3
    assert counts[-1] == 0
    left = await desk.rows("SELECT message_id, state FROM delivery WHERE payload_sealed IS NOT NULL AND case_id > 0")
    assert {row["message_id"] for row in left} == {failed, recent} | {
        row["message_id"] for row in left if row["message_id"] is None
    }
    await desk.do(lambda unit: rooms.refresh_card(unit, case))
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    assert await desk.do(lambda unit: corrections.withdraw(unit, row))
    (dead,) = await desk.rows("SELECT id FROM delivery WHERE state = 'failed'")
    assert await desk.do(lambda unit: settle.retry(unit, dead["id"]))
    await desk.settle()
    texts = slack.texts((await desk.seat(case, "specialist"))["chat"])
    assert "Does this look right?" not in texts
    assert "And this?" in texts
    assert await desk.rows("SELECT id FROM delivery WHERE state NOT IN ('sent', 'void')") == []
