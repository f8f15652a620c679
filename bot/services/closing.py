"""The end of a case: both rooms close, an open offer is void, what waits is settled honestly, the record stays.

A finished treatment goes on as retention, with check-ins alone. Either end can be undone: the case opens again.
"""

from __future__ import annotations

from typing import Any

from bot.domain.case_states import OVER
from bot.domain.ids import CaseId, PersonId
from bot.domain.problems import Problem
from bot.services import assignment, diary, draft_stops, handovers, notices, relay, rooms, summaries, turns
from bot.services.unit import Unit
from prompts.wording import say
from storage import cases, checkins, deliveries, messages, people, seats
from storage import notices as reminders

Row = dict[str, Any]


def close(unit: Unit, case_id: CaseId, by: PersonId) -> bool:
    """Close a case; False if it is closed. Undelivered messages are void, and each sender's last line says so.

    What is on its way at this moment is settled by what becomes of it: nobody is told it did not arrive if it may.
    """
    case = cases.lock(unit.tx, case_id)
    if case is None or case["state"] == "closed":
        return False
    checkins.void_planned(unit.tx, case_id)
    _end(unit, case, by, "closed", "case.closed")
    return True


def finish(unit: Unit, case_id: CaseId, by: PersonId) -> bool:
    """The treatment is finished: retention begins, off the rooms and off capacity; False unless the case is open."""
    case = cases.lock(unit.tx, case_id)
    if case is None or case["state"] != "open":
        return False
    _end(unit, case, by, "retention", "case.finished")
    return True


def reopen(unit: Unit, case_id: CaseId, by: PersonId) -> Problem | None:
    """A case that was over goes on, with its specialist if they can take it, else another one is looked for."""
    case = cases.lock(unit.tx, case_id)
    if case is None or case["state"] not in OVER or by not in (case["dentist_id"], case["specialist_id"]):
        return Problem.of("button.stale")
    cases.raise_epoch(unit.tx, case_id)
    cases.set_state(unit.tx, case_id, "unassigned", unit.now)
    unit.audit(case_id, f"person:{by}", "case.reopened", was=case["state"])
    person = people.get(unit.tx, by)
    assert person is not None
    if rooms.take_seat(unit, case_id, "dentist", PersonId(case["dentist_id"])) is not None:
        _brief(unit, case_id, "dentist", person)
    specialist = former(unit, case)
    if specialist is None:
        assignment.assign(unit, case_id)
        return None
    cases.set_state(unit.tx, case_id, "open", unit.now)
    rooms.take_seat(unit, case_id, "specialist", PersonId(specialist["id"]))
    _brief(unit, case_id, "specialist", person)
    relay.pass_on_waiting(unit, case_id, "dentist")
    assignment.begun(unit, case_id)
    notices.to_person(unit, PersonId(specialist["id"]), say("case.reopened_for", ref=case["ref"], name=person["name"]))
    return None


def former(unit: Unit, case: Row) -> Row | None:
    """The specialist a case had, if they could take it again."""
    specialist = None if case["specialist_id"] is None else people.get(unit.tx, case["specialist_id"])
    if specialist is None or handovers.unfit(unit, specialist) is not None:
        return None
    return specialist


def _brief(unit: Unit, case_id: CaseId, side: str, by: Row) -> None:
    case, seat = cases.get(unit.tx, case_id), seats.of_case(unit.tx, case_id, side)
    if case is not None and seat is not None:
        summaries.post_reopened(unit, seat, case, by["name"])


def _end(unit: Unit, case: Row, by: PersonId, state: str, last_words: str) -> None:
    case_id, person = CaseId(case["id"]), people.get(unit.tx, by)
    assert person is not None
    assignment.withdraw(unit, case_id)
    cases.set_state(unit.tx, case_id, state, unit.now)
    notices.resolved(unit, "unassigned", case["ref"])
    draft_stops.moved_on(unit, case_id)
    turns.drop(unit, case)
    reminders.drop_case(unit.tx, case_id)
    waiting = {side: _certain(unit, case_id, side) for side in ("dentist", "specialist")}
    for seat in seats.living(unit.tx, case_id):
        lost = ", ".join(f"#{row['no']}" for row in waiting[seat["side"]])
        last = say(last_words, ref=case["ref"], name=person["name"])
        if lost:
            last += "\n" + say("case.closed_undelivered", numbers=lost)
        rooms.leave_seat(unit, seat, last, silent=diary.at_rest(unit, seat))
    for row in waiting["dentist"] + waiting["specialist"]:
        messages.set_state(unit.tx, row["id"], "void", unit.now)
        messages.set_told(unit.tx, row["id"], "void")
    cases.raise_epoch(unit.tx, case_id)
    unit.audit(case_id, f"person:{by}", "case.finished" if state == "retention" else "case.closed")
    unit.wake("outbox")


def _certain(unit: Unit, case_id: CaseId, side: str) -> list[Row]:
    """What one side said of which no part has left or may have arrived."""
    rows = messages.undelivered(unit.tx, case_id, side)
    doubt = ("sending", "uncertain", "sent")
    return [row for row in rows if all(one["state"] not in doubt for one in deliveries.of_message(unit.tx, row["id"]))]
