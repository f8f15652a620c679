"""Check-ins: planned from a case's dates, asked once a day and person at their own hour, put off, dropped, moved.

The truth is rows with a due moment. A claim leases what is due; each person's share is then asked in a transaction of
its own, so that one that fails stops nobody else's.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.check_ins import CheckInStep, schedule
from bot.domain.ids import CaseId, CheckInId, PersonId
from bot.domain.localtime import local_day
from bot.domain.problems import Problem
from bot.domain.rules import DAY, MINUTE
from bot.services import budget, calendars, check_in_sheets, complaints, notices, reminders, timelines
from bot.services.budget import Kind, When
from bot.services.unit import Unit
from prompts import check_in_plans
from storage import cases, check_in_plan, checkins, people, refinements, seats
from storage import notices as noticed

Row = dict[str, Any]
LEASE = 2 * MINUTE
MOST_ASKS = 3
"""Unanswered so often, the coordinator is told, and it rests."""
TELL_OTHER_AFTER = 2
WEEK = 7
ANEW = frozenset({"finish"})
"""Asked once more when their date has moved on by more than a week since they were answered."""


def plan(unit: Unit, case_id: CaseId) -> int:
    """Plan every step of a case that has just opened; how many were new."""
    return replan(unit, case_id)


def replan(unit: Unit, case_id: CaseId) -> int:
    """Bring the check-ins of a case in line with its dates: add, move, void; how many changed.

    What was asked stays, and so does what its person put off themselves. What would be due in the past is not added.
    """
    case = cases.get(unit.tx, case_id)
    if case is None or case["state"] != "open":
        return 0
    practice = people.practice(unit.tx, case["practice_id"])
    zone = ZoneInfo("Europe/London" if practice is None else practice["timezone"])
    opened = local_day(int(case["created_at"]), zone)
    off = calendars.of_practice(unit, case["practice_id"])
    agendas = {side: _agenda(unit, case, side) for side in ("dentist", "specialist")}
    wanted: set[tuple[str, int]] = set()
    changed = 0
    for due in schedule(check_in_plans.planned(), opened, timelines.current(unit, case_id), off):
        agenda = agendas[due.step.who]
        if agenda is None:
            continue
        at, occurrence = agenda.from_day(due.on), due.occurrence
        if due.step.id in ANEW:
            occurrence += check_in_plan.gone_by(unit.tx, case_id, due.step.id, at - WEEK * DAY)
        wanted.add((due.step.id, occurrence))
        if at > unit.now:
            changed += check_in_plan.plan(
                unit.tx,
                id=unit.new_id(),
                case_id=case_id,
                person_id=agenda.person["id"],
                step=due.step.id,
                occurrence=occurrence,
                due_at=at,
                local_rule=f"{due.rule} {agenda.rule}",
            )
    for row in check_in_plan.upcoming(unit.tx, case_id):
        if (row["step"], row["occurrence"]) not in wanted and not row["wished"]:
            checkins.settle(unit.tx, row["id"], "void", unit.now)
            changed += 1
    if changed:
        unit.audit(case_id, "service", "check_in.planned", changed=changed)
        unit.wake("scheduler")
    return changed


def claim(unit: Unit, limit: int) -> list[PersonId]:
    """Lease what is due and name whose it is; each of them is then to be asked with `ask`."""
    rows = checkins.claim(unit.tx, unit.now, unit.now + LEASE, limit)
    return [PersonId(id) for id in dict.fromkeys(row["person_id"] for row in rows)]


def ask(unit: Unit, person_id: PersonId) -> int:
    """Ask one person all that is due of them, as one message, if they may be disturbed now; how many were asked."""
    person = noticed.lock_person(unit.tx, person_id)
    assert person is not None
    rows = [row for row in checkins.of_person_due(unit.tx, person_id, unit.now) if _still_makes_sense(unit, row)]
    for row in rows:
        if check_in_plans.load()[row["step"]].tells:
            _tell_of_set(unit, row)
    rows = [row for row in rows if not check_in_plans.load()[row["step"]].tells]
    late = [row for row in rows if row["state"] == "planned" and not row["wished"] and _too_late(unit, row, rows)]
    tired = [row for row in rows if row["state"] == "asked" and int(row["asks"]) >= MOST_ASKS]
    left = [row for row in rows if row not in late and row not in tired]
    usual, wished = [row for row in left if not row["wished"]], [row for row in left if row["wished"]]
    for row in tired:
        _rest(unit, row)
    now: list[Row] = []
    if usual:
        answer = budget.admit(unit, person_id, Kind.CHECK_IN)
        if answer.when is When.LATER:
            for row in usual:
                checkins.put_off(unit.tx, row["id"], max(answer.at, unit.now + 1))
        else:
            now = left
    if wished and not now:
        answer = budget.admit(unit, person_id, Kind.CHECK_IN, wished=True)
        for row in wished if answer.when is When.LATER else ():
            checkins.put_off(unit.tx, row["id"], max(answer.at, unit.now + 1))
        now = wished if answer.when is When.NOW else []
    skipped = list(dict.fromkeys(row["ref"] for row in late))
    for row in late:
        checkins.settle(unit.tx, row["id"], "skipped", unit.now)
        unit.audit(row["case_id"], "service", "check_in.skipped", check_in=row["id"], step=row["step"])
        if not now:
            reminders.digest(
                unit,
                person_id,
                f"skipped:{row['case_id']}",
                "check_in.line.skipped",
                case_id=row["case_id"],
                ref=row["ref"],
            )
    if now:
        _send(unit, person, now, skipped)
    return len(now)


def put_off(unit: Unit, check_in_id: CheckInId, what: str, person_id: PersonId) -> Problem | None:
    """Snooze ("hour", "tonight", "tomorrow", "week", "day:2027-06-14"), or ask after the next visit ("days:14").

    It is never a miss.
    """
    row = checkins.get(unit.tx, check_in_id)
    person = people.get(unit.tx, person_id)
    if row is None or person is None or row["person_id"] != person_id or row["state"] != "asked":
        return Problem.of("button.used")
    kind, _, number = what.partition(":")
    if kind == "day" or kind in reminders.SNOOZES:
        at = reminders.snoozed(unit, person, what)
    else:
        days = 7 if kind == "week" else int(number) + 1  # the day after a visit, when there is something to say of it
        today = local_day(unit.now, ZoneInfo(person["timezone"]))
        at = budget.Agenda.of(unit, person).from_day(today + timedelta(days=days))
    sheet = row["sheet_id"]
    checkins.wished(unit.tx, check_in_id, at)
    unit.audit(row["case_id"], f"person:{person_id}", "check_in.put_off", check_in=check_in_id, until=at)
    check_in_sheets.draw(unit, sheet)
    unit.wake("scheduler")
    return None


def show(unit: Unit, check_in_id: CheckInId, mode: str) -> None:
    """Show when it could be asked instead ("later", "visit"), or its question ("")."""
    row = checkins.get(unit.tx, check_in_id)
    if row is not None:
        check_in_sheets.draw(unit, row["sheet_id"], mode)


def dismiss(unit: Unit, check_in_id: CheckInId, person_id: PersonId) -> Problem | None:
    """Its person says that it is not relevant: it is not asked again."""
    row = checkins.get(unit.tx, check_in_id)
    if row is None or row["person_id"] != person_id or row["state"] != "asked":
        return Problem.of("button.used")
    checkins.settle(unit.tx, check_in_id, "dismissed", unit.now)
    unit.audit(row["case_id"], f"person:{person_id}", "check_in.dismissed", check_in=check_in_id)
    check_in_sheets.draw(unit, row["sheet_id"])
    return None


def change(unit: Unit, check_in_id: CheckInId, person_id: PersonId) -> Problem | None:
    """Its person wants to answer anew; the line on the other side changes with the new answers."""
    row = checkins.get(unit.tx, check_in_id)
    step = None if row is None else check_in_plans.load().get(row["step"])
    seat = None if row is None or step is None else check_in_sheets.place_of(unit, row, step)
    if row is None or seat is None or seat["person_id"] != person_id or row["state"] != "answered":
        return Problem.of("button.used")
    sheet, person = checkins.sheet(unit.tx, row["sheet_id"]), people.get(unit.tx, person_id)
    again = None
    if person is not None and sheet is not None and sheet["case_id"] is None:  # of a day: left half-way it comes again
        again = budget.next_hour(unit, person, local_day(unit.now, ZoneInfo(person["timezone"])))
    checkins.reopen(unit.tx, check_in_id, row["sheet_id"], again)
    unit.audit(row["case_id"], f"person:{person_id}", "check_in.reopened", check_in=check_in_id)
    check_in_sheets.draw(unit, row["sheet_id"])
    return None


def ask_anew(unit: Unit, case_id: CaseId) -> None:
    """The parties or their rooms changed: open check-ins move along, and what was asked is asked again, soon."""
    case = cases.get(unit.tx, case_id)
    assert case is not None
    sheets = {row["sheet_id"] for row in checkins.open_of_case(unit.tx, case_id) if row["sheet_id"] is not None}
    for side in ("dentist", "specialist"):
        steps = [step.id for step in check_in_plans.load().values() if step.who == side]
        if case[f"{side}_id"] is not None:
            checkins.ask_anew(unit.tx, case_id, steps, case[f"{side}_id"])
    for sheet in sorted(sheets):
        check_in_sheets.draw(unit, sheet)
    unit.wake("scheduler")


def _agenda(unit: Unit, case: Row, side: str) -> budget.Agenda | None:
    person = people.get(unit.tx, case[f"{side}_id"]) if case[f"{side}_id"] is not None else None
    return None if person is None else budget.Agenda.of(unit, person)


def _still_makes_sense(unit: Unit, row: Row) -> bool:
    step = check_in_plans.load().get(row["step"])
    place = None if step is None else check_in_sheets.place_of(unit, row, step)
    if place is None or row["case_state"] not in ("open", "retention"):
        checkins.settle(unit.tx, row["id"], "void", unit.now)
        unit.audit(row["case_id"], "service", "check_in.void", check_in=row["id"])
        return False
    if complaints.stops(unit, row["case_id"]):
        checkins.stop(unit.tx, row["case_id"])
        return False
    return True


def _too_late(unit: Unit, row: Row, others: list[Row]) -> bool:
    """It waited longer than it makes sense, or the next of its kind is due as well."""
    step: CheckInStep = check_in_plans.load()[row["step"]]
    if unit.now - int(row["due_at"]) > step.lasts * DAY:
        return True
    same = [one for one in others if (one["case_id"], one["step"]) == (row["case_id"], row["step"])]
    return any(int(one["due_at"]) > int(row["due_at"]) for one in same)


def _send(unit: Unit, person: Row, rows: list[Row], skipped: list[str]) -> None:
    sheet = check_in_sheets.post_day(unit, person, [row["id"] for row in rows], skipped)
    if sheet is None:
        for row in rows:
            checkins.put_off(unit.tx, row["id"], unit.now + DAY)
        return
    today = local_day(unit.now, ZoneInfo(person["timezone"]))
    again = budget.next_hour(unit, person, today)
    for row in rows:
        checkins.asked(unit.tx, row["id"], sheet, unit.now, again)
        unit.audit(row["case_id"], "service", "check_in.asked", check_in=row["id"], step=row["step"])
        if int(row["asks"]) == TELL_OTHER_AFTER:
            _tell_other(unit, row)
    check_in_sheets.send(unit, sheet)


def _tell_other(unit: Unit, row: Row) -> None:
    """Two went unanswered: the other side of the case has it in their digest."""
    step = check_in_plans.load()[row["step"]]
    other = seats.of_case(unit.tx, row["case_id"], "specialist" if step.who == "dentist" else "dentist")
    if other is not None and step.who == "dentist":
        topic = f"unanswered:{row['id']}"
        reminders.digest(
            unit,
            PersonId(other["person_id"]),
            topic,
            "check_in.line.unanswered",
            case_id=row["case_id"],
            ref=other["ref"],
        )


def _tell_of_set(unit: Unit, row: Row) -> None:
    """A week after a refinement's set was expected: whoever the step is for hears of it, if it has not come."""
    case = cases.get(unit.tx, row["case_id"])
    assert case is not None
    late = _days_late(unit, case)
    checkins.settle(unit.tx, row["id"], "void", unit.now)
    unit.audit(case["id"], "service", "refinement.looked_at", days=late)
    if late > WEEK and case["state"] == "open":
        person_id = PersonId(row["person_id"])
        topic = f"set_late:{row['id']}"
        reminders.nudge(
            unit, person_id, topic, "check_in.line.set_late", case_id=case["id"], ref=case["ref"], days=late
        )


def _days_late(unit: Unit, case: Row) -> int:
    """Days since a set that has not come was expected, the newest of a case; 0 if there is none."""
    row = refinements.newest(unit.tx, case["id"])
    if row is None or row["arrived_on"] is not None:
        return 0
    expected = date.fromisoformat(row["scan_on"]) + timedelta(days=row["lead_days"])
    return (timelines.today_of(unit, case) - expected).days


def _rest(unit: Unit, row: Row) -> None:
    """Asked often enough: the coordinator is told, never the practice."""
    checkins.settle(unit.tx, row["id"], "rested", unit.now)
    unit.audit(row["case_id"], "service", "check_in.rested", check_in=row["id"])
    notices.alert(unit, "check_in_unanswered", row["ref"])
    check_in_sheets.draw(unit, row["sheet_id"])
