"""What moves the dates of a case: a slip, a repeated aligner, a fit, a refinement, another event.

Each is noted in the ledger and told to both sides in one message that shows old and new; then check-ins are planned
anew, and forewarnings looked at again. A deadline that changes colour is never silent.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.dates import spoken
from bot.domain.deadline import Colour
from bot.domain.ids import CaseId, PersonId
from bot.domain.names import short_name
from bot.domain.problems import Problem
from bot.domain.richtext import RichText, bold, lines
from bot.domain.timeline import MilestoneKind, Timeline
from bot.services import checkins, deadlines, forewarnings, news, notices, rooms, timelines
from bot.services.timelines import Change
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, courses, people, seats

Row = dict[str, Any]
LONGEST = 366
"""Days of one slip."""
_SHOWN = (
    MilestoneKind.FIT,
    MilestoneKind.ALIGNER_CHANGE,
    MilestoneKind.IPR,
    MilestoneKind.ATTACHMENT,
    MilestoneKind.REVIEW,
    MilestoneKind.REFINEMENT_SCAN,
    MilestoneKind.REFINEMENT_SET,
)
"""Of each the next one is shown, where its date changed."""


def slip(unit: Unit, case_id: CaseId, by: PersonId, days: int, aligner: int | None = None) -> Timeline | Problem:
    """Everything from here on is so many days later; before the fit the fit is. `aligner` is the one worn meanwhile."""
    return _hold(unit, case_id, by, days, aligner, "slip")


def repeat_aligner(unit: Unit, case_id: CaseId, by: PersonId, aligner: int, days: int = 0) -> Timeline | Problem:
    """An aligner is worn once more: `days` longer, or as long as any of its set."""
    return _hold(unit, case_id, by, days, aligner, "repeat")


def fit_on(unit: Unit, case_id: CaseId, by: PersonId, on: date) -> Timeline | Problem:
    """The first aligner of the set that comes next is, or was, fitted on this day."""

    def change(old: Timeline, case: Row) -> tuple[Change, str] | Problem:
        today = timelines.today_of(unit, case)
        newest = old.spans[-1]
        scan_on = old.of(MilestoneKind.REFINEMENT_SCAN)[-1].on if newest.number else None
        # After a new scan only its own set can be fitted, were the day it was expected on long past.
        number = newest.number if scan_on is not None and (newest.begins_on >= today or on >= scan_on) else 0
        if number and scan_on is not None and on < scan_on:
            return Problem.of("timeline.problem.before_scan")
        return Change("fit", on=on, set=number), say("timeline.did.fit", date=spoken(on))

    return _apply(unit, case_id, by, change)


def set_came(unit: Unit, case_id: CaseId, by: PersonId, on: date) -> Timeline | Problem:
    """The aligners of the newest set came on this day and are worn from it on."""

    def change(old: Timeline, case: Row) -> tuple[Change, str] | Problem:
        number = old.spans[-1].number
        return Change("fit", on=on, set=number), say("timeline.did.set_came", n=number, date=spoken(on))

    return _apply(unit, case_id, by, change)


def add_refinement(
    unit: Unit,
    case_id: CaseId,
    by: PersonId,
    scan_on: date,
    *,
    lead: int | None = None,
    upper: int | None = None,
    lower: int | None = None,
    days: int | None = None,
    reason: str = "",
) -> Timeline | Problem:
    """A new scan on this day and a set after it; without figures it is as large as is usual. `reason` is a code."""

    def change(old: Timeline, case: Row) -> tuple[Change, str] | Problem:
        if scan_on < old.spans[-1].begins_on:
            return Problem.of("timeline.problem.scan_early", date=spoken(old.spans[-1].begins_on))
        course = timelines.of_case(unit, case)
        took = lead if lead is not None else course.lead if course is not None else 0
        made = Change("refinement", scan_on, days=days, lead=took, upper=upper, lower=lower, reason=reason)
        return made, say("timeline.did.refinement", n=len(old.spans), date=spoken(scan_on), lead=took)

    return _apply(unit, case_id, by, change)


def move_event(unit: Unit, case_id: CaseId, by: PersonId, on: date | None) -> Timeline | Problem | None:
    """The patient's date is another one, or there is none any more. None while there is no timeline to move."""
    case = cases.lock(unit.tx, case_id)
    if case is None or case["state"] == "closed":
        return Problem.of("timeline.problem.closed")
    before = "" if not case["event_on"] else spoken(date.fromisoformat(case["event_on"]))
    now = say("timeline.no_event") if on is None else spoken(on)
    headline = say("timeline.did.event", before=before or say("timeline.no_event"), now=now)
    old = timelines.current(unit, case_id)
    cases.set_event(unit.tx, case_id, None if on is None else on.isoformat())
    timelines.note(unit, case_id, by, Change("event", on))
    unit.audit(case_id, f"person:{by}", "timeline.event", on="" if on is None else on.isoformat())
    rooms.retitle(unit, case_id)
    if old is None:
        rooms.refresh_card(unit, case_id)
        _post(unit, case_id, by, lines(bold(_by(unit, by, headline))))
        deadlines.tell_at_intake(unit, case_id)
        forewarnings.review(unit, case_id, by)
        return None
    return _flow(unit, case_id, by, old, headline)


