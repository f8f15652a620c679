"""Reads dates as people in Britain type them, day first: 14 June 2027, 14/06/2027, 2027-06-14, 14 Jun, in 12 weeks."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.domain.problems import Problem, clip

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
YEARS_AHEAD = 3

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_NUMBERS = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(\d{4}|\d{2}))?\Z")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]*([a-z]{3,9})\.?[\s,-]*(\d{4}|\d{2})?\Z")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?:[\s,]+(\d{4}))?\Z")
_MONTH_ONLY = re.compile(r"([a-z]{3,9})\.?\s*(\d{4})?\Z")
_AHEAD = re.compile(r"(?:in\s+)?(\d{1,4}|[a-z]+)\s*(day|week|month|year)s?(?:['’]?s?\s+time)?\Z")
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: count for count, word in enumerate(_COUNTS)} | {"a": 1, "an": 1}


def spoken(day: date) -> str:
    """ "14 June 2027"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written(day: date) -> str:
    """A pattern for a day as people write it, any case: 14 June, 14th of June 2027, Jun 14, 14/06/27, 2027-06-14."""
    name = MONTHS[day.month - 1]
    number, month = rf"0?{day.day}(?:\s?(?:st|nd|rd|th))?", rf"(?:{name}|{name[:3]}t?)\b\.?"
    return (
        rf"(?<![\w/.-])(?:{day.year}[-/.]0?{day.month}[-/.]0?{day.day}"
        rf"|0?{day.day}\s?[-/.]\s?0?{day.month}\s?[-/.]\s?(?:{day.year}|{day.year % 100:02})"
        rf"|(?:{number}(?:\s+of)?[\s-]*{month}|{month}[\s-]*(?:the\s+)?{number})(?:[\s,-]*{day.year})?"
        r")(?!\d|[/-]\d)"
    )


def years_after(day: date, years: int) -> date:
    """The same day that many years on; 28 February for a leap day."""
    return months_after(day, 12 * years)


def months_after(day: date, months: int) -> date:
    """The same day that many months on, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(year, 9999)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_date(text: str, today: date, past: int = 0) -> date | Problem:
    """A day from `past` days ago to three years ahead; without a year, the first such day."""
    words = " ".join(text.lower().split()).rstrip(".")
    weekday, rest = _weekday(words)
    found = _read(rest, today, today - timedelta(days=past))
    if found is None:
        return Problem.of("date.problem.unreadable", part=clip(text))
    if isinstance(found, Problem):
        return found
    if weekday is not None and found.weekday() != weekday:
        return Problem.of("date.problem.weekday", day=spoken(found), weekday=WEEKDAYS[found.weekday()])
    return in_reach(found, today, past)


def in_reach(day: date, today: date, past: int = 0) -> date | Problem:
    """The day itself, if it is from `past` days ago to three years ahead."""
    latest = years_after(today, YEARS_AHEAD)
    if past and day < today - timedelta(days=past):
        return Problem.of("date.problem.long_past", day=spoken(day), earliest=spoken(today - timedelta(days=past)))
    if day < today and not past:
        return Problem.of("date.problem.past", day=spoken(day), today=spoken(today))
    if day > latest:
        return Problem.of("date.problem.far", day=spoken(day), latest=spoken(latest))
    return day


def _weekday(words: str) -> tuple[int | None, str]:
    first, _, rest = words.partition(" ")
    bare = first.rstrip(",.")
    for number, name in enumerate(WEEKDAYS):
        if len(bare) >= 3 and name.lower().startswith(bare) and rest:
            return number, rest
    return None, words


def _read(words: str, today: date, first: date) -> date | Problem | None:
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if found := _ISO.match(words):
        return _day(int(found[3]), int(found[2]), int(found[1]), words)
    if found := _NUMBERS.match(words):
        return _numbered(int(found[1]), int(found[2]), found[3], first, words)
    if found := _AHEAD.match(words):
        count = int(found[1]) if found[1].isdigit() else _WORDS.get(found[1])
        return None if count is None else _ahead(count, found[2], today)
    for pattern, day_at, month_at in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        if (found := pattern.match(words)) and (month := _month(found[month_at])):
            return _numbered(int(found[day_at]), month, found[3], first, words)
    if (found := _MONTH_ONLY.match(words)) and _month(found[1]):
        return Problem.of("date.problem.which_day", part=clip(words).title())
    return None


def _month(name: str) -> int | None:
    for number, full in enumerate(MONTHS, 1):
        if full.lower().startswith("sep" if name == "sept" else name):
            return number
    return None


def _numbered(day: int, month: int, year: str | None, first: date, words: str) -> date | Problem:
    if month > 12 >= day:
        return Problem.of("date.problem.day_first", part=clip(words))
    if year is not None:
        return _day(day, month, int(year) + (2000 if len(year) == 2 else 0), words)
    for ahead in range(9):  # 29 February may be eight years off
        found = _day(day, month, first.year + ahead, words)
        if isinstance(found, date) and found >= first:
            return found
    return Problem.of("date.problem.no_such_day", part=clip(words))


def _day(day: int, month: int, year: int, words: str) -> date | Problem:
    try:
        return date(year, month, day)
    except ValueError:
        return Problem.of("date.problem.no_such_day", part=clip(words))


def _ahead(count: int, unit: str, today: date) -> date:
    count = min(count, 9999)
    if unit in ("day", "week"):
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    return months_after(today, count * (12 if unit == "year" else 1))
