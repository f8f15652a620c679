"""Urgent: who is asked, by whom it counts as seen, and what falls due."""

from __future__ import annotations

from functools import partial

from bot.domain.ids import CaseId, MessageId
from bot.domain.problems import Problem
from bot.domain.rules import DAY, HOUR, MINUTE
from bot.services import corrections, people, urgency
from bot.services.unit import Unit
from storage import messages
from tests.support.casework import JOHAL, PATEL, REID, SHAH, Casework


async def marked(desk: Casework, hours: str = "24/7") -> tuple[CaseId, MessageId, int]:
    """A message that its dentist has just marked: the case, the message, the id of its being urgent."""
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET hours = :h WHERE role = 'specialist'", {"h": hours}))
    case = await desk.open_case()
    await desk.settle()
    message = await desk.says(case, "dentist", "UL2 hurts")
    await desk.settle()
    assert await mark(desk, message) is None
    return case, message, (await desk.rows("SELECT id FROM urgent"))[0]["id"]


async def mark(desk: Casework, message: MessageId) -> Problem | None:
    def do(unit: Unit) -> Problem | None:
        row = messages.get(unit.tx, message)
        assert row is not None
        return urgency.mark(unit, row)

    done = await desk.do(do)
    await desk.settle()
    return done


async def later(desk: Casework, time: int) -> int:
    desk.clock.advance(time)
    done = await desk.do(urgency.run_due)
    await desk.settle()
    return done


def lines(desk: Casework, chat: str) -> list[str]:
    platform = desk.platforms["telegram" if chat.isdigit() else "slack"]
    return [one.text for one in platform.shown if one.place.chat == chat]


async def test_only_whoever_was_asked_has_it_and_once(desk: Casework) -> None:
    _, _, urgent = await marked(desk)
    for other in (SHAH, PATEL, REID):
        assert await desk.do(partial(urgency.seen, urgent_id=urgent, by=other)) == Problem.of("button.stale")
    assert await desk.do(lambda unit: urgency.seen(unit, urgent, JOHAL)) is None
    assert await desk.do(lambda unit: urgency.seen(unit, urgent, JOHAL)) == Problem.of("button.stale")
    (row,) = await desk.rows("SELECT state, seen_by, due_at FROM urgent")
    assert row == {"state": "seen", "seen_by": JOHAL, "due_at": None}
    await desk.settle()
    assert any(text.startswith("Dr Amar Johal has it, ") for text in lines(desk, "700001"))
    assert await later(desk, 30 * MINUTE) == 0


async def test_marked_twice_it_asks_once(desk: Casework) -> None:
    _, message, _ = await marked(desk)
    assert await mark(desk, message) == Problem.of("urgent.already", no=1, ref="C-7K01")
    assert len([text for text in lines(desk, "DU0002") if "may need you at once" in text]) == 1


async def test_the_next_is_asked_and_then_the_coordinator(desk: Casework) -> None:
    _, _, urgent = await marked(desk)
    assert await later(desk, 9 * MINUTE) == 0
    assert await later(desk, 2 * MINUTE) == 1
    assert any("Dr Johal has not seen it yet" in text for text in lines(desk, "DU0004"))
    assert not any("C-7K01" in text or "UL2" in text for text in lines(desk, "DU0004"))
    assert await later(desk, 11 * MINUTE) == 1
    assert any("An urgent message in C-7K01 has not been seen" in text for text in lines(desk, "DU0003"))
    assert await later(desk, 60 * MINUTE) == 0
    assert await desk.do(lambda unit: urgency.seen(unit, urgent, SHAH)) is None
    await desk.settle()
    assert any("/case cover C-7K01 shah" in text for text in lines(desk, "DU0003"))
    assert not await desk.rows("SELECT id FROM incident WHERE kind = 'urgent_unseen' AND closed_at IS NULL")


async def test_a_named_cover_is_asked_at_once_while_its_specialist_is_on_leave(desk: Casework) -> None:
    await desk.do(lambda unit: people.set_away(unit, JOHAL, unit.now, unit.now + 2 * 86_400_000_000, "shah", "test"))
    await marked(desk)
    assert any("Dr Amar Johal is not at work now, so Dr Shah is asked too" in text for text in lines(desk, "700001"))
    assert any("has something urgent" in text for text in lines(desk, "DU0004"))


