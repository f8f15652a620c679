"""A colleague answers in a specialist's place for a while: their room opens when it is needed, and not before."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.problems import Problem
from bot.services import diary, handovers
from bot.services.unit import Unit
from storage import cases, covers, people

Row = dict[str, Any]
A_WHILE = 2
"""Of the specialist's own working days, where they are not away."""


def take(unit: Unit, case_id: CaseId, cover_id: int, asked_by: PersonId) -> Problem | None:
    """The case is the cover's until its specialist is back, or for two working days; it goes back by itself."""
    case, cover = cases.lock(unit.tx, case_id), people.get(unit.tx, cover_id)
    if case is None or cover is None or case["specialist_id"] is None or case["state"] != "open":
        return Problem.of("turn.settled")
    ends_at = until(unit, case["specialist_id"], case["practice_id"])
    return handovers.cover(unit, case_id, cover, unit.now, ends_at, f"person:{asked_by}", asked_by)


def until(unit: Unit, person_id: int, practice_id: int) -> int:
    """When somebody can have their cases back: the first working moment after their leave, else in a while (µs)."""
    theirs = diary.of_one(unit, person_id, practice_id=practice_id)
    opens = theirs.next_open(unit.now)
    if opens is not None and theirs.away(unit.now):
        return opens
    return theirs.due(unit.now, A_WHILE * theirs.a_day)


def back(unit: Unit, person_id: PersonId) -> int:
    """Somebody is back before they said: what was covered for them comes back at once; how many cases."""
    return covers.end_now(unit.tx, person_id, unit.now)
