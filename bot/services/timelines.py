"""The timeline of a case: its course put together from plan versions, intake and the ledger of what moved its dates.

Reading only; what changes a timeline is in `reflow` and `plans`, so that check-ins may read it and be planned by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import course as courses
from bot.domain.codec import dump, load
from bot.domain.course import Course, Hold, Refinement, Stage
from bot.domain.deadline import DEFAULT_LEAD
from bot.domain.ids import CaseId, PersonId
from bot.domain.localtime import local_day
from bot.domain.plans import PlanFacts, facts_of
from bot.domain.timeline import Timeline
from bot.services import calendars, intake_answers
from bot.services.unit import Unit
from storage import cases, people, plans
from storage import courses as rows

Row = dict[str, Any]
LEAST_LEAD = 7
PLAN_TO_FIT = 14
"""Days from a plan to its first aligners, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the ledger: a fit (`on`, `set`), a hold (`set`, `aligner`, `days`), a refinement or event (`on`)."""

    kind: str
    on: date | None = None
    set: int = 0
    aligner: int = 0
    days: int | None = None
    lead: int = DEFAULT_LEAD
    upper: int | None = None
    lower: int | None = None
    reason: str = ""


def current(unit: Unit, case_id: CaseId) -> Timeline | None:
    """The timeline as it stands; None while nothing says how many aligners there are."""
    case = cases.get(unit.tx, case_id)
    found = None if case is None else of_case(unit, case)
    if case is None or found is None:
        return None
    return courses.timeline(found, calendars.of_practice(unit, case["practice_id"]))


def as_planned(unit: Unit, case_id: CaseId) -> Timeline | None:
    """The timeline as it would stand had nothing slipped: with its refinements, without fits and holds noted since."""
    case = cases.get(unit.tx, case_id)
    found = None if case is None else of_case(unit, case, moved=False)
    if case is None or found is None:
        return None
    return courses.timeline(found, calendars.of_practice(unit, case["practice_id"]))


def today_of(unit: Unit, case: Row) -> date:
    """The day it is at the case's practice."""
    return local_day(unit.now, zone_of(unit, case))


def of_case(unit: Unit, case: Row, *, moved: bool = True) -> Course | None:
    """What the timeline is made from; without what `moved` fits and aligners, if that is False."""
    zone = zone_of(unit, case)
    opened = local_day(int(case["created_at"]), zone)
    versions = versions_of(unit, case)
    base = _planned(versions) or _from_intake(unit, case)
    if base is None:
        return None
    upper, lower, days, review_days = base
    ledger = [one for one in changes(unit, case["id"]) if moved or one[1].kind not in ("fit", "hold")]
    planned = [one for one in versions if one[1].aligner_set == 0]
    fits = [(made, one.fit_on) for made, one in planned if one.fit_on is not None]
    earliest = min(fits)[1] if fits else None
    lead = DEFAULT_LEAD if earliest is None else max(LEAST_LEAD, min(DEFAULT_LEAD, (earliest - opened).days))
    first_plan = min((one.made_on for _, one in planned), default=opened)
    usual_fit = max(opened + timedelta(days=lead), first_plan + timedelta(days=PLAN_TO_FIT if planned else 0))
    fits += [(made, one.on) for made, one in ledger if one.kind == "fit" and one.set == 0 and one.on is not None]
    extra = {} if review_days is None else {"review_days": review_days}
    return Course(
        version=versions[0][1].version if versions else 0,
        opened_on=opened,
        fit_on=max(fits)[1] if fits else usual_fit,
        upper=upper,
        lower=lower,
        days=days,
        plan_on=max((one.made_on for _, one in planned), default=None),
        lead=lead,
        ipr=_stages(versions, "ipr"),
        attachments=_stages(versions, "attachments"),
        event_on=None if not case["event_on"] else date.fromisoformat(case["event_on"]),
        holds=tuple(Hold(one.set, one.aligner, one.days or 0) for _, one in ledger if one.kind == "hold"),
        refinements=_refinements(versions, [one for _, one in ledger]),
        **extra,
    )


