"""The one gate for every notice that is not a relayed message: who may be disturbed now, and when otherwise.

At most one check-in message, one nudge and one piece of news a person and day across all their cases; nothing by
night or on a day off; nobody who has just written. What is urgent goes at once. The rest waits in a digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import PersonId
from bot.domain.localtime import at_local, local, local_day
from bot.domain.rules import MINUTE
from bot.services import diary
from bot.services.diary import Diary
from bot.services.unit import Unit
from storage import notices, people

Row = dict[str, Any]
MORNING, EVENING = 8 * 60, 20 * 60
"""Minutes of the local day between which anybody may be disturbed at all."""
LAST_HOUR = 19 * 60 + 30
HOURS = {"dentist": 12 * 60 + 45}
"""When a role gets what can wait; between patients for a dentist, else as the day begins."""
USUAL_HOUR = 9 * 60
JUST_WROTE = 15 * MINUTE
_LOOK_AHEAD = 400


class Kind(StrEnum):
    """What a notice is."""

    CHECK_IN = "check_in"
    NUDGE = "nudge"
    """A reminder, or a digest."""
    NEWS = "news"
    """A plan, other dates or a forewarning, in the room of a case."""
    URGENT = "urgent"


class When(StrEnum):
    """What may become of a notice."""

    NOW = "now"
    """It goes, and disturbs."""
    SILENT = "silent"
    """It goes, and its platform makes no sound."""
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Admission:
    """What the gate says; `at` (µs) is when to come again for LATER."""

    when: When
    at: int


def admit(unit: Unit, person_id: PersonId, kind: Kind, *, urgent: bool = False, wished: bool = False) -> Admission:
    """Whether a notice may go now; one that may is counted. `wished`: its person chose this moment themselves."""
    person = notices.lock_person(unit.tx, person_id)
    assert person is not None
    zone = ZoneInfo(person["timezone"])
    day = local_day(unit.now, zone).isoformat()
    if urgent:
        notices.count(unit.tx, person_id, day, Kind.URGENT)
        return Admission(When.NOW, unit.now)
    if wished and not is_night(unit.now, zone):
        return Admission(When.NOW, unit.now)
    if not _may(unit, person, zone):
        return Admission(When.LATER, next_hour(unit, person))
    if notices.times(unit.tx, person_id, day, kind) > 0:
        return Admission(When.LATER, next_hour(unit, person, local_day(unit.now, zone)))
    wrote = notices.last_wrote(unit.tx, person_id)
    if wrote is not None and 0 <= unit.now - wrote < JUST_WROTE:
        return Admission(When.LATER, wrote + JUST_WROTE)
    notices.count(unit.tx, person_id, day, kind)
    return Admission(When.NOW, unit.now)


def aside(unit: Unit, person_id: PersonId) -> When:
    """How an answer to what somebody just did goes, or a line that asks nothing: silently by night."""
    person = people.get(unit.tx, person_id)
    assert person is not None
    return When.SILENT if is_night(unit.now, ZoneInfo(person["timezone"])) else When.NOW


def may(unit: Unit, person_id: PersonId) -> bool:
    """Whether it is day for somebody, and one on which they work."""
    person = people.get(unit.tx, person_id)
    assert person is not None
    return _may(unit, person, ZoneInfo(person["timezone"]))


def is_night(moment: int, zone: ZoneInfo) -> bool:
    """Whether nobody there is to be disturbed."""
    wall = local(moment, zone)
    return not MORNING <= wall.hour * 60 + wall.minute < EVENING


def next_hour(unit: Unit, person: Row, after: date | None = None) -> int:
    """The next time that it is a person's hour on a day they work (µs, never now), on a later day than `after`."""
    return Agenda.of(unit, person).next(unit.now, after)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A person's own hour by the day: when they get what can wait."""

    person: Row
    diary: Diary

    @classmethod
    def of(cls, unit: Unit, person: Row) -> Agenda:
        """Theirs, with their absences from now on."""
        return cls(person, diary.of(unit, [person])[PersonId(person["id"])])

    @property
    def rule(self) -> str:
        """The local rule in words: "12:45 Europe/London"."""
        minute = HOURS.get(self.person["role"], USUAL_HOUR)
        return f"{minute // 60:02}:{minute % 60:02} {self.diary.zone.key}"

    def on(self, day: date) -> int | None:
        """Their hour on a day (µs); None if they do not work then."""
        spans = self.diary.hours.days[day.weekday()]
        if not spans or day in self.diary.holidays:
            return None
        wanted = HOURS.get(self.person["role"], USUAL_HOUR)
        inside = any(start <= wanted < end for start, end in spans)
        minute = wanted if inside else min(max(spans[0][0], MORNING), LAST_HOUR)
        at = at_local(day, minute, self.diary.zone)
        return None if self.away(at) else at

    def away(self, moment: int) -> bool:
        """Whether they are on leave at a moment."""
        return any(one.covers(moment) for one in self.diary.absences)

    def from_day(self, day: date) -> int:
        """Their hour on a day, or on the next on which they work; on the day itself for somebody who never does."""
        for ahead in range(_LOOK_AHEAD):
            at = self.on(day + timedelta(days=ahead))
            if at is not None:
                return at
        return at_local(day, HOURS.get(self.person["role"], USUAL_HOUR), self.diary.zone)

    def next(self, now: int, after: date | None = None) -> int:
        """Their next hour later than `now`, on a later day than `after`."""
        day = local_day(now, self.diary.zone)
        if after is not None:
            day = max(day, after + timedelta(days=1))
        while (at := self.from_day(day)) <= now:
            day += timedelta(days=1)
        return at


def _may(unit: Unit, person: Row, zone: ZoneInfo) -> bool:
    """By day, on one they work, and not on leave from this hour on."""
    if is_night(unit.now, zone):
        return False
    agenda = Agenda.of(unit, person)
    return agenda.on(local_day(unit.now, zone)) is not None and not agenda.away(unit.now)
