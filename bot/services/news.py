"""What is new in a case (a plan, dates, a forewarning) told in its room: aloud if the day allows, else in the digest.

Whoever did it themselves has it silently. What is urgent is heard by day however much there was; at night, on a day off
or with the day's notice used up, it stands in the room silently, and a line of the next digest says that it is there.
"""

from __future__ import annotations

from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.services import budget, reminders
from bot.services.budget import Kind, When
from bot.services.unit import Unit

Row = dict[str, Any]


def is_heard(unit: Unit, seat: Row, *, by: int | None = None, urgent: bool = False) -> bool:
    """Whether whoever has a seat may hear something new now; if so it is counted. `by` did it themselves."""
    person_id = PersonId(seat["person_id"])
    if person_id == by:
        return False
    pressing = urgent and budget.may(unit, person_id)
    return budget.admit(unit, person_id, Kind.NEWS, urgent=pressing).when is When.NOW


def wait(unit: Unit, seat: Row, what: str, line: str, **facts: str | int) -> None:
    """A line for their next digest, in the place of the one on the same matter; `line` is a key of the wording."""
    settled(unit, seat, what)
    person_id, case_id = PersonId(seat["person_id"]), CaseId(seat["case_id"])
    reminders.digest(unit, person_id, _topic(case_id, what), line, case_id=case_id, ref=seat["ref"], **facts)


def settled(unit: Unit, seat: Row, what: str) -> None:
    """They have seen to it."""
    reminders.settled(unit, PersonId(seat["person_id"]), _topic(seat["case_id"], what))


def _topic(case_id: int, what: str) -> str:
    return f"{what}:{case_id}"
