"""Whose turn it is: what kind of answer is owed, by when, who hears of it on the way, and what is no answer at all."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.domain import stems
from bot.domain.hours import WorkingHours
from bot.domain.localtime import at_local, local_day
from bot.domain.people import Absence
from bot.domain.problems import Problem, clip
from bot.domain.rules import HOUR, MINUTE


class Owed(StrEnum):
    """What somebody waits for, the most pressing first."""

    RED_FLAG = "red_flag"
    NOT_SEATING = "not_seating"
    QUESTION = "question"
    PLAN_REVIEW = "plan_review"


class Stage(StrEnum):
    """Who has heard of it by now, in this order."""

    RUNNING = "running"
    WARNED = "warned"
    LATE = "late"
    COVER = "cover"
    COORDINATOR = "coordinator"


STAGES = tuple(Stage)
_SAME_DAY = re.compile(r"same (?:working )?day\Z")
_LENGTH = re.compile(r"(\d{1,3})\s*(min|h|hours?|(?:working )?days?)\Z")
_LEAST = 2 * HOUR
"""Of a day that must be left for "the same day" to be this one (editorial)."""


@dataclass(frozen=True, slots=True)
class Target:
    """How soon an answer is owed: so much working time (µs), so many of the person's own days, or the same day."""

    time: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Self | Problem:
        """ "10 min", "4 h", "same day", "1 day", "2 working days"."""
        words = " ".join(text.lower().split())
        if _SAME_DAY.match(words):
            return cls()
        found = _LENGTH.match(words)
        count = int(found[1]) if found else 0
        if found is None or count == 0:
            return Problem.of("turn.problem.length", value=clip(text))
        if found[2] == "min":
            return cls(time=count * MINUTE)
        return cls(time=count * HOUR) if found[2].startswith("h") else cls(days=count)

    def __str__(self) -> str:
        """In the form `parse` reads."""
        if self.days:
            return f"{self.days} day{'s' if self.days > 1 else ''}"
        if not self.time:
            return "same day"
        return f"{self.time // HOUR} h" if self.time % HOUR == 0 else f"{self.time // MINUTE} min"

    def due(
        self,
        since: int,
        hours: WorkingHours,
        zone: ZoneInfo,
        absences: Collection[Absence] = (),
        holidays: Collection[date] = (),
    ) -> int | None:
        """The moment (µs) by which an answer asked for at `since` is owed; None for somebody who never works."""
        if not self.time and not self.days:
            return _end_of_day(since, hours, zone, absences, holidays)
        length = self.time or self.days * a_day(hours)
        return hours.add_working(since, length, zone, absences, holidays)


def read_targets(text: str) -> dict[Owed, Target] | Problem:
    """A practice's own targets as a roster gives them: "question 4 h, plan_review 1 day"."""
    found: dict[Owed, Target] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, words = part.partition(" ")
        target = Target.parse(words)
        if name not in set(Owed) or isinstance(target, Problem):
            return Problem.of("turn.problem.target", value=clip(part), kinds=[one.value for one in Owed])
        found[Owed(name)] = target
    return found


def a_day(hours: WorkingHours) -> int:
    """The working time of one of somebody's own days (µs), on average over their week."""
    lengths = [sum(end - start for start, end in day) for day in hours.days if day]
    return sum(lengths) * MINUTE // len(lengths) if lengths else 0


def _end_of_day(
    since: int, hours: WorkingHours, zone: ZoneInfo, absences: Collection[Absence], holidays: Collection[date]
) -> int | None:
    """The end of the working day it was asked on, or of the next one if little of that is left."""
    opens = hours.next_open(since, zone, absences, holidays)
    while opens is not None:
        day = local_day(opens, zone)
        midnight = at_local(day + timedelta(days=1), 0, zone)
        left = last = 0
        for start, end in hours.stretches(opens, zone, absences, holidays):
            if start >= midnight:
                break
            last = min(end, midnight)
            left += last - start
        if left >= min(_LEAST, a_day(hours)) or opens != since:
            return last
        opens = hours.next_open(midnight, zone, absences, holidays)
    return None


