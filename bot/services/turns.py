"""Whose turn it is: a clock in the specialist's own working time for each answer owed, and who hears of it on the way.

The clock stands while the dentist owes something first. Who is told next is a row with a due moment, looked at again
with the hours and leave as they are by then.
"""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId, PersonId
from bot.domain.names import short_name
from bot.domain.outbound import Button
from bot.domain.turns import STAGES, Owed, Stage, Target, is_courtesy, says_not_seating, sounds_courteous
from bot.services import buttons, diary, notices, reminders, stand_ins
from bot.services.diary import Diary
from bot.services.unit import Unit
from prompts import targets
from prompts.wording import say
from storage import cases, messages, owed, people, plans, seats

Row = dict[str, Any]
REPLY, PLAN = "reply", "plan"


def target(unit: Unit, practice_id: int, kind: Owed) -> Target:
    """A practice's own target for a kind, else the service's."""
    practice = people.practice(unit.tx, practice_id)
    own = json.loads(practice["targets"]) if practice is not None else {}
    found = Target.parse(str(own[kind])) if kind in own else None
    return found if isinstance(found, Target) else targets.load().targets[kind]


def after(unit: Unit, seat: Row, text: str) -> str:
    """Whose turn it is once one side of a case has said something; "" if that changes nothing.

    Thanks alone, or that something was read, change nothing.
    """
    if sounds_courteous(text) and is_courtesy(text, _names(unit, seats.case_of(seat))):
        return ""
    return "specialist" if seat["side"] == "dentist" else "dentist"


def said(unit: Unit, seat: Row, text: str, *, card_soon: bool | None = None) -> None:
    """One side of a case said something: the turn passes, and what was owed is answered or owed now.

    Where the turn was noted with the message already, `card_soon` says whether the card follows soon anyway.
    """
    case = seats.case_of(seat)
    if card_soon is None:
        turn = after(unit, seat, text)
        if not turn:
            return
        card_soon = cases.set_turn(unit.tx, case["id"], turn, unit.now)
    if seat["side"] == "dentist":
        _owe(unit, case, Owed.NOT_SEATING if says_not_seating(text) else Owed.QUESTION, card=not card_soon)
    else:
        _answered(unit, case, card=not card_soon)


def owe(unit: Unit, case: Row, kind: Owed) -> None:
    """The specialist owes an answer of this kind; an older question keeps its clock unless this one is due sooner."""
    _owe(unit, case, kind, card=not cases.set_turn(unit.tx, case["id"], "specialist", unit.now))


def _owe(unit: Unit, case: Row, kind: Owed, *, card: bool) -> None:
    if case["specialist_id"] is None or case["state"] != "open":
        return
    theirs = diary.of_one(unit, case["specialist_id"], practice_id=case["practice_id"])
    slot = PLAN if kind is Owed.PLAN_REVIEW else REPLY
    standing = None
    for row in owed.locked(unit.tx, case["id"]):
        until = row["due_at"] if row["started_at"] is not None else _run(unit, row, theirs, started_at=unit.now)
        if row["slot"] == slot:
            standing = {**row, "due_at": until}
    due = target(unit, case["practice_id"], kind).due(
        unit.now, theirs.hours, theirs.zone, theirs.absences, theirs.holidays
    )
    if standing is not None and (due is None or (standing["due_at"] is not None and standing["due_at"] <= due)):
        return
    length = 0 if due is None else theirs.working(unit.now, due)
    clock = {"stage": Stage.RUNNING.value, "spent": 0, "started_at": unit.now, "length": length}
    next_at = None if due is None else _next(clock, theirs)
    owed.begin(unit.tx, case["id"], slot, kind=kind.value, since=unit.now, length=length, due_at=due, next_at=next_at)
    if card:
        cases.card_soon(unit.tx, case["id"], unit.now)
    unit.audit(case["id"], "service", "turn.owed", kind=kind.value, due=due or 0)
    unit.due(next_at)


