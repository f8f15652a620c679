"""The people: who may do what, how much they take on, when they are away, and everything on hold at once."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import SERVICE, PersonId
from bot.domain.problems import Problem
from bot.services import assignment, notices, turns
from bot.services.unit import Unit
from storage import accounts, buttons, lanes, people

Row = dict[str, Any]
LOCKED = "locked"
"""Why a lane is paused while its person is on hold."""


def find(unit: Unit, handle: str) -> Row | Problem:
    """A person by handle, however it was typed ("@Patel "); a Problem when there is none."""
    bare = handle.strip().lstrip("@").casefold()
    row = people.by_handle(unit.tx, bare) if bare else None
    return row if row is not None else Problem.of("people.problem.nobody", handle=bare or "?")


def set_capacity(unit: Unit, handle: str, capacity: int, by: str) -> Problem | None:
    """How many open cases a specialist takes on; the ones they have stay. `by` is the actor as audited."""
    person = find(unit, handle)
    if isinstance(person, Problem):
        return person
    if person["role"] != "specialist":
        return Problem.of("people.problem.no_capacity", name=person["name"])
    if not 0 <= capacity <= 500:
        return Problem.of("people.problem.capacity", most=500)
    people.set_capacity(unit.tx, person["id"], capacity)
    unit.audit(SERVICE, by, "person.capacity", person=person["id"], capacity=capacity)
    assignment.retry_unassigned(unit)
    return None


def set_away(unit: Unit, person_id: PersonId, starts_at: int, ends_at: int, cover: str, by: str) -> Problem | None:
    """Leave from `starts_at` (in) to `ends_at` (out); it replaces what was said of that time before.

    What was offered to them and would run out meanwhile goes to the next specialist. `cover` is a handle or "".
    """
    person = people.get(unit.tx, person_id)
    assert person is not None
    if ends_at <= max(starts_at, unit.now):
        return Problem.of("people.problem.past")
    cover_id = None
    if cover:
        deputy = find(unit, cover)
        if isinstance(deputy, Problem):
            return deputy
        if deputy["role"] != person["role"] or deputy["id"] == person_id or not deputy["listed"]:
            return Problem.of("people.problem.cover", name=deputy["name"])
        cover_id = int(deputy["id"])
    people.clear_absences(unit.tx, person_id, starts_at, ends_at)
    absence = unit.new_id()
    people.add_absence(unit.tx, absence, person_id, starts_at, ends_at, cover_id)
    unit.audit(
        SERVICE, by, "person.away", person=person_id, absence=absence, starts=starts_at, ends=ends_at, cover=cover_id
    )
    if starts_at <= unit.now:
        assignment.pass_over(unit, person_id)
    turns.diary_changed(unit, person_id)
    unit.wake("scheduler")
    return None


def back(unit: Unit, person_id: PersonId, by: str) -> int:
    """They are here after all: every absence from now on is dropped; how many there were."""
    dropped = people.clear_absences(unit.tx, person_id, unit.now, 1 << 62)
    if dropped:
        unit.audit(SERVICE, by, "person.back", person=person_id)
        turns.diary_changed(unit, person_id)
        assignment.retry_unassigned(unit)
    return dropped


def lock(unit: Unit, handle: str, by: str) -> Row | Problem:
    """Put a person on hold: nothing goes to them, nothing of theirs is taken, no button of theirs works.

    All of it in this one transaction; what is queued for them stays queued.
    """
    person = find(unit, handle)
    if isinstance(person, Problem):
        return person
    if not people.set_locked(unit.tx, person["id"], True):
        return Problem.of("people.problem.locked", name=person["name"])
    voided = buttons.void_person(unit.tx, person["id"], unit.now)
    for account in accounts.of_person_any(unit.tx, person["id"]):
        # The lane is made if need be, so that nothing queued later finds a way round.
        notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])
        for lane in lanes.of_user(unit.tx, account["platform"], account["workspace"], account["user_ref"]):
            if lane["purpose"] != lanes.ON_HOLD:
                lanes.pause(unit.tx, lane["id"], LOCKED)
    unit.audit(SERVICE, by, "person.locked", person=person["id"], buttons=voided)
    assignment.pass_over(unit, PersonId(person["id"]))
    return person


def unlock(unit: Unit, handle: str, by: str) -> Row | Problem:
    """Let a person go on; what waited for them goes. Their old buttons stay void."""
    person = find(unit, handle)
    if isinstance(person, Problem):
        return person
    if not people.set_locked(unit.tx, person["id"], False):
        return Problem.of("people.problem.not_locked", name=person["name"])
    for account in accounts.of_person_any(unit.tx, person["id"]):
        for lane in lanes.of_user(unit.tx, account["platform"], account["workspace"], account["user_ref"]):
            if lane["paused"] == LOCKED:
                lanes.resume(unit.tx, lane["id"], unit.now)
    unit.audit(SERVICE, by, "person.unlocked", person=person["id"])
    unit.wake("outbox")
    assignment.retry_unassigned(unit)
    return person
