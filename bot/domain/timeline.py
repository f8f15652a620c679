"""The treatment timeline: dated milestones of one case, made from its plan and whatever moved it since.

Dates are days of the practice's calendar. Visits fall on its working days; aligners are changed at home, on any day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.deadline import Colour, Judgement

UPPER, LOWER, BOTH = "upper", "lower", "both"


class MilestoneKind(StrEnum):
    """What happens on a day of the timeline."""

    RECORDS = "records"
    PLAN_REVIEW = "plan_review"
    FIT = "fit"
    ALIGNER_CHANGE = "aligner_change"
    IPR = "ipr"
    ATTACHMENT = "attachment"
    REVIEW = "review"
    QUARTER = "quarter"
    HALF = "half"
    THREE_QUARTER = "three_quarter"
    REFINEMENT_SCAN = "refinement_scan"
    REFINEMENT_SET = "refinement_set"
    FINISH = "finish"
    RETENTION = "retention"
    COUNTDOWN = "countdown"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One dated step. `arch` is "upper", "lower" or "both"; `aligner` counts from 1 within its set.

    `occurrence` counts steps of the kind in order of date, from 1, so that (kind, occurrence) is unique in a timeline.
    """

    kind: MilestoneKind
    on: date
    arch: str = BOTH
    aligner: int | None = None
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """One set of aligners as it is worn: 0 is the first set, 1 and on the refinements. `ends_on` is past it."""

    number: int
    begins_on: date
    ends_on: date
    upper: int
    lower: int
    estimated: bool = False
    """Its number of aligners is the usual one, not a planned one."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of it. `version` is that of the plan, 0 for the intake's own figures."""

    version: int
    milestones: tuple[Milestone, ...]
    spans: tuple[Span, ...]
    predicted_finish: date
    finish_early: date
    """If nothing else comes up: no further refinement, no slip."""
    finish_late: date
    """With what is to be expected beyond the plan (`deadline.allowance`), refined already or not."""
    event_on: date | None
    judged: Judgement | None
    """The arithmetic of the deadline; None without an event."""

    @property
    def colour(self) -> Colour | None:
        """How the event stands; None without one."""
        return None if self.judged is None else self.judged.colour

    def of(self, *kinds: MilestoneKind) -> tuple[Milestone, ...]:
        """The milestones of these kinds, in order of date."""
        return tuple(one for one in self.milestones if one.kind in kinds)

    def after(self, day: date, *kinds: MilestoneKind) -> Milestone | None:
        """The first milestone of these kinds on or after a day."""
        return next((one for one in self.of(*kinds) if one.on >= day), None)

    def aligner_on(self, day: date) -> tuple[int, int] | None:
        """The set and the aligner worn on a day; None before the fit and after the last one."""
        for span in reversed(self.spans):
            if span.begins_on <= day:
                if day >= span.ends_on:
                    return None
                worn = [one for one in self._changes(span) if one.on <= day]
                return span.number, worn[-1].aligner or 1 if worn else 1
        return None

    def _changes(self, span: Span) -> list[Milestone]:
        return [one for one in self.of(MilestoneKind.ALIGNER_CHANGE) if span.begins_on <= one.on < span.ends_on]
