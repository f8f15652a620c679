"""Changing who sits in a seat: reassignment, hand-over inside a practice, cover for a time. The epoch rises."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.problems import Problem
from bot.domain.references import parse_reference
from bot.services import assignment, checkins, diary, forewarnings, notices, plans, relay, rooms, summaries
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, buttons, cases, covers, deliveries, drafts, moves, people, seats

Row = dict[str, Any]
CHANGEABLE = frozenset({"unassigned", "offered", "open"})


def find_case(unit: Unit, text: str) -> Row | Problem:
    """A case by its reference, however it was typed."""
    ref = parse_reference(text)
    case = cases.by_ref(unit.tx, ref) if ref is not None else None
    return case if case is not None else Problem.of("handover.problem.no_case", ref=ref or text.strip()[:20] or "?")


def hand_over(unit: Unit, case_id: CaseId, successor: Row, by: str) -> Problem | None:
    """Give the seat of the successor's role to them for good: the coordinator's reassignment. `by` is the actor."""
    case = cases.lock(unit.tx, case_id)
    assert case is not None
    problem = hindrance(unit, case, successor)
    if problem is None:
        covers.void_case(unit.tx, case_id, successor["role"])
        move(unit, case, successor, by)
    return problem


def cover(
    unit: Unit, case_id: CaseId, successor: Row, starts_at: int, ends_at: int, by: str, asked_by: PersonId | None
) -> Problem | None:
    """Have somebody look after a seat from one moment (µs) to another; it goes back by itself."""
    case = cases.lock(unit.tx, case_id)
    assert case is not None
    problem = hindrance(unit, case, successor)
    side = str(successor["role"])
    if problem is not None:
        return problem
    if ends_at <= max(starts_at, unit.now):
        return Problem.of("people.problem.past")
    former = case[f"{side}_id"]
    if former is None:
        return Problem.of("handover.problem.nobody_yet", ref=case["ref"])
    covers.void_case(unit.tx, case_id, side)
    cover_id = unit.new_id()
    covers.add(
        unit.tx,
        id=cover_id,
        case_id=case_id,
        side=side,
        person_id=successor["id"],
        former_id=former,
        starts_at=starts_at,
        ends_at=ends_at,
        asked_by=asked_by,
    )
    unit.audit(
        case_id, by, "cover.planned", cover=cover_id, side=side, person=successor["id"], starts=starts_at, ends=ends_at
    )
    unit.wake("scheduler")
    if starts_at <= unit.now:
        run_due(unit)
    return None


def run_due(unit: Unit, limit: int = 50) -> int:
    """Begin and end the covers that are due; how many moved."""
    return sum(_step(unit, row["id"], CaseId(row["case_id"])) for row in covers.due(unit.tx, unit.now, limit))


def next_due(unit: Unit) -> int | None:
    """When the next cover begins or ends (µs)."""
    return covers.next_due(unit.tx)


def hindrance(unit: Unit, case: Row, successor: Row) -> Problem | None:
    """Why this person cannot take a seat of this case."""
    name, ref, side = successor["name"], case["ref"], successor["role"]
    if side not in ("dentist", "specialist"):
        return Problem.of("handover.problem.role", name=name)
    if case["state"] == "waiting":
        return Problem.of("handover.problem.unconfirmed", ref=ref)
    if case["state"] not in CHANGEABLE:
        return Problem.of("handover.problem.closed", ref=ref)
    if successor["locked"] or not successor["listed"]:
        return unfit(unit, successor)
    if case[f"{side}_id"] == successor["id"]:
        return Problem.of("handover.problem.same", name=name, ref=ref)
    if side == "dentist" and successor["practice_id"] != case["practice_id"]:
        return Problem.of("handover.problem.practice", name=name, ref=ref)
    return unfit(unit, successor)


def unfit(unit: Unit, person: Row) -> Problem | None:
    """Why this person cannot take a seat of any case."""
    if person["locked"] or not person["listed"]:
        return Problem.of("handover.problem.on_hold", name=person["name"])
    if accounts.reach(unit.tx, person["id"]) is None:
        return Problem.of("handover.problem.unlinked", name=person["name"])
    return None


def move(unit: Unit, case: Row, successor: Row, by: str) -> None:
    """The seat changes hands: nothing made for the former parties works or goes from here on.

    What the dentist said and no specialist has received goes to the new one; what was on its way to a former party is
    void.
    """
    case_id, side = CaseId(case["id"]), str(successor["role"])
    former_id = case[f"{side}_id"]
    former = people.get(unit.tx, former_id) if former_id is not None else None
    assignment.withdraw(unit, case_id)
    epoch = cases.raise_epoch(unit.tx, case_id)
    buttons.void_case(unit.tx, case_id, epoch, unit.now)
    if drafts.void_open(unit.tx, case_id, unit.now):  # the successor is offered an answer of their own
        drafts.look_again(unit.tx, case_id, unit.now)
        unit.wake("drafts")
    _leave(unit, case, side, epoch, successor)
    if side == "specialist":
        cases.set_specialist(unit.tx, case_id, successor["id"])
        cases.set_state(unit.tx, case_id, "open", unit.now)
        people.assigned(unit.tx, successor["id"], unit.now)
    else:
        cases.set_dentist(unit.tx, case_id, successor["id"])
    unit.audit(case_id, by, "seat.moved", side=side, former=former_id, person=successor["id"], epoch=epoch)
    rooms.take_seat(unit, case_id, side, PersonId(successor["id"]))
    checkins.ask_anew(unit, case_id)  # what was asked had buttons of the former epoch
    _brief(unit, case_id, side, former)
    if side == "specialist":
        relay.pass_on_waiting(unit, case_id, "dentist")
        assignment.begun(unit, case_id)
    elif case["state"] != "open":
        assignment.assign(unit, case_id)  # the offer that was open named the former dentist
    _tell_other(unit, case_id, side, former, successor)
    for seat in seats.living(unit.tx, case_id):  # what waits for an answer had buttons of the former epoch
        plans.show(unit, seat, silent=True)
        forewarnings.show_open(unit, seat)
    if former is None and side == "specialist":
        forewarnings.review(unit, case_id, PersonId(successor["id"]))
    notices.to_person(unit, PersonId(successor["id"]), say("handover.yours", ref=case["ref"]))


def _leave(unit: Unit, case: Row, side: str, epoch: int, successor: Row) -> None:
    """Close the former person's seat; what a dentist said and was queued there is free to go to the successor."""
    seat = seats.of_case(unit.tx, case["id"], side)
    if seat is None:
        return
    lane = moves.lock_lane(unit.tx, seat["id"])
    # Only the dentist's words move on to a successor: what a specialist said was for the dentist they knew, so it is
    # left to the epoch, and the specialist is told that it did not go.
    if lane is not None and side == "specialist":
        deliveries.void_open(unit.tx, unit.now, "parties_changed", lane_id=lane["id"], below_epoch=epoch)
    away = diary.at_rest(unit, seat)
    last = say("handover.left", ref=case["ref"], name=successor["name"])
    rooms.leave_seat(unit, seat, last, silent=away)  # nobody's leave is disturbed by what was covered in it


