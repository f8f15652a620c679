"""Reminders: a case's reference and what is owed, as one nudge or one digest a day, put off or settled by a tap.

A line holds no word of anybody: keys of the wording and numbers, so that a lock screen shows nothing clinical.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.dates import spoken
from bot.domain.ids import CaseId, PersonId
from bot.domain.localtime import at_local, local_day
from bot.domain.outbound import Button, Edit, Post
from bot.domain.problems import Problem
from bot.domain.richtext import plain
from bot.domain.rules import HOUR
from bot.domain.snooze import day_of
from bot.services import budget, buttons, outbox
from bot.services import notices as lines
from bot.services.budget import Kind, When
from bot.services.unit import Unit, to_json
from prompts.wording import say
from storage import accounts, notices, people

Row = dict[str, Any]
TONIGHT = 19 * 60
SNOOZES = ("hour", "tonight", "tomorrow")


def nudge(
    unit: Unit, person_id: PersonId, topic: str, line: str, *, case_id: CaseId | None = None, **facts: str | int
) -> bool:
    """Remind somebody as soon as their day's nudge is free; False if they are being reminded of the topic already.

    `line` is a key of the wording, `facts` a reference and numbers.
    """
    return _add(unit, person_id, topic, line, case_id, facts, unit.now)


def digest(
    unit: Unit, person_id: PersonId, topic: str, line: str, *, case_id: CaseId | None = None, **facts: str | int
) -> bool:
    """A line for a person's next digest, at their hour."""
    person = people.get(unit.tx, person_id)
    assert person is not None
    return _add(unit, person_id, topic, line, case_id, facts, budget.next_hour(unit, person))


def settled(unit: Unit, person_id: PersonId, topic: str) -> bool:
    """What they were to be reminded of has happened; whether a line of it waited or stood."""
    return notices.drop(unit.tx, person_id, topic)


def run_due(unit: Unit, limit: int = 100) -> int:
    """Send what is due, one message a person; how many people had something."""
    due = notices.people_due(unit.tx, unit.now, limit)
    for person_id in due:
        send_due(unit, PersonId(person_id))
    return len(due)


def send_due(unit: Unit, person_id: PersonId) -> bool:
    """One person's due lines as one message, if they may be disturbed now; else the lines wait."""
    if notices.lock_person(unit.tx, person_id) is None:
        return False
    rows = []
    for row in notices.due(unit.tx, person_id, unit.now):
        if row["case_state"] == "closed":
            notices.settle(unit.tx, row["id"], "void")
        else:
            rows.append(row)
    account = accounts.reach(unit.tx, person_id)
    if not rows:
        return False
    answer = budget.admit(unit, person_id, Kind.NUDGE, wished=any(row["sent_at"] is not None for row in rows))
    if answer.when is When.LATER or account is None:
        at = answer.at if answer.when is When.LATER else unit.now + 24 * HOUR
        notices.put_off(unit.tx, person_id, unit.now, max(at, unit.now + 1))
        return False
    notice = unit.new_id()
    lane = lines.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
    for row in rows:
        notices.sent(unit.tx, row["id"], notice, unit.now)
        unit.audit(row["case_id"] or 0, "service", "reminder.sent", reminder=row["id"], person=person_id)
    outbox.post_text(
        unit,
        lane,
        plain(_words(rows)),
        notice=say("notice.service"),
        buttons=_buttons(unit, person_id, notice),
        card=card_of(notice),
    )
    return True


def pressed(unit: Unit, notice: int, what: str, person_id: PersonId) -> Problem | None:
    """Put off ("hour", "tonight", "tomorrow", "day:2027-06-14"), done, or not relevant: every line of one message."""
    rows = [row for row in notices.of_notice(unit.tx, notice) if row["person_id"] == person_id]
    person = people.get(unit.tx, person_id)
    if not rows or person is None:
        return Problem.of("button.stale")
    on = day_of(what)
    later = snoozed(unit, person, what) if on is not None or what in SNOOZES else None
    for row in rows:
        if later is not None:
            notices.again(unit.tx, row["id"], later)
        else:
            notices.settle(unit.tx, row["id"], "done")
        deed = "reminder.day" if on is not None else f"reminder.{what}"
        unit.audit(row["case_id"] or 0, f"person:{person_id}", deed, reminder=row["id"], until=later or 0)
    buttons.void_group(unit, card_of(notice))
    account = accounts.reach(unit.tx, person_id)
    if account is not None:
        lane = lines.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
        day = None if on is None or later is None else spoken(local_day(later, ZoneInfo(person["timezone"])))
        said = say(f"reminder.said.{what}") if day is None else say("reminder.said_day", date=day)
        words = f"{_words(rows)}\n{said}"
        post = Post(body=plain(words), notice=say("notice.service"), silent=True)
        outbox.enqueue(unit, lane, Edit(post, card=card_of(notice)))
    unit.wake("scheduler")
    return None


def snoozed(unit: Unit, person: Row, what: str) -> int:
    """The moment somebody means (µs): in an hour, at seven this evening, or their hour tomorrow or on a day."""
    zone = ZoneInfo(person["timezone"])
    today = local_day(unit.now, zone)
    if what == "hour":
        return unit.now + HOUR
    if (on := day_of(what)) is not None:
        return budget.Agenda.of(unit, person).from_day(on)
    if what == "tonight":
        return max(at_local(today, TONIGHT, zone), unit.now + HOUR)
    return at_local(today + timedelta(days=1), budget.HOURS.get(person["role"], budget.USUAL_HOUR), zone)


def _add(
    unit: Unit,
    person_id: PersonId,
    topic: str,
    line: str,
    case_id: CaseId | None,
    facts: dict[str, str | int],
    ready_at: int,
) -> bool:
    made = notices.add(
        unit.tx,
        id=unit.new_id(),
        person_id=person_id,
        case_id=case_id,
        topic=topic,
        line=line,
        facts=to_json(facts),
        ready_at=ready_at,
        now=unit.now,
    )
    if made:
        unit.wake("scheduler")
    return made


def _words(rows: list[Row]) -> str:
    return "\n".join(say(str(row["line"]), **json.loads(row["facts"])) for row in rows)


def card_of(notice: int) -> str:
    """The name of a message of reminders in its lane, and that of its buttons' group."""
    return f"reminder:{notice}"


def _buttons(unit: Unit, person_id: PersonId, notice: int) -> tuple[tuple[Button, ...], ...]:
    def one(what: str) -> Button:
        return buttons.make(
            unit,
            "reminder.press",
            person_id=person_id,
            label=say(f"reminder.button.{what}"),
            data={"notice": notice, "what": what},
            group=card_of(notice),
        )

    day = buttons.make(
        unit,
        "snooze.open",
        person_id=person_id,
        label=say("reminder.button.day"),
        data={"subject": f"notice:{notice}"},
        group=card_of(notice),
        once=False,
    )
    return tuple(one(what) for what in SNOOZES), (day, one("done"), one("not_relevant"))