def versions_of(unit: Unit, case: Row) -> list[tuple[int, PlanFacts]]:
    """Every version of the plan with its id, the newest first; ids rise, those of the ledger too."""
    zone = zone_of(unit, case)
    found = []
    for row in plans.all_of(unit.tx, case["id"]):
        sealed = unit.unseal(case["id"], "plan_version", "facts_sealed", row["id"], row["facts_sealed"])
        facts = facts_of(
            load(dict[str, Any], sealed),
            version=int(row["version"]),
            made_on=local_day(int(row["made_at"]), zone),
            side=row["side"],
            state=row["state"],
            aligner_set=int(row["aligner_set"]),
        )
        found.append((int(row["id"]), facts))
    return found


def changes(unit: Unit, case_id: int) -> list[tuple[int, Change]]:
    """The ledger with the id of each entry, in order."""
    return [
        (
            int(row["id"]),
            load(Change, unit.unseal(case_id, "timeline_change", "change_sealed", row["id"], row["change_sealed"])),
        )
        for row in rows.changes(unit.tx, case_id)
    ]


def note(unit: Unit, case_id: CaseId, by: PersonId, change: Change) -> None:
    """Add to the ledger; the case is locked."""
    made = unit.new_id()
    rows.add_change(
        unit.tx,
        id=made,
        case_id=case_id,
        seq=len(rows.changes(unit.tx, case_id)) + 1,
        kind=change.kind,
        person_id=by,
        change=unit.seal(case_id, "timeline_change", "change_sealed", made, dump(change)),
        now=unit.now,
    )


def zone_of(unit: Unit, case: Row) -> ZoneInfo:
    """The zone of the practice of a case."""
    practice = people.practice(unit.tx, case["practice_id"])
    return ZoneInfo(practice["timezone"] if practice is not None else "Europe/London")


def _planned(versions: Sequence[tuple[int, PlanFacts]]) -> tuple[int, int, int, int | None] | None:
    for _, one in versions:
        if one.aligner_set == 0:
            return one.upper, one.lower, one.days, one.review_days
    return None


def _from_intake(unit: Unit, case: Row) -> tuple[int, int, int, int | None] | None:
    answers = intake_answers.of_case(unit, case)
    aligners, days = answers.get("aligners"), answers.get("days_per_aligner")
    if not aligners or not days:
        return None
    return int(aligners["upper"]), int(aligners["lower"]), int(days), None


def _stages(versions: Sequence[tuple[int, PlanFacts]], what: str) -> tuple[Stage, ...]:
    """The stages of each set, from the newest version that plans it."""
    found: dict[int, list[Stage]] = {}
    for _, one in versions:
        if one.aligner_set in found:
            continue
        numbers = one.attachments if what == "attachments" else sorted({row.aligner for row in one.ipr})
        found[one.aligner_set] = [Stage(number, set=one.aligner_set) for number in numbers]
    return tuple(stage for number in sorted(found) for stage in found[number])


def _refinements(versions: Sequence[tuple[int, PlanFacts]], ledger: Sequence[Change]) -> tuple[Refinement, ...]:
    made: list[Refinement] = []
    for number, one in enumerate((one for one in ledger if one.kind == "refinement"), 1):
        assert one.on is not None
        planned = next((facts for _, facts in versions if facts.aligner_set == number), None)
        fits = [later.on for later in ledger if later.kind == "fit" and later.set == number and later.on is not None]
        if planned is not None and planned.fit_on is not None and not fits:
            fits = [planned.fit_on]
        made.append(
            Refinement(
                scan_on=one.on,
                lead=max(0, (fits[-1] - one.on).days) if fits else one.lead,
                upper=one.upper if planned is None else planned.upper,
                lower=one.lower if planned is None else planned.lower,
                days=one.days if planned is None else planned.days,
            )
        )
    return tuple(made)