def settle(
    unit: Unit, case_id: CaseId, by: PersonId, old: Timeline | None, headline: str, *, silent: bool = False
) -> Timeline:
    """Dates have changed: both sides see old and new, the card and the check-ins follow.

    `silent` where another message says that there is something to look at. A colour that got worse is never silent.
    """
    new = timelines.current(unit, case_id)
    case = cases.get(unit.tx, case_id)
    assert new is not None
    assert case is not None
    courses.put(
        unit.tx,
        case_id,
        version=new.version,
        finish_on=new.predicted_finish.isoformat(),
        late_on=new.finish_late.isoformat(),
        colour=new.colour or "",
        now=unit.now,
    )
    unit.audit(
        case_id,
        f"person:{by}",
        "timeline.flowed",
        version=new.version,
        finish=new.predicted_finish.isoformat(),
        colour=new.colour or "none",
    )
    told: list[RichText | str] = [bold(_by(unit, by, headline)), *difference(old, new, timelines.today_of(unit, case))]
    worse = new.colour in (Colour.AMBER, Colour.RED) and (old is None or old.colour is not new.colour)
    course = timelines.of_case(unit, case)
    assert course is not None
    if worse and new.judged is not None:
        told += ["", *deadlines.headline(new.judged), *deadlines.arithmetic(course, new)]
    ways = deadlines.ways_out_lines(unit, case, new) if worse else []
    _post(unit, case_id, by, lines(*told), ways, silent=silent, urgent=worse)
    rooms.refresh_card(unit, case_id)
    checkins.replan(unit, case_id)
    return new


def difference(old: Timeline | None, new: Timeline, today: date) -> list[str]:
    """Old and new of what changed, a line each; "unchanged" is said too."""
    if old is None:
        rows = [say("timeline.finish", finish=spoken(new.predicted_finish), late=spoken(new.finish_late))]
    elif old.predicted_finish == new.predicted_finish:
        rows = [say("timeline.finish_same", finish=spoken(new.predicted_finish), late=spoken(new.finish_late))]
    else:
        moved = (new.predicted_finish - old.predicted_finish).days
        key = "timeline.finish_later" if moved > 0 else "timeline.finish_sooner"
        was, now = spoken(old.predicted_finish), spoken(new.predicted_finish)
        rows = [say(key, was=was, now=now, days=abs(moved), late=spoken(new.finish_late))]
    for kind in _SHOWN:
        before = None if old is None else old.after(today, kind)
        after = new.after(today, kind)
        if after is None or (before is not None and before.on == after.on):
            continue
        what = say(f"timeline.next.{kind}")
        if before is None:
            rows.append(say("timeline.step", what=what, now=spoken(after.on)))
        else:
            rows.append(say("timeline.step_moved", what=what, was=spoken(before.on), now=spoken(after.on)))
    if new.colour is not None and new.event_on is not None:
        colour = say(f"timeline.colour.{new.colour}")
        if old is not None and old.colour is not None and old.colour is not new.colour:
            was_colour = say(f"timeline.colour.{old.colour}")
            rows.append(say("timeline.deadline_changed", event=spoken(new.event_on), was=was_colour, now=colour))
        else:
            rows.append(say("timeline.deadline", event=spoken(new.event_on), colour=colour))
    return rows


