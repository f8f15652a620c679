"""Putting off by a day of one's own: what stands asked in a person's chat, check-ins and reminders alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import snooze
from bot.domain.forms import Field, Form, Kind
from bot.domain.ids import CheckInId, PersonId
from bot.domain.localtime import local_day
from bot.domain.problems import Problem
from bot.services import check_in_sheets, checkins, diary, notices, reminders
from bot.services.form_script import Answers, Script
from bot.services.unit import Unit
from prompts.wording import say
from storage import checkins as asked
from storage import notices as lines
from storage import people

Row = dict[str, Any]
CHECK_IN, VISIT, NOTICE = "check_in", "visit", "notice"
"""What the form is about: a check-in, the visit that it waits for, or a reminder's message; then a colon and an id."""
FORM = Form("snooze", (Field("day", Kind.DATE, required=True, high=60),))


def typed(unit: Unit, person_id: PersonId, text: str, card: str | None) -> Problem | str:
    """Put off the check-ins and the reminder that stand last, or those of one message (`card`); says until when."""
    person = people.get(unit.tx, person_id)
    assert person is not None
    zone = ZoneInfo(person["timezone"])
    what = snooze.read_snooze(text, local_day(unit.now, zone))
    if isinstance(what, Problem):
        return what
    found = 0
    for sheet in asked.open_sheets(unit.tx, person_id):
        if sheet["case_id"] is None and card in (None, check_in_sheets.card_of(sheet)):
            for row in asked.of_sheet(unit.tx, sheet["id"]):
                found += row["state"] == "asked" and checkins.put_off(unit, row["id"], what, person_id) is None
    notice = lines.newest_notice(unit.tx, person_id)
    if notice is not None and card in (None, reminders.card_of(notice)):
        found += reminders.pressed(unit, notice, what, person_id) is None
    if not found:
        return Problem.of("snooze.problem.nothing")
    return say("snooze.done", time=diary.spoken(reminders.snoozed(unit, person, what), unit.now, zone))


def _hindrance(unit: Unit, account: Row, subject: str) -> Problem | None:
    kind, _, number = subject.partition(":")
    if kind == NOTICE:
        mine = [row for row in lines.of_notice(unit.tx, int(number)) if row["person_id"] == account["person_id"]]
        return None if mine else Problem.of("button.used")
    row = asked.get(unit.tx, int(number or 0))
    theirs = row is not None and row["person_id"] == account["person_id"] and row["state"] == "asked"
    return None if theirs else Problem.of("button.used")


def _objection(unit: Unit, subject: str, answers: Answers) -> Problem | None:
    # The day is read against the person's own calendar, as the form itself has done.
    whose = _whose(unit, subject)
    return None if whose is None else snooze.in_reach(_day(subject, answers), _today(unit, whose))


def _finish(unit: Unit, account: Row, subject: str, answers: Answers) -> None:
    kind, _, number = subject.partition(":")
    person_id = PersonId(account["person_id"])
    what = snooze.on_day(_day(subject, answers))
    if kind == NOTICE:
        problem = reminders.pressed(unit, int(number), what, person_id)
    else:
        problem = checkins.put_off(unit, CheckInId(int(number)), what, person_id)
    if problem is not None:
        notices.to_person(unit, person_id, say(problem.key, **problem.values))


def _day(subject: str, answers: Answers) -> date:
    """The day to ask on: after a visit there is something to say."""
    return date.fromisoformat(str(answers["day"])) + timedelta(days=subject.startswith(f"{VISIT}:"))


def _whose(unit: Unit, subject: str) -> Row | None:
    kind, _, number = subject.partition(":")
    rows = lines.of_notice(unit.tx, int(number)) if kind == NOTICE else [asked.get(unit.tx, int(number or 0))]
    person_id = next((row["person_id"] for row in rows if row is not None), None)
    return None if person_id is None else people.get(unit.tx, person_id)


def _today(unit: Unit, person: Row) -> date:
    return local_day(unit.now, ZoneInfo(person["timezone"]))


SCRIPT = Script(
    FORM,
    title="snooze.title",
    intro="snooze.intro",
    intro_native="snooze.intro",
    in_chat="snooze.in_chat",
    hindrance=_hindrance,
    finish=_finish,
    objection=_objection,
)
