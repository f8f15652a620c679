"""Put off by typing: check-ins and reminders, the newest or the one that is answered, in the person's own calendar."""

from __future__ import annotations

from functools import partial

import pytest

from bot.domain.ids import PersonId
from bot.services import checkins, reminders
from bot.services.unit import Unit
from tests.handlers.test_check_ins import HOW, opened, pass_until, sheets, tick, wall
from tests.support.casework import JOHAL
from tests.support.front import Chat, Front


async def reminded(front: Front, person: PersonId, ref: str = "C-7K01") -> None:
    """A reminder about a late answer stands in somebody's chat."""

    def remind(unit: Unit) -> None:
        reminders.nudge(unit, person, f"turn:{ref}", "turn.stage.reply_late", ref=ref, name="Dr Patel")
        assert reminders.send_due(unit, person)

    await front.do(remind)


async def last_text(chat: Chat) -> str:
    return (await chat.last()).text


async def test_typed_days_put_a_check_in_off_and_bad_ones_are_told(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")  # a Thursday, 12:45
    for typed, told in (
        ("", "Type it after the command"),
        ("some day", "I can't read “some day” as a time"),
        ("today", "That day has begun"),
        ("in 9 months", "too far away"),
        ("31/13", "not in the calendar"),
    ):
        await front.patel.command("snooze", typed)
        assert told in await last_text(front.patel)
    assert await front.one("SELECT state FROM check_in WHERE step = 'fit_progress'") == "asked"
    await front.patel.command("snooze", "Sunday")
    (row,) = await front.rows("SELECT * FROM check_in WHERE step = 'fit_progress'")
    assert (row["state"], wall(row["due_at"])) == ("planned", "Mon 12:45")  # a dentist who works Monday to Friday
    assert "Put off until Monday 12:45." in await last_text(front.patel)
    (sheet,) = await sheets(front.patel)
    assert HOW not in sheet.text
    assert "C-7K01: asked again on " in sheet.text
    front.work.clock.set(int(row["due_at"]))
    await tick(front)
    assert HOW in (await sheets(front.patel))[-1].text
    await front.patel.command("snooze", "1 h")
    (row,) = await front.rows("SELECT * FROM check_in WHERE step = 'fit_progress'")
    assert wall(row["due_at"]) == "Mon 13:45"
    await front.patel.command("snooze", "tomorrow")
    assert "Nothing is asked of you at the moment" in await last_text(front.patel)


async def test_a_day_is_typed_into_the_form_of_a_check_in(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.patel.presses("Later …")
    await front.patel.presses("On a day …")
    assert "On which day?" in await last_text(front.patel)
    await front.patel.types("tuesday week")
    assert "I can't read" in await last_text(front.patel)
    await front.patel.types("in 2 weeks")
    await front.patel.presses("Send")
    (row,) = await front.rows("SELECT * FROM check_in WHERE step = 'fit_progress'")
    assert (row["state"], row["asks"], wall(row["due_at"])) == ("planned", 0, "Thu 12:45")
    assert await front.one("SELECT COUNT(*) FROM message") == 0  # nothing of it went to the other side


async def test_the_next_visit_is_typed_and_asked_about_the_day_after(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.patel.presses("Not seen yet")
    await front.patel.presses("On another day …")
    await front.patel.types("in 2 weeks")  # a Thursday
    await front.patel.presses("Send")
    (row,) = await front.rows("SELECT * FROM check_in WHERE step = 'fit_progress'")
    assert (row["state"], row["asks"], wall(row["due_at"])) == ("planned", 0, "Fri 12:45")


async def test_a_reminder_is_put_off_to_a_day_typed_or_picked_in_slack(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await reminded(front, JOHAL)
    await front.johal.command("snooze", "monday")
    (row,) = await front.rows(f"SELECT * FROM reminder WHERE person_id = {JOHAL}")
    assert (row["state"], wall(row["ready_at"])) == ("waiting", "Mon 09:00")
    assert "You will hear of it again on " in await front.johal.texts()
    front.work.clock.set(int(row["ready_at"]))
    await front.do(partial(reminders.send_due, person_id=JOHAL))
    form = await front.johal.presses("On a day …", live=True)
    assert form is not None
    day = "2026-07-14"
    errors = await front.johal.submits(form.token, {"day": "2026-01-20"})  # type: ignore[union-attr]
    assert "has passed" in str(errors)
    assert await front.johal.submits(form.token, {"day": day}) is None  # type: ignore[union-attr]
    (row,) = await front.rows(f"SELECT * FROM reminder WHERE person_id = {JOHAL}")
    assert (row["state"], wall(row["ready_at"])) == ("waiting", "Tue 09:00")


async def test_another_s_check_in_cannot_be_put_off(front: Front) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")
    await front.johal.command("snooze", "tomorrow")
    assert "Nothing is asked of you" in await last_text(front.johal)
    (row,) = await front.rows("SELECT * FROM check_in WHERE step = 'fit_progress'")
    assert row["state"] == "asked"
    problem = await front.do(partial(checkins.put_off, check_in_id=row["id"], what="day:2026-02-02", person_id=JOHAL))
    assert problem is not None


@pytest.mark.parametrize(
    ("label", "state", "again"),
    [
        ("In 1 hour", "waiting", "Thu 13:45"),
        ("This evening", "waiting", "Thu 19:00"),
        ("Tomorrow", "waiting", "Fri 09:00"),
        ("Done", "done", None),
        ("Not relevant", "done", None),
    ],
)
async def test_a_reminder_is_put_off_done_or_not_relevant_by_one_tap(
    front: Front, label: str, state: str, again: str | None
) -> None:
    await opened(front)
    await pass_until(front, "fit_progress")  # a Thursday, 12:45
    await reminded(front, JOHAL)
    said = await front.johal.last()
    assert said.text == "C-7K01: your answer to Dr Patel is past its target."  # the reference, and nothing clinical
    await front.johal.presses(label)
    (row,) = await front.rows(f"SELECT * FROM reminder WHERE person_id = {JOHAL}")
    assert row["state"] == state
    assert (None if row["ready_at"] is None else wall(row["ready_at"])) == again
    await front.do(lambda unit: reminders.run_due(unit))
    front.work.clock.advance(7 * 24 * 3_600_000_000)
    assert await front.do(lambda unit: reminders.run_due(unit)) == (1 if again else 0)
