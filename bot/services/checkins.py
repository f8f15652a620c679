"""Check-ins: planned when a case opens, asked when due, answered in one tap, passed on to the specialist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.check_ins import CheckInStep
from bot.domain.ids import CaseId, CheckInId, PersonId
from bot.domain.localtime import at_local, local_day
from bot.domain.outbound import Button
from bot.domain.richtext import plain
from bot.services import buttons, notices, relay
from bot.services.unit import Unit
from prompts import check_in_plans
from prompts.wording import say
from storage import cases, checkins, people, seats

Row = dict[str, Any]


def plan(unit: Unit, case_id: CaseId) -> int:
    """Plan every step of a case that has just opened; how many were new."""
    case = cases.get(unit.tx, case_id)
    assert case is not None
    dentist = people.get(unit.tx, case["dentist_id"])
    assert dentist is not None
    zone = ZoneInfo(dentist["timezone"])
    today = local_day(unit.now, zone)
    made = 0
    for step in check_in_plans.load().values():
        made += checkins.plan(
            unit.tx,
            id=unit.new_id(),
            case_id=case_id,
            person_id=case["dentist_id"],
            step=step.id,
            occurrence=1,
            due_at=at_local(today + timedelta(days=step.days), step.minute, zone),
            local_rule=f"open+{step.days}d {step.minute // 60:02}:{step.minute % 60:02} {zone.key}",
        )
    unit.wake("scheduler")
    return made


def ask_due(unit: Unit, limit: int = 100) -> int:
    """Ask what is due; how many were asked. One that has lost its case or its step is void, and the audit says so."""
    rows = checkins.due(unit.tx, unit.now, limit)
    for row in rows:
        step = check_in_plans.load().get(row["step"])
        seat = seats.of_case(unit.tx, row["case_id"], "dentist")
        if step is None or seat is None or seat["case_state"] != "open":
            checkins.void(unit.tx, row["id"])
            unit.audit(row["case_id"], "service", "check_in.void", check_in=row["id"])
            continue
        checkins.asked(unit.tx, row["id"], unit.now)
        unit.audit(row["case_id"], "service", "check_in.asked", check_in=row["id"], step=row["step"])
        notices.to_seat(
            unit,
            seat,
            say("check_in.question", question=step.question),
            buttons=_choices(unit, seat, row, step),
            card=f"check_in:{row['id']}",
        )
    return len(rows)


def answer(unit: Unit, check_in_id: CheckInId, choice_id: str, person_id: PersonId) -> bool:
    """Keep the dentist's answer and pass it on as a message of theirs; False if it was answered before."""
    row = checkins.get(unit.tx, check_in_id)
    step = None if row is None else check_in_plans.load().get(row["step"])
    choice = None if step is None else step.choice(choice_id)
    seat = None if row is None else seats.of_case(unit.tx, row["case_id"], "dentist")
    if row is None or choice is None or seat is None or seat["person_id"] != person_id:
        return False
    if not checkins.answered(unit.tx, check_in_id, choice_id, unit.now):
        return False
    message = relay.record(
        unit, seat, plain(say("check_in.answer", line=choice.line)), kind="check_in", said_at=unit.now
    )
    relay.pass_on(unit, message)
    cases.set_turn(unit.tx, row["case_id"], "specialist", unit.now)
    unit.audit(row["case_id"], f"person:{person_id}", "check_in.answered", check_in=check_in_id, answer=choice_id)
    notices.to_seat(unit, seat, say("check_in.thanks", label=choice.label), silent=True)
    return True


def _choices(unit: Unit, seat: Row, row: Row, step: CheckInStep) -> tuple[tuple[Button, ...], ...]:
    made = [
        buttons.make(
            unit,
            "check_in.answer",
            person_id=PersonId(seat["person_id"]),
            label=choice.label,
            case_id=CaseId(row["case_id"]),
            case_epoch=int(seat["case_epoch"]),
            data={"check_in": row["id"], "choice": choice.id},
            group=f"check_in:{row['id']}",
        )
        for choice in step.choices
    ]
    return tuple(tuple(made[index : index + 2]) for index in range(0, len(made), 2))
