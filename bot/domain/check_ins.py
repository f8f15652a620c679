"""Check-in plans: what is asked of whom, on which day of a case, and what each answer does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.deadline import working_day, working_days_after
from bot.domain.timeline import Milestone, MilestoneKind, Timeline

SET_CAME, SET_WAITED_FOR = "set_came", "set_waited_for"
"""What an answer may note of a refinement's set."""
SET_LATE = "set_late"
"""What a step may tell of by itself, from the rows: a set that has not come a week after it was expected."""
OPENED = "opened"
"""The anchor that every case has: the day a specialist took it."""


class Level(StrEnum):
    """How soon the other side hears of an answer, the least first."""

    NONE = "none"
    """Filed silently."""
    DIGEST = "digest"
    """A line in their next digest."""
    SAME_DAY = "same_day"
    """At once, to be answered on the same working day."""
    PAGE = "page"
    """At once and urgently."""


LEVELS = tuple(Level)


class Asking(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SEVERAL = "several"
    """One tick after another, until a choice that `ends` it."""
    TEETH = "teeth"
    """By a tap, or by typing teeth in any notation."""
    PHOTO = "photo"
    """By sending a photo into the room, or by a tap."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: `line` is what the other side reads; `level` is how soon."""

    id: str
    label: str
    line: str
    level: Level = Level.NONE
    red_with_event: bool = False
    """It pages where the deadline is red."""
    bad: bool = False
    """Two of these in a row are answered on the same day."""
    ends: bool = False
    """Nothing more is asked."""
    then: str = ""
    """The script that follows."""
    moves: bool = False
    """Not seen yet: it is asked again after the next visit, and is no miss."""
    complaint: bool = False
    notes: str = ""
    """What is kept of it in the case: SET_CAME or SET_WAITED_FOR."""
    behind: int | None = None
    """How many aligners behind the plan it says that the patient is."""
    hours: tuple[float, float] | None = None
    """The wear a day that it reports, from and to; forewarning rules look at it."""
    ipr_done: tuple[float, float] | None = None
    """The share that it reports done, of what was planned at a due contact."""

    @property
    def reports(self) -> bool:
        """Whether a forewarning may come of it, or end."""
        return self.hours is not None or self.ipr_done is not None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a check-in; `brief` names it on a card."""

    id: str
    text: str
    brief: str
    choices: tuple[Answer, ...]
    asking: Asking = Asking.ONE

    def choice(self, id: str) -> Answer | None:
        """The choice with this id."""
        return next((choice for choice in self.choices if choice.id == id), None)


@dataclass(frozen=True, slots=True)
class CheckInStep:
    """One check-in: `who` is asked, `days`, `working_days` or `aligners` from each milestone of kind `anchor`."""

    id: str
    name: str
    who: str
    questions: tuple[Question, ...]
    anchor: str = ""
    """Empty for a script, which follows an answer."""
    days: int = 0
    working_days: int = 0
    aligners: int = 0
    lasts: int = 14
    """Days after which a check-in that could not be asked makes no sense any more."""
    without_plan: bool = False
    """Only while nothing says how many aligners there are."""
    measures: bool = False
    """Its answers are held against the plan's dates, which may show more than they say."""
    tells: str = ""
    """Nobody is asked: what the rows show (SET_LATE) is told to `who`, if it is so."""
    card: str = ""
    """The title of the one card that the other side gets at the end."""

    def question(self, id: str) -> Question | None:
        """The question with this id."""
        return next((one for one in self.questions if one.id == id), None)

    def next(self, given: Mapping[str, Collection[str]]) -> Question | None:
        """What is asked next, `given` being the ids of the choices by question; None at the end."""
        for question in self.questions:
            answers = given.get(question.id, ())
            chosen = [found for id in answers if (found := question.choice(id)) is not None]
            if question.asking is Asking.SEVERAL:
                if not any(one.ends for one in chosen):
                    return question
            elif any(one.ends for one in chosen):
                return None
            elif not answers:
                return question
        return None


@dataclass(frozen=True, slots=True)
class Due:
    """A step on a day of a case."""

    step: CheckInStep
    occurrence: int
    on: date
    rule: str
    """How the day came about: "review 2 + 0d"."""


def schedule(
    steps: Sequence[CheckInStep], opened_on: date, timeline: Timeline | None, holidays: Collection[date] = ()
) -> Iterator[Due]:
    """Every check-in of a case, on working days; what asks about a visit is asked on its day or after, never before."""
    for step in steps:
        if step.anchor == OPENED:
            if not step.without_plan or timeline is None:
                yield Due(step, 1, _moved(step, opened_on, holidays), _rule(step, OPENED))
        elif step.anchor and timeline is not None:
            for milestone in timeline.of(MilestoneKind(step.anchor)):
                on = milestone.on if not step.aligners else _aligners_off(timeline, milestone, step.aligners)
                rule = _rule(step, f"{milestone.kind}-{milestone.occurrence}")
                yield Due(step, milestone.occurrence, _moved(step, on, holidays), rule)


def _moved(step: CheckInStep, day: date, holidays: Collection[date]) -> date:
    if step.working_days:
        return working_days_after(day, step.working_days, holidays)
    return working_day(day + timedelta(days=step.days), holidays)


def _aligners_off(timeline: Timeline, milestone: Milestone, aligners: int) -> date:
    """The day on which the aligner so many before a milestone is put in."""
    changes = [one.on for one in timeline.of(MilestoneKind.ALIGNER_CHANGE) if one.on < milestone.on]
    days = sorted(set(changes))
    return days[aligners] if len(days) >= -aligners else (days[0] if days else milestone.on)


def _rule(step: CheckInStep, anchor: str) -> str:
    if step.aligners:
        return f"{anchor}{step.aligners:+}aligners"
    return f"{anchor}{step.working_days:+}wd" if step.working_days else f"{anchor}{step.days:+}d"
