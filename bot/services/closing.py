"""The end of a case: both rooms close, an open offer is void, what waits is settled honestly, the record stays."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.services import assignment, notices, rooms
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, checkins, deliveries, drafts, messages, people, seats


def close(unit: Unit, case_id: CaseId, by: PersonId) -> bool:
    """Close a case; False if it is closed. Undelivered messages are void, and each sender's last line says so.

    What is on its way at this moment is settled by what becomes of it: nobody is told it did not arrive if it may.
    """
    case = cases.get(unit.tx, case_id)
    person = people.get(unit.tx, by)
    if case is None or person is None or case["state"] == "closed":
        return False
    assignment.withdraw(unit, case_id)
    cases.set_state(unit.tx, case_id, "closed", unit.now)
    notices.resolved(unit, "unassigned", case["ref"])
    drafts.void_open(unit.tx, case_id, unit.now)
    checkins.void_planned(unit.tx, case_id)
    waiting = {side: _certain(unit, case_id, side) for side in ("dentist", "specialist")}
    for seat in seats.living(unit.tx, case_id):
        lost = ", ".join(f"#{row['no']}" for row in waiting[seat["side"]])
        last = say("case.closed", ref=case["ref"], name=person["name"])
        if lost:
            last += "\n" + say("case.closed_undelivered", numbers=lost)
        rooms.leave_seat(unit, seat, last)
    for row in waiting["dentist"] + waiting["specialist"]:
        messages.set_state(unit.tx, row["id"], "void", unit.now)
        messages.set_told(unit.tx, row["id"], "void")
    cases.raise_epoch(unit.tx, case_id)
    unit.audit(case_id, f"person:{by}", "case.closed")
    unit.wake("outbox")
    return True


def _certain(unit: Unit, case_id: CaseId, side: str) -> list[dict[str, Any]]:
    """What one side said of which no part has left or may have arrived."""
    rows = messages.undelivered(unit.tx, case_id, side)
    doubt = ("sending", "uncertain", "sent")
    return [row for row in rows if all(one["state"] not in doubt for one in deliveries.of_message(unit.tx, row["id"]))]
