"""Who works when: hours and absences of people in the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.hours import USUAL_HOURS, WorkingHours
from bot.domain.ids import PersonId
from bot.domain.localtime import at_local, local, local_day
from bot.domain.people import Absence
from bot.domain.problems import Problem
from bot.domain.rules import DAY
from bot.domain.turns import a_day
from bot.services import calendars
from bot.services.unit import Unit
from storage import cases, people

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Diary:
    """When a person works."""

    hours: WorkingHours
    zone: ZoneInfo
    absences: tuple[Absence, ...]
    holidays: frozenset[date] = frozenset()

    def next_open(self, now: int) -> int | None:
        """Their next working moment."""
        return self.hours.next_open(now, self.zone, self.absences, self.holidays)

    def after(self, start: int, duration: int) -> int | None:
        """When `duration` of their working time has passed since `start`; None for somebody who never works."""
        return self.hours.add_working(start, duration, self.zone, self.absences, self.holidays)

    def due(self, now: int, duration: int) -> int:
        """The same, plainly later for somebody who never works."""
        found = self.after(now, duration)
        return now + duration if found is None else found

    def working(self, start: int, end: int) -> int:
        """How much of their working time lies between two moments."""
        return self.hours.working_between(start, end, self.zone, self.absences, self.holidays)

    @property
    def a_day(self) -> int:
        """The working time of one of their days, on average."""
        return a_day(self.hours)

    def day_ends(self, now: int) -> int | None:
        """When the working day ends that they are in, or are in next; None for somebody who never works."""
        opening = self.next_open(now)
        if opening is None:
            return None
        today = local_day(opening, self.zone)
        spans = self.hours.days[today.weekday()] or self.hours.days[(today - timedelta(days=1)).weekday()]
        return max(at_local(today, spans[-1][1], self.zone, last=True), opening) if spans else opening

    def away(self, now: int) -> bool:
        """Absent now, or at the moment they would next be at work."""
        opening = self.hours.next_open(now, self.zone, (), self.holidays)
        return any(one.covers(now) or (opening is not None and one.covers(opening)) for one in self.absences)

    def at_work(self, now: int) -> bool:
        """Whether they work at this moment."""
        return self.next_open(now) == now


def spoken(moment: int, now: int, zone: ZoneInfo) -> str:
    """A moment as people say it: "Monday 09:00" within the week, "Monday 29 March 09:00" beyond."""
    at = local(moment, zone)
    return f"{at:%A %H:%M}" if moment - now < 6 * DAY else f"{at:%A} {at.day} {at:%B %H:%M}"


def dated(moment: int, zone: ZoneInfo) -> str:
    """A moment with its day, for what is read later: "Mon 29 March 09:00"."""
    at = local(moment, zone)
    return f"{at:%a} {at.day} {at:%B %H:%M}"


def of(
    unit: Unit, rows: Iterable[Row], *, since: int | None = None, practice_id: int | None = None
) -> dict[PersonId, Diary]:
    """The diaries of these people, from `since` (now) on; without a practice the holidays are `practice_id`'s."""
    absences: dict[int, list[Absence]] = defaultdict(list)
    for row in people.absences(unit.tx, unit.now if since is None else min(since, unit.now)):
        absences[row["person_id"]].append(Absence(int(row["starts_at"]), int(row["ends_at"])))
    found: dict[PersonId, Diary] = {}
    for row in rows:
        home = row["practice_id"] if row["practice_id"] is not None else practice_id
        closed = frozenset() if home is None else calendars.of_practice(unit, home)
        found[PersonId(row["id"])] = _diary(row, absences[row["id"]], closed)
    return found


def at_rest(unit: Unit, seat: Row) -> bool:
    """Whether whoever has a seat is not at work: what can wait reaches them without a sound."""
    case = cases.get(unit.tx, seat["case_id"])
    practice_id = None if case is None else case["practice_id"]
    return not of_one(unit, seat["person_id"], practice_id=practice_id).at_work(unit.now)


def of_one(unit: Unit, person_id: int, *, since: int | None = None, practice_id: int | None = None) -> Diary:
    """One person's diary, as `of` has it."""
    rows = people.working(unit.tx, person_id, practice_id, unit.now if since is None else min(since, unit.now))
    person = rows[0]
    absences = [Absence(int(row["away_from"]), int(row["away_to"])) for row in rows if row["away_from"] is not None]
    closed = frozenset[date]()
    if person["zone"] is not None:
        closed = calendars.of_region(unit, person["zone"], person["country"], person["region"])
    return _diary(person, absences, closed)


@lru_cache(maxsize=1024)
def _hours(text: str) -> WorkingHours:
    hours = WorkingHours.parse(text)
    if isinstance(hours, Problem):  # the roster is checked when it is read; an odd row must not stop assignment
        hours = WorkingHours.parse(USUAL_HOURS)
    assert isinstance(hours, WorkingHours)
    return hours


def _diary(person: Row, absences: list[Absence], closed: frozenset[date]) -> Diary:
    hours = _hours(person["hours"] or USUAL_HOURS)
    return Diary(hours, ZoneInfo(person["timezone"]), tuple(absences), closed)