def begun(unit: Unit, case: Row) -> None:
    """A specialist has the case from now on: every clock begins anew, and the plan is theirs while there is none."""
    waiting = owed.get(unit.tx, case["id"], REPLY)
    planned = owed.get(unit.tx, case["id"], PLAN)
    drop(unit, case)
    if planned is not None or plans.newest(unit.tx, case["id"]) is None:
        owe(unit, case, Owed.PLAN_REVIEW)
    if waiting is not None:
        owe(unit, case, Owed(waiting["kind"]))
    elif messages.undelivered(unit.tx, case["id"], "dentist"):
        owe(unit, case, Owed.QUESTION)


def plan_said(unit: Unit, case: Row, side: str) -> None:
    """One side made a plan, approved it or asked for another: the specialist owes a review, or owes none any more."""
    if side == "dentist":
        owe(unit, case, Owed.PLAN_REVIEW)
    else:
        _settle(unit, case, PLAN)


def drop(unit: Unit, case: Row) -> None:
    """The case is over, or somebody else's: nothing is owed in it."""
    for slot in (REPLY, PLAN):
        if owed.settle(unit.tx, case["id"], slot):
            buttons.void_group(unit, _group(case["id"], slot))
    notices.resolved(unit, "late_reply", case["ref"])
    notices.resolved(unit, "late_plan", case["ref"])


def diary_changed(unit: Unit, person_id: PersonId) -> None:
    """Leave was added or dropped: what they owe is due earlier or later."""
    for row in owed.of_specialist(unit.tx, person_id):
        _run(unit, row, _of(unit, row), started_at=int(row["started_at"]))
        cases.card_soon(unit.tx, row["case_id"], unit.now)
    unit.wake("scheduler")


def run_due(unit: Unit, limit: int = 50) -> int:
    """Whoever is to hear of a late answer now does; how many were looked at."""
    rows = owed.due(unit.tx, unit.now, limit)
    for row in rows:
        if row["case_state"] != "open" or row["specialist_id"] is None:
            owed.settle(unit.tx, row["case_id"], row["slot"])
            continue
        theirs = _of(unit, row)
        moment = _next(row, theirs)
        if moment is not None and moment <= unit.now:
            stage = STAGES[STAGES.index(Stage(row["stage"])) + 1]
            unit.audit(row["case_id"], "service", "turn.stage", kind=row["kind"], stage=stage.value)
            _tell(unit, row, stage, theirs)
            row = {**row, "stage": stage.value}
        _run(unit, row, theirs, started_at=int(row["started_at"]))
    return len(rows)


def next_due(unit: Unit) -> int | None:
    """When the next stage is looked at (µs)."""
    return owed.next_due(unit.tx)


def _names(unit: Unit, case: Row) -> list[str]:
    both = [people.get(unit.tx, one) for one in (case["dentist_id"], case["specialist_id"]) if one is not None]
    return [one["name"] for one in both if one is not None]


def _answered(unit: Unit, case: Row, *, card: bool) -> None:
    standing = {row["slot"]: row for row in owed.locked(unit.tx, case["id"])}
    if REPLY in standing:
        _settled(unit, case, standing[REPLY], card=card)
    plan = standing.get(PLAN)
    if plan is not None and plan["started_at"] is not None:
        spent = int(plan["spent"]) + _of(unit, {**case, **plan}).working(int(plan["started_at"]), unit.now)
        owed.pause(unit.tx, case["id"], PLAN, spent)


def _settle(unit: Unit, case: Row, slot: str) -> None:
    row = owed.get(unit.tx, case["id"], slot)
    if row is not None:
        _settled(unit, case, row)


def _settled(unit: Unit, case: Row, row: Row, *, card: bool = True) -> None:
    slot = str(row["slot"])
    late = row["due_at"] is not None and row["due_at"] < unit.now
    owed.settle(unit.tx, case["id"], slot)
    if card:
        cases.card_soon(unit.tx, case["id"], unit.now)
    if late or row["stage"] != Stage.RUNNING:  # else nobody has been told of it
        if case["specialist_id"] is not None:
            reminders.settled(unit, PersonId(case["specialist_id"]), _topic(row))
        buttons.void_group(unit, _group(case["id"], slot))
        notices.resolved(unit, "late_reply" if slot == REPLY else "late_plan", case["ref"])
    unit.audit(case["id"], "service", "turn.answered", kind=row["kind"], late=late, waited=unit.now - row["since"])


