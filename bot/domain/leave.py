"""Reads a span of days as people type it: "14 June to 21 June", "14/6 - 21/6", "2027-06-14 2027-06-21"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.dates import read_date, spoken, years_after
from bot.domain.localtime import at_local
from bot.domain.problems import Problem

_BETWEEN = re.compile(r"\s+(?:to|until|till|-|–|—)\s+|\s*(?:–|—|\.\.+)\s*|(?<=\d)-(?=\d{1,2}[/.]\d)", re.IGNORECASE)
_FROM = re.compile(r"(?:from|away|between)\s+", re.IGNORECASE)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_SHORT = re.compile(rf"{_DAY}\s*(?:-|–|—|to|until)\s*{_DAY}\s+([a-z]{{3,9}}\.?(?:\s+\d{{4}})?)\Z", re.IGNORECASE)

_YEAR = re.compile(r"\d{4}|[/.-]\d{1,2}[/.-]\d{2}\Z")
_LONG = timedelta(days=180)

Days = tuple[date, date]
"""First and last day, both in it."""


def read_days(text: str, today: date) -> Days | Problem:
    """Two days, or one alone. The last one is looked for from the first, so that 28 Dec to 3 Jan works."""
    words = _FROM.sub("", " ".join(text.split()), count=1)
    short = _SHORT.fullmatch(words)
    if short:  # "14-21 June": the month is said once
        return _pair(f"{short[1]} {short[3]}", f"{short[2]} {short[3]}", today)
    parts = [part for part in _BETWEEN.split(words) if part]
    if len(parts) == 2:
        return _pair(parts[0], parts[1], today)
    if len(parts) == 1:
        alone = read_date(words, today)
        if not isinstance(alone, Problem):
            return alone, alone
        tokens = words.split(" ")
        for cut in range(1, len(tokens)):
            found = _pair(" ".join(tokens[:cut]), " ".join(tokens[cut:]), today)
            if not isinstance(found, Problem):
                return found
        return alone
    return Problem.of("away.usage")


def moments(days: Days, zone: ZoneInfo) -> tuple[int, int]:
    """From the first day's midnight to that after the last, on the wall clock of `zone` (µs, out excluded)."""
    return at_local(days[0], 0, zone), at_local(days[1], 1440, zone)


def _pair(first: str, second: str, today: date) -> Days | Problem:
    start = read_date(first, today)
    if isinstance(start, Problem):
        return start
    end = read_date(second, start)
    if isinstance(end, Problem):
        return end
    if end - start > _LONG and not _YEAR.search(second):  # the days were given the wrong way round
        return Problem.of("away.order", start=spoken(start), end=spoken(years_after(end, -1)))
    return start, end