def _brief(unit: Unit, case_id: CaseId, side: str, former: Row | None) -> None:
    case = cases.get(unit.tx, case_id)
    seat = seats.of_case(unit.tx, case_id, side)
    if case is None or seat is None:
        return
    if former is None:
        summaries.post_intake(unit, seat, case)
    else:
        summaries.post_hand_over(unit, seat, case, former["name"])


def _tell_other(unit: Unit, case_id: CaseId, side: str, former: Row | None, successor: Row) -> None:
    """The other side learns, in its own room, who reads what is typed there now."""
    seat = seats.of_case(unit.tx, case_id, relay.OTHER[side])
    if seat is None:
        return
    if former is None:
        text = say("offer.taken", name=successor["name"], ref=seat["ref"])
    else:
        text = say("handover.other", name=successor["name"], former=former["name"], ref=seat["ref"])
    notices.to_seat(unit, seat, text, silent=diary.at_rest(unit, seat))


def _step(unit: Unit, cover_id: int, case_id: CaseId) -> int:
    case = cases.lock(unit.tx, case_id)
    row = covers.get(unit.tx, cover_id)
    if case is None or row is None or row["state"] not in ("planned", "running") or row["due_at"] > unit.now:
        return 0
    begins = row["state"] == "planned" and row["ends_at"] > unit.now
    leaves, comes = (row["former_id"], row["person_id"]) if begins else (row["person_id"], row["former_id"])
    person = people.get(unit.tx, comes)
    assert person is not None
    unneeded = case[f"{row['side']}_id"] != leaves or (row["state"] == "planned" and not begins)
    if case["state"] not in CHANGEABLE or unneeded:
        covers.set_state(unit.tx, cover_id, "void")
        return 0
    problem = hindrance(unit, case, person)
    covers.set_state(unit.tx, cover_id, "void" if problem else "running" if begins else "over")
    if problem is not None:  # nobody is moved; the coordinator decides
        notices.alert(unit, "cover", case["ref"])
        return 0
    unit.audit(case_id, "service", "cover.begun" if begins else "cover.over", cover=cover_id)
    move(unit, case, person, "service")
    return 1
