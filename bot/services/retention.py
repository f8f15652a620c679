"""Checks after the treatment: the case has no room any more, so they come to the dentist's own chat."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId, CheckInId, PersonId
from bot.domain.outbound import Button
from bot.domain.timeline import MilestoneKind
from bot.services import budget, buttons, notices
from bot.services.budget import Kind, When
from bot.services.unit import Unit
from prompts import check_in_plans
from prompts.wording import say
from storage import cases, checkins

Row = dict[str, Any]


def takes(row: Row) -> bool:
    """Whether a due check-in is one of these: of a finished case, about what comes after."""
    step = check_in_plans.load().get(row["step"])
    return row["case_state"] == "retention" and step is not None and step.anchor == MilestoneKind.RETENTION


def ask(unit: Unit, row: Row) -> None:
    """Ask with two buttons, once, as soon as the dentist may be disturbed; trouble opens the case again."""
    person_id = PersonId(row["person_id"])
    admitted = budget.admit(unit, person_id, Kind.CHECK_IN)
    if admitted.when is When.LATER:
        checkins.put_off(unit.tx, row["id"], max(admitted.at, unit.now + 1))
        return
    case = cases.get(unit.tx, row["case_id"])
    assert case is not None

    def button(action: str, label: str, data: dict[str, int]) -> Button:
        return buttons.make(
            unit,
            action,
            person_id=person_id,
            label=label,
            case_id=CaseId(case["id"]),
            case_epoch=int(case["epoch"]),
            data=data,
            group=f"retention:{row['id']}",
        )

    pair = (
        button("retention.well", say("retention.button.well"), {"check_in": row["id"]}),
        button("case.reopen", say("retention.button.reopen"), {"held": 0}),
    )
    notices.to_person(unit, person_id, say("retention.asked", ref=case["ref"]), buttons=(pair,))
    checkins.settle(unit.tx, row["id"], "rested", unit.now)  # asked once; it is answered or left at that
    unit.audit(case["id"], "service", "retention.asked", check_in=row["id"])


def well(unit: Unit, check_in_id: CheckInId, person_id: PersonId) -> str | None:
    """All is well: kept as the answer; the case's reference, None if it is not theirs to say."""
    row = checkins.get(unit.tx, check_in_id)
    case = None if row is None else cases.get(unit.tx, row["case_id"])
    if row is None or case is None or row["person_id"] != person_id:
        return None
    checkins.put_answer(unit.tx, row["id"], "retainer", "well", None, unit.now)
    checkins.settle(unit.tx, row["id"], "answered", unit.now)
    unit.audit(case["id"], f"person:{person_id}", "retention.well", check_in=row["id"])
    return str(case["ref"])
