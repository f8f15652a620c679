"""From a course to its timeline: arches, stages, holds, refinements, calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.course import Course, Refinement, Stage, held, timeline
from bot.domain.deadline import Colour
from bot.domain.timeline import BOTH, UPPER, MilestoneKind

DAY = timedelta(days=1)
OPENED = date(2027, 3, 15)  # a Monday
WEDDING = Course(
    version=1,
    opened_on=OPENED,
    fit_on=OPENED + 14 * DAY,
    upper=10,
    lower=8,
    days=7,
    lead=14,
    ipr=(Stage(4),),
    attachments=(Stage(1), Stage(5, UPPER)),
    event_on=OPENED + 91 * DAY,
)


def dates(course: Course, kind: MilestoneKind) -> list[date]:
    return [one.on for one in timeline(course).of(kind)]


def test_the_wedding_is_red_from_the_start() -> None:
    made = timeline(WEDDING)
    assert made.predicted_finish == OPENED + 84 * DAY
    assert made.colour is Colour.RED
    assert made.finish_late == OPENED + (84 + 155) * DAY
    changes = made.of(MilestoneKind.ALIGNER_CHANGE)
    assert [one.aligner for one in changes] == list(range(2, 11))
    assert changes[0].on == WEDDING.fit_on + 7 * DAY
    assert [one.arch for one in changes] == [BOTH] * 7 + [UPPER] * 2
    assert [(one.arch, one.aligner) for one in made.of(MilestoneKind.THREE_QUARTER)] == [("lower", 6), (UPPER, 8)]
    assert [one.aligner for one in made.of(MilestoneKind.ATTACHMENT)] == [1, 5]
    assert [one.on for one in made.of(MilestoneKind.COUNTDOWN)] == [
        WEDDING.event_on - n * 7 * DAY for n in (8, 4, 2, 1)
    ]  # type: ignore[operator]
    assert dates(WEDDING, MilestoneKind.RETENTION)[0] == date(2027, 7, 7)


def test_which_aligner_is_worn() -> None:
    made = timeline(WEDDING)
    assert made.aligner_on(WEDDING.fit_on - DAY) is None
    assert made.aligner_on(WEDDING.fit_on) == (0, 1)
    assert made.aligner_on(WEDDING.fit_on + 42 * DAY) == (0, 7)
    assert made.aligner_on(made.predicted_finish) is None


def test_a_repeated_aligner_moves_what_comes_after_it_alone() -> None:
    before, after = timeline(WEDDING), timeline(held(WEDDING, 0, 6, 7))
    for old, new in zip(before.of(MilestoneKind.ALIGNER_CHANGE), after.of(MilestoneKind.ALIGNER_CHANGE), strict=True):
        assert old.aligner is not None
        assert new.on - old.on == (7 if old.aligner > 6 else 0) * DAY
    assert after.predicted_finish - before.predicted_finish == 7 * DAY


def test_a_late_fit_moves_everything() -> None:
    late = held(WEDDING, 0, 0, 7)
    assert timeline(late).predicted_finish == timeline(WEDDING).predicted_finish + 7 * DAY
    assert dates(late, MilestoneKind.FIT) == [WEDDING.fit_on + 7 * DAY]


def test_a_refinement_ends_the_set_and_begins_its_own() -> None:
    scan = OPENED + 63 * DAY
    made = timeline(replace(WEDDING, refinements=(Refinement(scan, lead=14, upper=4, lower=4, days=7),)))
    assert [one.on for one in made.of(MilestoneKind.REFINEMENT_SCAN)] == [scan]
    arrives = scan + 14 * DAY
    assert [one.on for one in made.of(MilestoneKind.REFINEMENT_SET)] == [arrives]
    assert made.predicted_finish == arrives + 28 * DAY
    worn = [one for one in made.of(MilestoneKind.ALIGNER_CHANGE) if scan <= one.on < arrives]
    assert worn == []  # the last one that fitted holds
    assert made.aligner_on(arrives) == (1, 1)
    assert not made.spans[1].estimated


def test_a_refinement_without_a_plan_is_as_large_as_is_usual() -> None:
    made = timeline(replace(WEDDING, refinements=(Refinement(OPENED + 84 * DAY),)))
    assert (made.spans[1].upper, made.spans[1].lower, made.spans[1].estimated) == (8, 7, True)


def test_visits_fall_on_working_days() -> None:
    easter = {date(2027, 3, 26), date(2027, 3, 29)}
    made = timeline(WEDDING, easter)
    assert made.of(MilestoneKind.FIT)[0].on == date(2027, 3, 30)
    assert made.of(MilestoneKind.ALIGNER_CHANGE)[0].on == date(2027, 4, 6)  # at home, on any day, counted from the fit
    assert made.predicted_finish == timeline(WEDDING).predicted_finish + DAY


def test_one_arch_alone() -> None:
    made = timeline(replace(WEDDING, lower=0))
    assert {one.arch for one in made.of(MilestoneKind.ALIGNER_CHANGE)} == {UPPER}
    assert [one.arch for one in made.of(MilestoneKind.THREE_QUARTER)] == [UPPER]


@given(
    upper=st.integers(0, 60),
    lower=st.integers(1, 60),
    days=st.integers(3, 42),
    lead=st.integers(7, 60),
    holds=st.lists(st.tuples(st.integers(1, 60), st.integers(1, 42)), max_size=4),
    scan=st.none() | st.integers(0, 900),
    off=st.sets(st.dates(OPENED, OPENED + 300 * DAY), max_size=20),
)
def test_every_timeline_is_in_order(
    upper: int, lower: int, days: int, lead: int, holds: list[tuple[int, int]], scan: int | None, off: set[date]
) -> None:
    course = Course(1, OPENED, OPENED + lead * DAY, upper, lower, days, lead=lead, event_on=OPENED + 200 * DAY)
    for aligner, extra in holds:
        course = held(course, 0, min(aligner, course.aligners), extra)
    if scan is not None:
        course = replace(course, refinements=(Refinement(OPENED + scan * DAY, lead),))
    made = timeline(course, off)
    assert [one.on for one in made.milestones] == sorted(one.on for one in made.milestones)
    assert len({(one.kind, one.occurrence) for one in made.milestones}) == len(made.milestones)
    assert made.predicted_finish <= made.finish_late
    worn = made.of(MilestoneKind.ALIGNER_CHANGE)
    assert all(one.on <= made.predicted_finish for one in worn)
    for one in made.of(MilestoneKind.FIT, MilestoneKind.REVIEW, MilestoneKind.FINISH, MilestoneKind.REFINEMENT_SET):
        assert one.on.weekday() < 5
        assert one.on not in off
    if scan is None:
        assert len(worn) == course.aligners - 1
        held_days = sum(extra for _, extra in holds)
        assert (made.predicted_finish - made.spans[0].begins_on).days == course.aligners * days + held_days