async def test_nobody_is_at_work(desk: Casework) -> None:
    await marked(desk, hours="Sun 03:00-03:30")
    assert any("Nobody is watching until Sun 03:00" in text for text in lines(desk, "700001"))
    assert not [text for text in lines(desk, "DU0004") if "urgent" in text]


async def test_whoever_takes_the_case_over_is_asked_anew(desk: Casework) -> None:
    case, _, urgent = await marked(desk)
    await desk.reassign(case, SHAH)
    assert await desk.do(lambda unit: urgency.seen(unit, urgent, JOHAL)) == Problem.of("button.stale")
    assert await later(desk, 11 * MINUTE) == 1
    assert any("#1 from Dr Patel in C-7K01 may need you at once" in text for text in lines(desk, "DU0004"))
    assert await desk.do(lambda unit: urgency.seen(unit, urgent, SHAH)) is None


async def test_it_ends_with_its_message_or_by_its_authors_word(desk: Casework) -> None:
    _, message, urgent = await marked(desk)
    assert await desk.do(lambda unit: urgency.not_urgent(unit, urgent, JOHAL)) == Problem.of("button.stale")
    assert await desk.do(lambda unit: urgency.not_urgent(unit, urgent, PATEL)) is None
    assert await mark(desk, message) is None  # and it may become urgent again

    def take_back(unit: Unit) -> bool:
        row = messages.get(unit.tx, message)
        assert row is not None
        return corrections.withdraw(unit, row)

    assert await desk.do(take_back)
    await desk.settle()
    states = await desk.rows("SELECT state FROM urgent ORDER BY id")
    assert [row["state"] for row in states] == ["not_urgent", "void"]
    assert await later(desk, 11 * MINUTE) == 0


async def test_what_is_for_today_is_no_sound_on_leave_and_whoever_stands_in_is_asked(desk: Casework) -> None:
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET hours = '24/7' WHERE role = 'specialist'", {}))
    case = await desk.open_case()
    await desk.settle()
    desk.clock.advance(14 * HOUR)  # Friday morning
    await desk.do(lambda unit: people.set_away(unit, JOHAL, unit.now, unit.now + 5 * DAY, "shah", "test"))
    message = await desk.says(case, "dentist", "The aligner does not seat")

    def today(unit: Unit) -> bool:
        row = messages.get(unit.tx, message)
        assert row is not None
        return urgency.today(unit, row)

    assert await desk.do(today)
    await desk.settle()
    asked = [one for one in desk.platforms["slack"].shown if "needs an answer today" in one.text]
    assert [(one.place.chat, one.silent) for one in asked] == [("DU0002", True), ("DU0004", False)]
    assert any("Dr Amar Johal is away, so Dr Shah is asked too" in text for text in lines(desk, "700001"))
    (row,) = await desk.rows("SELECT second_id, due_at FROM urgent")
    assert row["second_id"] == SHAH
    assert row["due_at"] - desk.clock.now() < 12 * HOUR  # the coordinator hears of it the same day


async def test_who_has_it_is_heard_at_once_but_makes_no_sound_later_in_the_night(desk: Casework) -> None:
    heard = []
    for waits in (2 * MINUTE, 2 * HOUR):  # from half past nine in the evening
        case = await desk.open_case(1 + len(heard))
        await desk.settle()
        message = await desk.says(case, "dentist", "UL2 hurts")
        assert await mark(desk, message) is None
        desk.clock.advance(waits)
        (row,) = await desk.rows("SELECT id FROM urgent WHERE state = 'asked'")
        assert await desk.do(partial(urgency.seen, urgent_id=row["id"], by=JOHAL)) is None
        await desk.settle()
        told = [one for one in desk.platforms["telegram"].shown if one.text.startswith("Dr Amar Johal has it")]
        heard.append(not told[-1].silent)
    assert heard == [True, False]
