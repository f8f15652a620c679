"""Check-ins as their people see them: one message a day, answered in place, changed, put off, left alone."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId
from bot.domain.rules import DAY, HOUR, MINUTE
from bot.services import checkins, standstill
from tests.support.front import Chat, Front, Message

LONDON = ZoneInfo("Europe/London")
HOW = "How are the aligners fitting?"


def wall(moment: int) -> str:
    """What the clock on the wall says."""
    return f"{datetime.fromtimestamp(moment / 1_000_000, LONDON):%a %H:%M}"


async def opened(front: Front, number: int = 1) -> CaseId:
    case = await front.work.open_case(number)
    await front.do(lambda unit: checkins.plan(unit, case))
    return case


async def pass_until(front: Front, step: str) -> None:
    """Let the days go by until this is asked, as if it were all of the plan."""
    (row,) = await front.rows(f"SELECT MIN(due_at) AS at FROM check_in WHERE step = '{step}' AND state = 'planned'")
    await front.do(
        lambda unit: unit.tx.execute(
            "UPDATE check_in SET state = 'void', ready_at = NULL WHERE step <> :step AND state = 'planned'",
            {"step": step},
        )
    )
    front.work.clock.set(int(row["at"]))
    await tick(front)


async def tick(front: Front) -> None:
    for person in await front.do(lambda unit: checkins.claim(unit, 100)):
        await front.do(partial(checkins.ask, person_id=person))


async def sheets(chat: Chat) -> list[Message]:
    return [one for one in await chat.reads() if one.post.card.startswith("check_ins:")]


async def test_a_day_is_one_message_answered_in_place(front: Front) -> None:
    for number in (1, 2, 3):
        await opened(front, number)
    await pass_until(front, "fit_progress")
    assert wall(front.work.clock.now()) == "Thu 12:45"
    (sheet,) = await sheets(front.patel)
    assert sheet.seat is None
    assert "Check-in 1 of 3 · C-7K01 · Dr Johal" in sheet.text
    assert HOW in sheet.text
    await front.patel.presses("Fits well")
    (sheet,) = await sheets(front.patel)
    assert "Check-in 2 of 3 · C-7K02" in sheet.text
    assert "C-7K01: Fits well" in sheet.text
    await front.patel.presses("Fits well")
    await front.patel.presses("Fits well")
    (sheet,) = await sheets(front.patel)
    assert "Nothing more to answer here" in sheet.text
    filed = [one for one in await front.johal.reads() if "Check-in: the aligners fit well." in one.text]
    assert len(filed) == 3
    assert all(one.post.silent and not one.post.mention for one in filed)
    assert await front.one("SELECT COUNT(*) FROM case_file WHERE turn = 'specialist'") == 0
    assert await front.audited("check_in.answered") == 3


async def test_what_a_lock_screen_shows_is_references_alone(front: Front) -> None:
    await opened(front, 1)
    await opened(front, 2)
    await pass_until(front, "fit_progress")
    rows = await front.rows("SELECT id, kind FROM delivery WHERE kind IN ('post', 'edit') ORDER BY id")
    assert [row["kind"] for row in rows][-2:] == ["post", "edit"]
    await front.work.settle()
    platform = front.work.platforms["telegram"]
    (shown,) = [one for one in platform.shown if HOW in one.text]
    assert shown.edited == 1
    (sheet,) = await sheets(front.patel)
    assert sheet.post.notice == "Check-in: C-7K01 and C-7K02"


async def test_an_answer_can_be_changed_and_its_line_follows(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.patel.presses("Fits well")
    await front.work.settle()
    await front.patel.presses("Change C-7K01")
    await front.patel.presses("A gap")
    texts = await front.johal.texts()
    assert "Check-in: there is a gap." in texts
    assert "fit well" not in texts
    assert "needs an answer today" in texts
    assert await front.one("SELECT COUNT(*) FROM message") == 1
    assert await front.one("SELECT turn FROM case_file") == "specialist"


async def test_it_can_be_changed_for_two_days(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.patel.presses("Fits well")
    change = await front.patel.button("Change C-7K01")
    front.work.clock.advance(2 * DAY)
    await front.patel.press(change.token)
    assert await front.one("SELECT state FROM check_in WHERE step = 'fit_progress'") == "answered"


async def test_not_seen_yet_follows_the_next_visit_and_is_no_miss(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.patel.presses("Not seen yet")
    (sheet,) = await sheets(front.patel)
    assert "When is the next visit?" in sheet.text
    await front.patel.presses("In 14 days")
    (sheet,) = await sheets(front.patel)
    assert "C-7K01: asked again on 3 July 2026" in sheet.text
    (row,) = await front.rows("SELECT * FROM check_in WHERE step = 'fit_progress'")
    assert (row["state"], row["asks"]) == ("planned", 0)
    assert wall(row["due_at"]) == "Fri 12:45"
    assert 14 * DAY < row["due_at"] - front.work.clock.now() <= 15 * DAY
    front.work.clock.set(int(row["due_at"]))
    await tick(front)
    assert await front.one("SELECT COUNT(*) FROM check_in_sheet") == 2
    assert await front.one("SELECT COUNT(*) FROM message") == 0


async def test_snoozed_it_comes_when_its_person_said(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.patel.presses("Later …")
    await front.patel.presses("Back")
    await front.patel.presses("Later …")
    await front.patel.presses("In 1 hour")
    front.work.clock.advance(59 * MINUTE)
    await tick(front)
    assert await front.one("SELECT COUNT(*) FROM check_in_sheet") == 1
    front.work.clock.advance(2 * MINUTE)
    await tick(front)
    assert await front.one("SELECT COUNT(*) FROM check_in_sheet") == 2
    await front.patel.presses("Later …")
    await front.patel.presses("Not relevant")
    assert await front.one("SELECT state FROM check_in WHERE step = 'fit_progress'") == "dismissed"
    assert "C-7K01: not relevant" in (await sheets(front.patel))[-1].text


async def test_three_times_unanswered_the_coordinator_hears_and_it_rests(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    assert "your coordinator hears of it, your practice never does" in (await sheets(front.patel))[0].text
    asked = [wall(front.work.clock.now())]
    for _ in range(24 * 8):
        front.work.clock.advance(HOUR)
        before = await front.one("SELECT COUNT(*) FROM check_in_sheet")
        await tick(front)
        if await front.one("SELECT COUNT(*) FROM check_in_sheet") > before:
            asked.append(wall(front.work.clock.now()))
    assert asked == ["Thu 12:45", "Fri 12:45", "Mon 12:45"]
    assert await front.one("SELECT state FROM check_in WHERE step = 'fit_progress'") == "rested"
    await front.do(standstill.tell)
    assert "a check-in was asked three times" in await front.sam.texts()
    assert await front.one("SELECT COUNT(*) FROM reminder WHERE line = 'check_in.line.unanswered'") == 1


async def test_what_another_says_or_presses_twice_does_nothing(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    well = await front.patel.button("Fits well")
    await front.johal.press(well.token)
    await front.patel.press(well.token)
    await front.patel.press(well.token)
    assert await front.one("SELECT COUNT(*) FROM message") == 1


async def test_does_not_seat_starts_the_script_and_ends_in_one_card(front: Front) -> None:
    await opened(front)
    await front.work.settle()
    await pass_until(front, "fit_progress")
    await front.patel.presses("Does not seat")
    assert "needs an answer today" in await front.johal.texts()
    for label in ("No", "1 to 2 mm"):
        await front.patel.presses(label)
    room = await front.work.seat(CaseId(1001), "dentist")
    place = front.patel.private.__class__(room["platform"], room["workspace"], room["chat"], room["topic"])
    await front.patel.types("UL2, 23", place=place)
    for label in ("This aligner", "No", "Sent"):
        await front.patel.presses(label)
    texts = await front.johal.texts()
    for line in (
        "Seat test",
        "Previous aligner seats: no",
        "Gap: 1 to 2 mm",
        "Teeth: UL2, 23",
        "Photo: sent",
    ):
        assert line in texts
    assert "UL2, 23" in texts.split("Seat test")[0]
    rows = await front.rows("SELECT words_sealed FROM check_in_answer WHERE words_sealed IS NOT NULL")
    assert len(rows) == 1
    assert b"UL2" not in bytes(rows[0]["words_sealed"])