_CORE = (
    r"thanks|thank|thankyou|thx|ta|cheers|ok|okay|k|great|perfect|brilliant|lovely|super|excellent|noted|understood|got"
    r"|appreciated|appreciate|cool"
)
_COURTEOUS = re.compile(_CORE)
_COURTEOUS_WORD = re.compile(rf"\b(?:{_CORE})\b")
_AROUND = re.compile(
    _CORE + r"|you|many|much|very|so|kindly|it|will|do|sure|fine|good|right|yes|yep|all|clear|that's|thats|that|is"
    r"|i|i'll|we|we'll|try|see|soon|then|both|her|him|them|know|in|on|today|tomorrow"
    r"|monday|tuesday|wednesday|thursday|friday|helpful|really|dr|doctor|sir|again|for|your|the|help|quick|reply|advice|and|a|lot|of|by|way|bye|regards|kind"
    r"|best|have|nice|day|weekend|evening"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SIGNS = re.compile(r"[\W_]+")


def sounds_courteous(text: str) -> bool:
    """Whether it may be no more than that; only then is it worth asking whom it may address."""
    if "?" in text or len(text) > 120 or any(map(str.isdigit, text)):
        return False
    return _COURTEOUS_WORD.search(text.lower()) is not None or _SIGNS.fullmatch(text.strip()) is not None


def is_courtesy(text: str, names: Collection[str] = ()) -> bool:
    """Whether a message only says thanks or that it was read: it asks nothing and answers nothing.

    `names` are those of the people it may address. A figure or a question mark in it makes it more than that.
    """
    if not sounds_courteous(text):
        return False
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    if not words:
        return bool(_SIGNS.fullmatch(text.strip())) and bool(text.strip())  # a thumb, a heart
    called = {part.lower() for name in names for part in name.split()}
    return any(_COURTEOUS.fullmatch(word) for word in words) and all(
        word in called or _AROUND.fullmatch(word) for word in words
    )


NOT_SEATING = re.compile(
    r"\b(?:not|no longer|won'?t|doesn'?t|don'?t|didn'?t|isn'?t|aren'?t|never|cannot|can'?t)\b"
    r"(?! a problem| an issue)[^.,;!?]{0,30}\bseat\w*"
    r"|\bseat\w*\b[^.,;!?]{0,20}\b(?:not(?! a problem| an issue)|poorly|incomplete\w*|badly)\b"
    r"|\b(?:not|isn'?t|aren'?t|stopped|lost|losing)\s+track(?:s|ed|ing)?\b(?!\s+down)"
    r"|\b(?:a|the|visible|incisal|mm)\s+gap\s+(?:at|between the aligner|under|below|above|around)\b"
    r"|\b(?:aligner|tray|it|this one|one)\b[^.;!?]{0,20}"
    r"\b(?:won'?t|will not|does not|doesn'?t|did not|didn'?t|cannot|can'?t)\s+(?:go on|go down|go in|fit)\b"
    r"|\b(?:pops?|popping|popped|comes?|coming)\s+off\s+(?:at|the|of|her|his|their|again|on)\b"
    r"|\bnot\s+(?:quite\s+|yet\s+)?(?:fully|all the way|right|quite)\s+(?:down|on|home|engaged)\b"
    r"|\b(?:lift(?:s|ing)|standing)\s+(?:off|proud)\b",
    re.IGNORECASE,
)
_NOT_SEATING_STEMS = ("seat", "track", "gap", "fit", "go on", "go down", "go in", "not", "off", "proud")
"""One of them is in whatever `NOT_SEATING` finds."""


def says_not_seating(text: str) -> bool:
    """Whether a message says that an aligner does not seat: answered sooner than other questions."""
    if not stems.any_of(_NOT_SEATING_STEMS, text):
        return False
    return NOT_SEATING.search(text.replace("’", "'")) is not None