def _tell(unit: Unit, row: Row, stage: Stage, theirs: Diary) -> None:
    specialist = people.get(unit.tx, row["specialist_id"])
    dentist = people.get(unit.tx, row["dentist_id"])
    assert specialist is not None
    assert dentist is not None
    values = {"ref": row["ref"], "name": short_name(dentist["name"])}
    match stage:
        case Stage.WARNED:
            due = diary.spoken(int(row["due_at"]), unit.now, theirs.zone)
            _nudge(unit, row, "warned", **values, time=due)
        case Stage.LATE:
            _nudge(unit, row, "late", **values)
        case Stage.COVER if row["slot"] == REPLY:
            _ask_cover(unit, row, specialist, dentist)
        case Stage.COORDINATOR:
            notices.alert(unit, "late_plan" if row["slot"] == PLAN else "late_reply", row["ref"])
        case _:
            pass  # nobody can review a plan in another's place


def _nudge(unit: Unit, row: Row, stage: str, **facts: str) -> None:
    """A reminder to the specialist as soon as their day's is free; of each answer one at a time."""
    person, case_id = PersonId(row["specialist_id"]), CaseId(row["case_id"])
    reminders.settled(unit, person, _topic(row))
    reminders.nudge(unit, person, _topic(row), f"turn.stage.{row['slot']}_{stage}", case_id=case_id, **facts)


def _topic(row: Row) -> str:
    return f"turn:{row['slot']}:{row['case_id']}"


def _ask_cover(unit: Unit, row: Row, specialist: Row, dentist: Row) -> None:
    """The cover is asked in their own chat: whose case it is, not which; the dentist sees that they are."""
    cover = stand_ins.named(unit, specialist["id"])
    seat = seats.of_case(unit.tx, row["case_id"], "dentist")
    if cover is None or seat is None:
        return
    asked = diary.spoken(int(row["since"]), unit.now, ZoneInfo(cover["timezone"]))
    names = {"name": short_name(dentist["name"]), "specialist": short_name(specialist["name"])}
    words = say("turn.cover", **names, time=asked)
    notices.to_person(
        unit, PersonId(cover["id"]), words, buttons=((take_button(unit, row, PersonId(cover["id"]), cover["id"]),),)
    )
    notices.to_seat(unit, seat, say("turn.cover_asked", name=specialist["name"], cover=cover["name"]), silent=True)


def take_button(unit: Unit, row: Row, presser: PersonId, cover_id: int) -> Button:
    """[I can answer]: the case is the cover's for a while."""
    case = cases.get(unit.tx, row["case_id"])
    assert case is not None
    return buttons.for_case(
        unit,
        case,
        presser,
        "turn.take",
        say("turn.button.take"),
        data={"cover": cover_id},
        group=_group(case["id"], REPLY),
    )


def _run(unit: Unit, row: Row, theirs: Diary, *, started_at: int) -> int | None:
    """Write down where the clock stands and when it is looked at again; when the answer is due."""
    going = {**row, "started_at": started_at}
    due = theirs.after(started_at, max(int(row["length"]) - int(row["spent"]), 0))
    owed.run(
        unit.tx,
        row["case_id"],
        row["slot"],
        started_at=started_at,
        due_at=due,
        stage=row["stage"],
        next_at=_next(going, theirs),
    )
    return due


def _next(row: Row, theirs: Diary) -> int | None:
    """The moment of the stage after this one, by the diary as it is now; None after the last."""
    index = STAGES.index(Stage(row["stage"])) + 1
    if index >= len(STAGES):
        return None
    part = targets.load().steps[STAGES[index]]
    return theirs.after(int(row["started_at"]), max(round(part * row["length"]) - int(row["spent"]), 0))


def _of(unit: Unit, row: Row) -> Diary:
    """The specialist's diary since the clock of `row` runs."""
    return diary.of_one(unit, row["specialist_id"], since=int(row["started_at"]), practice_id=row["practice_id"])


def _group(case_id: int, slot: str) -> str:
    return f"turn:{slot}:{case_id}"
