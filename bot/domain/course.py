"""A course of aligners as planned and as it went, and the timeline that follows from it. Pure arithmetic of days."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.dates import months_after
from bot.domain.deadline import AGAIN, DEFAULT_LEAD, Judgement, allowance, working_day, working_days_after
from bot.domain.timeline import BOTH, LOWER, UPPER, Milestone, MilestoneKind, Span, Timeline

REVIEW_DAYS = 42
"""Days between reviews, where the plan gives no other."""
COUNTDOWN_WEEKS = (8, 4, 2, 1)
RETENTION_MONTHS = (1, 3, 12)
_POINTS = {MilestoneKind.QUARTER: 0.25, MilestoneKind.HALF: 0.5, MilestoneKind.THREE_QUARTER: 0.75}
_NEAR = timedelta(days=7)
"""A review so near to the end of a set is the visit at its end."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A visit before an aligner of a set is put in: for IPR or attachments."""

    aligner: int
    arch: str = BOTH
    set: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """An aligner worn `days` longer than planned: it was repeated, or a step slipped."""

    set: int
    aligner: int
    days: int


@dataclass(frozen=True, slots=True)
class Refinement:
    """A new scan and the set that follows it; None for numbers not planned yet."""

    scan_on: date
    lead: int = DEFAULT_LEAD
    upper: int | None = None
    lower: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What a timeline is made from. `version` is the plan's, 0 for the intake's own figures."""

    version: int
    opened_on: date
    fit_on: date
    upper: int
    lower: int
    days: int
    plan_on: date | None = None
    lead: int = DEFAULT_LEAD
    review_days: int = REVIEW_DAYS
    ipr: tuple[Stage, ...] = ()
    attachments: tuple[Stage, ...] = ()
    event_on: date | None = None
    holds: tuple[Hold, ...] = ()
    refinements: tuple[Refinement, ...] = ()

    @property
    def aligners(self) -> int:
        """Of the arch that takes longer."""
        return max(self.upper, self.lower)


def timeline(course: Course, holidays: Collection[date] = ()) -> Timeline:
    """Every milestone with its date; `holidays` are the practice's bank holidays."""
    course = replace(course, fit_on=working_day(course.fit_on, holidays))  # it is a visit, and all else follows from it
    spans = tuple(_spans(course, holidays))
    treatment = course.aligners * course.days
    finish = spans[-1].ends_on
    judged = None if course.event_on is None else Judgement(course.event_on, finish, course.lead, treatment)
    steps = sorted(_steps(course, spans, holidays), key=lambda one: (one.on, _ORDER[one.kind], one.aligner or 0))
    return Timeline(
        version=course.version,
        milestones=tuple(_numbered(steps)),
        spans=spans,
        predicted_finish=finish,
        finish_early=finish,
        finish_late=finish + timedelta(days=allowance(course.lead, treatment)),
        event_on=course.event_on,
        judged=judged,
    )


def held(course: Course, set: int, aligner: int, days: int) -> Course:
    """The course with one aligner worn longer; aligner 0 of the first set puts the fit off."""
    if set == 0 and aligner == 0:
        return replace(course, fit_on=course.fit_on + timedelta(days=days))
    return replace(course, holds=(*course.holds, Hold(set, aligner, days)))


_ORDER = {kind: index for index, kind in enumerate(MilestoneKind)}


def _spans(course: Course, holidays: Collection[date]) -> Iterator[Span]:
    """The sets one after another: a refinement's scan ends the set before it, whose last aligner holds."""
    begins = course.fit_on
    upper, lower, days, estimated = course.upper, course.lower, course.days, False
    for number in range(len(course.refinements) + 1):
        extra = sum(one.days for one in course.holds if one.set == number)
        natural = begins + timedelta(days=max(upper, lower) * days + extra)
        following = course.refinements[number] if number < len(course.refinements) else None
        if following is None:
            yield Span(number, begins, natural, upper, lower, estimated)
            return
        arrives = working_day(max(following.scan_on, begins) + timedelta(days=following.lead), holidays)
        yield Span(number, begins, arrives, upper, lower, estimated)
        begins = arrives
        estimated = following.upper is None and following.lower is None
        usual_upper, usual_lower = math.ceil(AGAIN * course.upper), math.ceil(AGAIN * course.lower)
        upper = usual_upper if estimated else following.upper or 0
        lower = usual_lower if estimated else following.lower or 0
        days = following.days or course.days


