"""Accounts that the roster names no more: they are said aloud, and taken away by an operator's word alone."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import SERVICE
from bot.domain.problems import Problem
from bot.domain.roster import Roster
from bot.services import invites, notices, people
from bot.services.unit import Unit
from storage import accounts, deliveries

Row = dict[str, Any]
LEFT = "account_left"
"""The incident."""


def name_left(unit: Unit, roster: Roster) -> tuple[str, ...]:
    """Accounts that count for people a roster lists, and that it names no more: "patel telegram:700001".

    The coordinators are told of each once. What an invitation connected stays out of it, unless the roster names
    another account in the same place.
    """
    left: list[str] = []
    for person in roster.people:
        found = people.find(unit, person.handle)
        rows = [] if isinstance(found, Problem) else accounts.of_person(unit.tx, found["id"])
        places = {(one.platform, one.workspace) for one in person.accounts}
        for row in rows:
            account = invites.sender_of(row)
            name = _name(row)
            by_roster = row["confirmed_by"] is None
            other = by_roster or (account.platform, account.workspace) in places
            if row["state"] != "active" or account in person.accounts or not other:
                notices.resolved(unit, LEFT, name)
                continue
            left.append(f"{person.handle} {name}")
            notices.alert(unit, LEFT, name)
    return tuple(left)


def unlink(unit: Unit, handle: str, name: str, by: str) -> Row | Problem:
    """An account is a person's no more: nothing it sends counts, nothing goes there. Their other accounts stay.

    One that has a room is not taken away: the case would go on without its person.
    """
    person = people.find(unit, handle)
    if isinstance(person, Problem):
        return person
    wanted = ":".join(name.replace("/", " ").replace(":", " ").split()).casefold()
    owned = [row for row in accounts.of_person(unit.tx, person["id"]) if row["state"] == "active"]
    row = next((one for one in owned if _name(one).casefold() == wanted), None)
    if row is None:
        if not owned:
            return Problem.of("people.problem.no_accounts", name=person["name"])
        return Problem.of("people.problem.no_account", name=person["name"], accounts=", ".join(map(_name, owned)))
    account = _name(row)
    if accounts.has_seat(unit.tx, row["id"]):
        return Problem.of("people.problem.has_room", account=account, handle=person["handle"])
    accounts.remove(unit.tx, row["id"])
    lane = notices.lane_of_account(unit, row["platform"], row["workspace"], row["user_ref"])
    stopped = deliveries.void_queued(unit.tx, lane, unit.now, "account_removed")
    unit.audit(SERVICE, by, "account.removed", account=row["id"], person=person["id"], stopped=stopped)
    notices.resolved(unit, LEFT, account)
    unit.wake("outbox")
    return {"name": person["name"], "account": account}


def _name(row: Row) -> str:
    return invites.stranger_name(invites.sender_of(row))
