"""Working hours by the week, and arithmetic in working time. Moments and durations are µs.

Days and times are the person's own wall clock; `bot.domain.localtime` says what the two odd days of a year mean: in the
night the clock goes back, hours last from the first to the last time the clock shows them, so none is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from bot.domain.localtime import at_local, local_day
from bot.domain.people import Absence
from bot.domain.problems import Problem, clip

USUAL_HOURS = "Mon-Fri 09:00-17:30"
"""For whoever's own are not given."""
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS = {"daily": range(7), "every day": range(7), "weekdays": range(5), "weekends": range(5, 7)}
_DAY_MINUTES = 1440
_LOOK_AHEAD = 800
"""Days after which nothing is expected to open any more."""
_AT_ONCE = 8
"""Days whose stretches are kept together: few questions reach further than a week."""

_TIME = r"(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?"
_SPAN = re.compile(rf"{_TIME}\s?(?:-|–|—|to|until)\s?{_TIME}\Z")
_PART = re.compile(r"(?P<days>[a-z][a-z\s,&–—-]*?)[\s:]*(?P<spans>\d.*)\Z")

Interval = tuple[int, int]
"""From (in) to (out), in µs, or in minutes of one day."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """For each day from Monday the open stretches, in minutes from local midnight, in order and apart."""

    days: tuple[tuple[Interval, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Self | Problem:
        """ "Mon-Fri 09:00-17:30", "Mon,Wed 09:00-13:00; Thu 10:00-12:00, 14:00-18:00", "24/7"."""
        if text.strip().lower() in ("24/7", "always"):
            return cls((((0, _DAY_MINUTES),),) * 7)
        week: list[list[Interval]] = [[] for _ in range(7)]
        parts = [part.strip() for part in re.split(r"[;\n]", text.lower()) if part.strip()]
        if not parts:
            return Problem.of("hours.problem.empty")
        for part in parts:
            found = _PART.match(part)
            chosen = _days(found["days"]) if found else None
            if found is None or chosen is None:
                return Problem.of("hours.problem.unreadable", part=clip(part))
            for words in re.split(r",|&|\band\b", found["spans"]):
                span = _span(words.strip())
                if isinstance(span, Problem):
                    return span
                for day in chosen:
                    week[day].append(span)
        for day, spans in enumerate(week):
            spans.sort()
            if any(end > start for (_, end), (start, _) in pairwise(spans)):
                return Problem.of("hours.problem.overlap", day=_FULL[day].capitalize())
        return cls(tuple(map(tuple, week)))

    def __str__(self) -> str:
        """In the form `parse` reads, days with the same hours together."""
        if all(spans == ((0, _DAY_MINUTES),) for spans in self.days):
            return "24/7"
        parts: list[str] = []
        for spans in dict.fromkeys(spans for spans in self.days if spans):
            same = [day for day in range(7) if self.days[day] == spans]
            runs: list[list[int]] = []
            for day in same:
                if runs and runs[-1][-1] == day - 1:
                    runs[-1].append(day)
                else:
                    runs.append([day])
            names = ",".join(NAMES[r[0]] if len(r) == 1 else f"{NAMES[r[0]]}-{NAMES[r[-1]]}" for r in runs)
            times = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)
            parts.append(f"{names} {times}")
        return "; ".join(parts)

    def is_open(
        self, now: int, tz: ZoneInfo, absences: Collection[Absence] = (), holidays: Collection[date] = ()
    ) -> bool:
        """Whether the person is at work."""
        return self.next_open(now, tz, absences, holidays) == now

    def next_open(
        self, now: int, tz: ZoneInfo, absences: Collection[Absence] = (), holidays: Collection[date] = ()
    ) -> int | None:
        """The first working moment from now on (now itself if at work); None if there is none in two years."""
        for start, _ in self.stretches(now, tz, absences, holidays):
            return start
        return None

    def add_working(
        self,
        now: int,
        duration: int,
        tz: ZoneInfo,
        absences: Collection[Absence] = (),
        holidays: Collection[date] = (),
    ) -> int | None:
        """The moment by which `duration` of working time has passed; None if it never does within two years."""
        left = duration
        for start, end in self.stretches(now, tz, absences, holidays):
            if end - start >= left:
                return start + left
            left -= end - start
        return None

    def working_between(
        self,
        start: int,
        end: int,
        tz: ZoneInfo,
        absences: Collection[Absence] = (),
        holidays: Collection[date] = (),
    ) -> int:
        """How much working time lies between two moments (0 if the second is not later)."""
        total = 0
        for low, high in self.stretches(start, tz, absences, holidays):
            if low >= end:
                break
            total += min(high, end) - low
        return total

    def stretches(
        self, now: int, tz: ZoneInfo, absences: Collection[Absence] = (), holidays: Collection[date] = ()
    ) -> Iterator[Interval]:
        """Working time from now on, in order and apart (two may touch), without absences and holidays (local days).

        Each is given at once: whoever is at work day and night would else be followed to the end of two years.
        """
        away = sorted((absence.starts_at, absence.ends_at) for absence in absences) if absences else ()
        covered = now
        for start, end in self._opened(now, tz, holidays):
            low = max(start, covered)
            if low >= end:  # it is over, lies wholly in the skipped hour, or is covered by the one before
                continue
            covered = end
            for gone, back in away:
                if back <= low or gone >= end:
                    continue
                if gone > low:
                    yield low, gone
                low = max(low, back)
            if low < end:
                yield low, end

    def _opened(self, now: int, tz: ZoneInfo, holidays: Collection[date]) -> Iterator[Interval]:
        first = local_day(now, tz) - timedelta(days=1)  # hours of the day before may reach over midnight's fold
        for ahead in range(0, _LOOK_AHEAD, _AT_ONCE):
            for day, opened in _moments(self.days, first + timedelta(days=ahead), tz):
                if day not in holidays:
                    yield from opened


@lru_cache(maxsize=4096)  # the same few days of the same people are asked about with every message
def _moments(
    week: tuple[tuple[Interval, ...], ...], first: date, tz: ZoneInfo
) -> tuple[tuple[date, tuple[Interval, ...]], ...]:
    """The open stretches (minutes) of some days from the first on, as moments."""
    found: list[tuple[date, tuple[Interval, ...]]] = []
    for ahead in range(_AT_ONCE):
        day = first + timedelta(days=ahead)
        spans = week[day.weekday()]
        opened = ((at_local(day, start, tz), at_local(day, end, tz, last=True)) for start, end in spans)
        found.append((day, tuple(opened)))
    return tuple(found)


def _days(words: str) -> tuple[int, ...] | None:
    words = " ".join(words.split()).strip(" ,")
    if words in _GROUPS:
        return tuple(_GROUPS[words])
    chosen: list[int] = []
    for part in re.split(r"\s?(?:,|&|\band\b)\s?", words):
        ends = [_day(name) for name in re.split(r"\s?(?:-|–|—|\bto\b)\s?", part)]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            return None
        chosen.extend(day % 7 for day in range(first, (last if last >= first else last + 7) + 1))
    return tuple(dict.fromkeys(chosen))


def _day(name: str) -> int | None:
    bare = name.strip().removesuffix(".")
    for number, full in enumerate(_FULL):
        if len(bare) >= 3 and (full.startswith(bare) or f"{full}s" == bare):
            return number
    return None


def _span(words: str) -> Interval | Problem:
    found = _SPAN.match(words)
    start = _minute(found[1], found[2], found[3]) if found else None
    end = _minute(found[4], found[5], found[6]) if found else None
    if start is None or end is None:
        return Problem.of("hours.problem.times", part=clip(words))
    if end <= start:
        return Problem.of("hours.problem.order", start=_clock(start), end=_clock(end))
    return start, end


def _minute(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half and not 1 <= hours <= 12:
        return None
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= _DAY_MINUTES else None


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
