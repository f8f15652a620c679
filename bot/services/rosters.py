"""Bringing the people up to date with a roster file: the same file twice changes nothing, and nobody is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.addresses import Account
from bot.domain.ids import SERVICE, AccountId, PersonId
from bot.domain.problems import Problem
from bot.domain.richtext import clean_name
from bot.domain.roster import Roster, RosterPerson
from bot.domain.turns import read_targets
from bot.services import assignment, invites, openings, unlinking
from bot.services.unit import Unit, to_json
from storage import accounts, buttons, people
from storage.engine.base import Value

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Applied:
    """Handles that are new, changed and no longer listed, who has an account that counts since now, and those left.

    `left` are accounts that still count and that the roster names no more.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def apply(unit: Unit, roster: Roster, by: str = "cli") -> Applied | tuple[Problem, ...]:
    """Make the people what the roster says, or say what stands against it and change nothing.

    Accounts named in it count at once, claims included. Accounts it does not name stay as they are.
    """
    known = {row["handle"]: row for row in people.everyone(unit.tx)}
    problems = _against(unit, roster, known)
    if problems:
        return problems
    practices = _practices(unit, roster)
    added: list[str] = []
    changed: list[str] = []
    for person in roster.people:
        fields = _fields(person, practices)
        row = known.get(person.handle)
        if row is None:
            people.add(unit.tx, unit.new_id(), fields, unit.now)
            added.append(person.handle)
        elif people.differs(row, fields):
            people.update(unit.tx, row["id"], fields)
            changed.append(person.handle)
    ids = {row["handle"]: row["id"] for row in people.everyone(unit.tx)}
    for person in roster.people:
        cover = ids[person.cover] if person.cover else None
        if people.set_cover(unit.tx, ids[person.handle], cover) and person.handle not in (*added, *changed):
            changed.append(person.handle)
    listed = {person.handle for person in roster.people}
    unlisted = [handle for handle, row in known.items() if row["listed"] and handle not in listed]
    for handle in unlisted:
        people.unlist(unit.tx, ids[handle])
        assignment.pass_over(unit, PersonId(ids[handle]))
    bound = [p.handle for p in roster.people if sum(_bind(unit, ids[p.handle], account) for account in p.accounts)]
    left = unlinking.name_left(unit, roster)
    applied = Applied(tuple(added), tuple(changed), tuple(unlisted), tuple(bound), left)
    if any((added, changed, unlisted, bound)):
        unit.audit(SERVICE, by, "roster.applied", added=added, changed=changed, unlisted=unlisted, bound=bound)
        assignment.retry_unassigned(unit)
    return applied


def _practices(unit: Unit, roster: Roster) -> dict[str, int]:
    ids: dict[str, int] = {}
    for practice in roster.practices:
        people.put_practice(unit.tx, unit.new_id(), practice.name, practice.timezone, practice.country, practice.region)
        row = people.practice_by_name(unit.tx, practice.name)
        assert row is not None
        targets = read_targets(practice.targets)
        if isinstance(targets, dict):
            own = to_json({kind.value: str(target) for kind, target in targets.items()})
            people.set_targets(unit.tx, row["id"], own)
        ids[practice.name] = int(row["id"])
    return ids


def _against(unit: Unit, roster: Roster, known: dict[str, Row]) -> tuple[Problem, ...]:
    """A role never changes under open cases, and an account with a seat is not taken from its person."""
    found: list[Problem] = []
    for person in roster.people:
        row = known.get(person.handle)
        if row is not None and row["role"] != person.role:
            found.append(Problem.of("people.problem.role", handle=person.handle, role=str(row["role"])))
        for account in person.accounts:
            held = accounts.find(unit.tx, account.platform, account.workspace, account.user)
            if held is None or held["handle"] == person.handle:
                continue
            if held["state"] in ("active", "claimed") and accounts.has_seat(unit.tx, held["id"]):
                found.append(
                    Problem.of(
                        "people.problem.taken",
                        account=invites.stranger_name(account),
                        holder=held["handle"],
                        handle=person.handle,
                    )
                )
    return tuple(found)


def _fields(person: RosterPerson, practices: dict[str, int]) -> dict[str, Value]:
    return {
        "handle": person.handle,
        "name": clean_name(person.name),
        "role": person.role.value,
        "practice_id": practices[person.practice] if person.practice else None,
        "timezone": person.timezone,
        "hours": person.hours,
        "capacity": person.capacity,
        "expertise": to_json(list(person.expertise)),
        "gdc": person.gdc,
        "prefers": person.prefers,
    }


def _bind(unit: Unit, person_id: int, account: Account) -> bool:
    before = accounts.find(unit.tx, account.platform, account.workspace, account.user)
    new = accounts.bind(unit.tx, unit.new_id(), person_id, account.platform, account.workspace, account.user, unit.now)
    if not new:
        return False
    row = accounts.find(unit.tx, account.platform, account.workspace, account.user)
    assert row is not None
    unit.audit(SERVICE, "service", "account.bound", account=row["id"], person=person_id)
    if before is not None and before["person_id"] != person_id:  # the roster has put a mistake right
        buttons.void_person(unit.tx, before["person_id"], unit.now)
        if before["state"] == "claimed":
            openings.drop(unit, AccountId(row["id"]))
    elif before is not None and before["state"] == "claimed":
        invites.settled(unit, row)
    return True
