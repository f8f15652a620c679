"""Who works when: hours and absences of people in the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.hours import USUAL_HOURS, WorkingHours
from bot.domain.ids import PersonId
from bot.domain.people import Absence
from bot.domain.problems import Problem
from bot.services.unit import Unit
from storage import people

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Diary:
    """When a person works."""

    hours: WorkingHours
    zone: ZoneInfo
    absences: tuple[Absence, ...]

    def next_open(self, now: int) -> int | None:
        """Their next working moment."""
        return self.hours.next_open(now, self.zone, self.absences)

    def due(self, now: int, duration: int) -> int:
        """When `duration` of their working time has passed; plainly later for somebody who never works."""
        found = self.hours.add_working(now, duration, self.zone, self.absences)
        return now + duration if found is None else found

    def away(self, now: int) -> bool:
        """Absent now, or at the moment they would next be at work."""
        opening = self.hours.next_open(now, self.zone)
        return any(one.covers(now) or (opening is not None and one.covers(opening)) for one in self.absences)

    def at_work(self, now: int) -> bool:
        """Whether they work at this moment."""
        return self.next_open(now) == now


def of(unit: Unit, rows: Iterable[Row]) -> dict[PersonId, Diary]:
    """The diaries of these people, from now on."""
    absences: dict[int, list[Absence]] = defaultdict(list)
    for row in people.absences(unit.tx, unit.now):
        absences[row["person_id"]].append(Absence(int(row["starts_at"]), int(row["ends_at"])))
    return {PersonId(row["id"]): _diary(row, absences[row["id"]]) for row in rows}


def _diary(person: Row, absences: list[Absence]) -> Diary:
    hours = WorkingHours.parse(person["hours"] or USUAL_HOURS)
    if isinstance(hours, Problem):  # the roster is checked when it is read; an odd row must not stop assignment
        hours = WorkingHours.parse(USUAL_HOURS)
    assert isinstance(hours, WorkingHours)
    return Diary(hours, ZoneInfo(person["timezone"]), tuple(absences))