def _steps(course: Course, spans: tuple[Span, ...], holidays: Collection[date]) -> Iterator[Milestone]:
    def visit(kind: MilestoneKind, on: date, arch: str = BOTH, aligner: int | None = None) -> Milestone:
        return Milestone(kind, working_day(on, holidays), arch, aligner)

    yield Milestone(MilestoneKind.RECORDS, working_days_after(course.opened_on, 1, holidays))
    plan_on = course.plan_on or course.opened_on + timedelta(days=course.lead // 2)
    yield visit(MilestoneKind.PLAN_REVIEW, plan_on)
    yield visit(MilestoneKind.FIT, course.fit_on, aligner=1)
    for span in spans:
        yield from _worn(course, span)
        if span.number:
            scan = course.refinements[span.number - 1].scan_on
            yield visit(MilestoneKind.REFINEMENT_SCAN, scan, aligner=None)
            yield visit(MilestoneKind.REFINEMENT_SET, span.begins_on, aligner=1)
    for kind, stages in ((MilestoneKind.IPR, course.ipr), (MilestoneKind.ATTACHMENT, course.attachments)):
        for stage in stages:
            for worn in spans[stage.set : stage.set + 1]:
                on = begins_on(course, worn, worn.number, stage.aligner)
                if on < _worn_until(course, worn) or stage.aligner == 1:
                    yield visit(kind, on, stage.arch, stage.aligner)
    finish = spans[-1].ends_on
    review = course.fit_on + timedelta(days=course.review_days)
    while review < finish - _NEAR:
        yield visit(MilestoneKind.REVIEW, review)
        review += timedelta(days=course.review_days)
    if not course.refinements:  # nearly every course has one: it is expected, so that it is booked in time
        yield visit(MilestoneKind.REFINEMENT_SCAN, finish)
    yield visit(MilestoneKind.FINISH, finish)
    for months in RETENTION_MONTHS:
        yield visit(MilestoneKind.RETENTION, months_after(finish, months))
    if course.event_on is not None:
        for weeks in COUNTDOWN_WEEKS:
            on = course.event_on - timedelta(weeks=weeks)
            if on > course.opened_on:
                yield Milestone(MilestoneKind.COUNTDOWN, on)


def _worn(course: Course, span: Span) -> Iterator[Milestone]:
    """Aligner changes from the second on, and the quarter points, of what of a set is worn."""
    most = max(span.upper, span.lower)
    until = _worn_until(course, span)
    for aligner in range(2, most + 1):
        on = begins_on(course, span, span.number, aligner)
        if on >= until:
            break
        yield Milestone(MilestoneKind.ALIGNER_CHANGE, on, _arch(span, aligner), aligner)
    for kind, share in _POINTS.items():
        for arch, count in _arches(span, kind):
            aligner = max(1, math.ceil(share * count))
            on = begins_on(course, span, span.number, aligner)
            if on < until:
                yield Milestone(kind, on, arch, aligner)


def begins_on(course: Course, span: Span, number: int, aligner: int) -> date:
    """The day an aligner of a set is put in."""
    days = course.days if number == 0 else course.refinements[number - 1].days or course.days
    extra = sum(one.days for one in course.holds if one.set == number and one.aligner < aligner)
    return span.begins_on + timedelta(days=(aligner - 1) * days + extra)


def _worn_until(course: Course, span: Span) -> date:
    """The day from which nothing of a set is changed any more: its end, or the scan that ends it."""
    if span.number < len(course.refinements):
        return max(course.refinements[span.number].scan_on, span.begins_on)
    return span.ends_on


def _arch(span: Span, aligner: int) -> str:
    if aligner <= min(span.upper, span.lower):
        return BOTH
    return UPPER if span.upper > span.lower else LOWER


def _arches(span: Span, kind: MilestoneKind) -> Iterator[tuple[str, int]]:
    """Quarter points are the course's; the three-quarter point is each arch's own where they differ."""
    if kind is not MilestoneKind.THREE_QUARTER or span.upper == span.lower or not min(span.upper, span.lower):
        yield (
            (BOTH if span.upper == span.lower else _arch(span, max(span.upper, span.lower))),
            max(span.upper, span.lower),
        )
        return
    yield UPPER, span.upper
    yield LOWER, span.lower


def _numbered(steps: list[Milestone]) -> Iterator[Milestone]:
    seen: Counter[MilestoneKind] = Counter()
    for one in steps:
        seen[one.kind] += 1
        yield replace(one, occurrence=seen[one.kind])