def _hold(unit: Unit, case_id: CaseId, by: PersonId, days: int, aligner: int | None, why: str) -> Timeline | Problem:
    def change(old: Timeline, case: Row) -> tuple[Change, str] | Problem:
        today = timelines.today_of(unit, case)
        course = timelines.of_case(unit, case)
        assert course is not None
        worn = old.aligner_on(today)
        span = old.spans[worn[0] if worn else -1 if today >= old.spans[-1].begins_on else 0]
        number = aligner if aligner is not None else worn[1] if worn else max(span.upper, span.lower)
        if why == "slip" and aligner is None and today < old.spans[0].begins_on:
            later = old.spans[0].begins_on + timedelta(days=days)
            return Change("fit", on=later), say("timeline.did.slip_fit", days=days)
        if not 1 <= number <= max(span.upper, span.lower):
            return Problem.of("timeline.problem.aligner", most=max(span.upper, span.lower))
        usual = course.refinements[span.number - 1].days if span.number else None
        longer = days or usual or course.days
        if not 1 <= longer <= LONGEST:
            return Problem.of("timeline.problem.days", most=LONGEST)
        headline = say(f"timeline.did.{why}", aligner=number, days=longer)
        return Change("hold", set=span.number, aligner=number, days=longer), headline

    return _apply(unit, case_id, by, change)


def _apply(unit: Unit, case_id: CaseId, by: PersonId, change: Any) -> Timeline | Problem:
    case = cases.lock(unit.tx, case_id)
    if case is None or case["state"] == "closed":
        return Problem.of("timeline.problem.closed")
    old = timelines.current(unit, case_id)
    if old is None:
        return Problem.of("timeline.problem.no_plan")
    made = change(old, case)
    if isinstance(made, Problem):
        return made
    entry, headline = made
    timelines.note(unit, case_id, by, entry)
    unit.audit(case_id, f"person:{by}", f"timeline.{entry.kind}", set=entry.set, days=entry.days or 0)
    return _flow(unit, case_id, by, old, headline)


def _flow(unit: Unit, case_id: CaseId, by: PersonId, old: Timeline, headline: str) -> Timeline:
    new = settle(unit, case_id, by, old, headline)
    forewarnings.review(unit, case_id, by)
    return new


def _by(unit: Unit, by: PersonId, headline: str) -> str:
    person = people.get(unit.tx, by)
    assert person is not None
    return say("timeline.by", name=short_name(person["name"]), what=headline)


def _post(
    unit: Unit,
    case_id: CaseId,
    by: PersonId,
    body: RichText,
    for_specialist: list[str] | None = None,
    *,
    silent: bool = False,
    urgent: bool = False,
) -> None:
    """The same message to both sides, silently to whoever did it; the specialist's has ways out."""
    for seat in seats.living(unit.tx, case_id):
        extra = for_specialist if seat["side"] == "specialist" and for_specialist else []
        heard = (urgent or not silent) and news.is_heard(unit, seat, by=by, urgent=urgent)
        notices.to_seat(unit, seat, lines(body, *extra), silent=not heard)
        if not heard and (urgent or not silent) and seat["person_id"] != by:
            news.wait(unit, seat, "dates", "timeline.line")
