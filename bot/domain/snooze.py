"""Reads until when somebody wants to be left alone: "1 h", "tonight", "tomorrow", "Monday", or a date."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.domain.dates import WEEKDAYS, read_date, spoken
from bot.domain.problems import Problem, clip

LONGEST = 120
"""Days that anything can be put off."""
_DAY = "day:"
_UNTIL = re.compile(r"(?:until|till|to|for)\s+")
_HOUR = re.compile(r"(?:in\s+)?(?:an|one|1)?\s*(?:h|hr|hour)(?:['’]?s time)?\Z")
_WORDS = {"tonight": "tonight", "this evening": "tonight", "evening": "tonight", "tomorrow": "tomorrow"}


def read_snooze(text: str, today: date) -> str | Problem:
    """ "hour", "tonight", "tomorrow", or "day:2027-06-14", which is later than today."""
    words = _UNTIL.sub("", " ".join(text.lower().split()).rstrip("."), count=1)
    if _HOUR.match(words):
        return "hour"
    if words in _WORDS:
        return _WORDS[words]
    on = _weekday(words, today)
    if on is None:
        found = read_date(words, today)
        if isinstance(found, Problem):
            unreadable = found.key == "date.problem.unreadable"
            return Problem.of("snooze.problem.unreadable", part=clip(text)) if unreadable else found
        on = found
    return in_reach(on, today) or on_day(on)


def in_reach(on: date, today: date) -> Problem | None:
    """Why nothing can be put off to this day, if so."""
    if on <= today:
        return Problem.of("snooze.problem.today")
    latest = today + timedelta(days=LONGEST)
    return Problem.of("snooze.problem.far", day=spoken(on), latest=spoken(latest)) if on > latest else None


def on_day(on: date) -> str:
    """What stands for a day."""
    return f"{_DAY}{on.isoformat()}"


def day_of(what: str) -> date | None:
    """The day that `on_day` wrote; None for anything else."""
    return date.fromisoformat(what.removeprefix(_DAY)) if what.startswith(_DAY) else None


def _weekday(words: str, today: date) -> date | None:
    """The next such day, for a weekday alone."""
    bare = words.removeprefix("on ").removeprefix("next ")
    for number, name in enumerate(WEEKDAYS):
        if len(bare) >= 3 and name.lower().startswith(bare):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None
