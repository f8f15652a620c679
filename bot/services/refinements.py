"""Refinements: why, when the new scan is taken, what to send, and what that does to the dates. Counted per case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.dates import spoken
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Button
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, bold, lines
from bot.domain.turns import Owed
from bot.services import buttons, news, notices, reflow, slip_calls, slips, timelines, turns
from bot.services.unit import Unit
from prompts import refinements as plans
from prompts.wording import say
from storage import cases, refinements, seats

Row = dict[str, Any]
SCANS = (0, 7, 14, 28)
"""Days from today for which there is a button."""
NEAR_END = 3
"""Aligners left at which a new scan is a refinement, no mid-course correction."""


def open_form(unit: Unit, seat: Row) -> None:
    """Ask why, with a button for each reason; the one that is open already stands above, with what is missing."""
    case_id = CaseId(seat["case_id"])
    last = refinements.newest(unit.tx, case_id)
    body: list[RichText | str] = []
    if last is not None:
        body += [*_lines(unit, seat, last), ""]
    body.append(say("refine.why" if last is None else "refine.why_another"))
    made = [_button(unit, seat, "refine.reason", one.label, {"reason": one.id}) for one in plans.load().reason]
    rows = tuple(tuple(made[at : at + 2]) for at in range(0, len(made), 2))
    if last is not None and last["arrived_on"] is None:
        rows = ((_form(unit, seat, "refine_set", say("refine.set.button"), str(case_id)),), *rows)
    notices.to_seat(unit, seat, lines(*body), buttons=rows, silent=True)


def ask_scan(unit: Unit, seat: Row, reason: str) -> None:
    """Ask when the new scan is, or was, taken."""
    made = []
    for days in SCANS:
        label = say("refine.scan.today") if not days else say("refine.scan.weeks", n=days // 7)
        made.append(_button(unit, seat, "refine.scan", label, {"reason": reason, "days": days}))
    typed = _form(unit, seat, "refine_scan", say("refine.scan.typed"), f"{seat['case_id']}:{reason}")
    notices.to_seat(unit, seat, say("refine.when"), buttons=(tuple(made[:2]), tuple(made[2:]), (typed,)), silent=True)


def ask(unit: Unit, seat: Row, reason: str, scan_on: date) -> Problem | None:
    """Keep it, move the dates, and show both sides what to send; who owes the next step follows."""
    case = cases.lock(unit.tx, seat["case_id"])
    if case is None or case["state"] != "open":
        return Problem.of("timeline.problem.closed")
    case_id, by = CaseId(case["id"]), PersonId(seat["person_id"])
    today = timelines.today_of(unit, case)
    course = timelines.current(unit, case_id)
    worn = None if course is None else course.aligner_on(today)
    kind = "refinement"
    if course is not None and worn is not None:
        span = course.spans[worn[0]]
        kind = "mid_course" if max(span.upper, span.lower) - worn[1] > NEAR_END else "refinement"
    lead = plans.load().lead_days
    last = refinements.newest(unit.tx, case_id)
    if course is not None:
        flowed = reflow.add_refinement(unit, case_id, by, scan_on, lead=lead, reason=reason)
        if isinstance(flowed, Problem):
            return flowed
    made = unit.new_id()
    no = 1 if last is None else int(last["no"]) + 1
    refinements.add(
        unit.tx,
        id=made,
        case_id=case_id,
        no=no,
        kind=kind,
        reason=reason,
        asked_by=by,
        scan_on=scan_on.isoformat(),
        lead_days=lead,
        holding=None if worn is None else worn[1],
        first_message=int(case["last_no"]) + 1,
        now=unit.now,
    )
    unit.audit(case_id, f"person:{by}", "refinement.asked", no=no, kind=kind, reason=reason, scan=scan_on.isoformat())
    row = refinements.newest(unit.tx, case_id)
    assert row is not None
    for one in seats.living(unit.tx, case_id):
        heard = news.is_heard(unit, one, by=by)  # of the new dates they have heard by now, or have a line in the digest
        notices.to_seat(unit, one, lines(*_lines(unit, one, row)), silent=not heard)
    if seat["side"] == "dentist":
        turns.owe(unit, case, Owed.PLAN_REVIEW)
    else:
        cases.set_turn(unit.tx, case_id, "dentist", unit.now)
    return None


def arrived(unit: Unit, seat: Row, on: date) -> Problem | None:
    """The new set is there since this day: kept; one that came late moves the dates, which both sides are told."""
    case = cases.lock(unit.tx, seat["case_id"])
    row = None if case is None or case["state"] != "open" else refinements.newest(unit.tx, case["id"])
    if case is None or row is None:
        return Problem.of("refine.problem.none")
    today = timelines.today_of(unit, case)
    scan_on = date.fromisoformat(row["scan_on"])
    if on > today:
        return Problem.of("refine.problem.to_come", day=spoken(on))
    if on < scan_on:
        return Problem.of("refine.problem.before_scan", day=spoken(on), scan=spoken(scan_on))
    case_id, by = CaseId(case["id"]), PersonId(seat["person_id"])
    refinements.set_arrived(unit.tx, row["id"], on.isoformat())
    unit.audit(case_id, f"person:{by}", "refinement.arrived", no=row["no"], on=on.isoformat())
    course = timelines.current(unit, case_id)
    if course is not None and course.spans[-1].number and course.spans[-1].begins_on < on:
        before = slips.of(unit, case_id)
        flowed = reflow.set_came(unit, case_id, by, on)
        if isinstance(flowed, Problem):
            return flowed
        slip_calls.make(unit, case_id, seat, before)
        return None
    words = say("refine.set.arrived", n=row["no"], ref=seat["ref"], date=spoken(on))
    for one in seats.living(unit.tx, case_id):
        notices.to_seat(unit, one, words, silent=True)
    return None


def noted(unit: Unit, seat: Row, *, came: bool) -> None:
    """A check-in says whether the new set has come; what it said before is taken back."""
    case, row = cases.get(unit.tx, seat["case_id"]), refinements.newest(unit.tx, seat["case_id"])
    assert case is not None
    if row is None or came is (row["arrived_on"] is not None):
        return
    if came:
        arrived(unit, seat, max(timelines.today_of(unit, case), date.fromisoformat(row["scan_on"])))
    else:
        refinements.set_arrived(unit.tx, row["id"], None)
        unit.audit(case["id"], f"person:{seat['person_id']}", "refinement.not_arrived", no=row["no"])


def _lines(unit: Unit, seat: Row, row: Row) -> list[RichText | str]:
    """Number, reason, scan and new set, what is worn meanwhile, the records with their status, the usual count."""
    known = plans.load()
    scan_on = date.fromisoformat(row["scan_on"])
    found: list[RichText | str] = [
        bold(say(f"refine.title.{row['kind']}", n=row["no"], ref=seat["ref"])),
        say("refine.reason", reason=known.label_of(row["reason"])),
        say("refine.dates", scan=spoken(scan_on), set=spoken(scan_on + timedelta(days=row["lead_days"]))),
    ]
    if row["arrived_on"] is not None:
        found.append(say("refine.set.here", date=spoken(date.fromisoformat(row["arrived_on"]))))
    if row["holding"] is not None:
        found.append(say("refine.holding", aligner=row["holding"]))
    types = refinements.types_since(unit.tx, row["case_id"], row["first_message"])
    for record in known.record:
        here = sum(one.startswith(record.types) for one in types)
        key = "refine.record.here" if here >= record.count else "refine.record.missing"
        found.append(say(key, what=record.label, here=min(here, record.count), of=record.count))
    if known.checked:
        found.append(say("refine.count", n=row["no"], average=f"{known.average:g}", source=known.source))
    return found


def _form(unit: Unit, seat: Row, form: str, label: str, subject: str) -> Button:
    return buttons.for_seat(unit, seat, f"{form}.open", label, data={"subject": subject}, once=False)


def _button(unit: Unit, seat: Row, action: str, label: str, data: dict[str, object]) -> Button:
    return buttons.for_seat(unit, seat, action, label, data=data, group=f"{action}:{seat['id']}")
