from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import WorkingHours
from bot.domain.localtime import at_local, local_day
from bot.domain.people import Absence
from bot.domain.problems import Problem
from prompts.wording import say

LONDON = ZoneInfo("Europe/London")
HOUR = 3_600_000_000
DAY = 24 * HOUR


def at(text: str, tz: ZoneInfo = LONDON) -> int:
    """A wall time (the first of two, if it comes twice)."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=tz)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def hours(text: str) -> WorkingHours:
    parsed = WorkingHours.parse(text)
    assert isinstance(parsed, WorkingHours)
    return parsed


OFFICE = hours("Mon-Fri 09:00-17:30")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Mon-Fri 09:00-17:30", None),
        ("mon-fri 9-17.30", "Mon-Fri 09:00-17:30"),
        ("Monday to Friday: 9am - 5:30pm", "Mon-Fri 09:00-17:30"),
        ("Mon,Wed 09:00-13:00; Thu 10:00-18:00", None),
        ("Mon & Wed 09:00-13:00, 14:00-17:00", "Mon,Wed 09:00-13:00, 14:00-17:00"),
        ("Fri-Mon 10:00-12:00", "Mon,Fri-Sun 10:00-12:00"),
        ("weekdays 08:00-12:00; Sat 09:00-12:00", "Mon-Fri 08:00-12:00; Sat 09:00-12:00"),
        ("Tue 00:00-06:00\nMon 22:00-24:00", "Mon 22:00-24:00; Tue 00:00-06:00"),
        ("daily 00:00-24:00", "24/7"),
        ("24/7", None),
        ("Mondays 12pm-1pm", "Mon 12:00-13:00"),
    ],
)
def test_parse(text: str, canonical: str | None) -> None:
    assert str(hours(text)) == (canonical or text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty"),
        (" ; ", "empty"),
        ("09:00-17:30", "unreadable"),
        ("office hours", "unreadable"),
        ("Mon-Fri", "unreadable"),
        ("Mon-Wed-Fri 09:00-10:00", "unreadable"),
        ("Mo 09:00-10:00", "unreadable"),
        ("Mon-Fri 0900-1730", "times"),
        ("Mon 09:00-25:00", "times"),
        ("Mon 09:70-10:00", "times"),
        ("Mon 13pm-2pm", "times"),
        ("Mon 9", "times"),
        ("Mon 17:30-09:00", "order"),
        ("Mon 9-5", "order"),
        ("Mon 09:00-09:00", "order"),
        ("Mon 09:00-12:00; Mon-Fri 11:00-13:00", "overlap"),
    ],
)
def test_problems_say_what_would_be_right(text: str, name: str) -> None:
    problem = WorkingHours.parse(text)
    assert isinstance(problem, Problem)
    assert problem.key == f"hours.problem.{name}"
    assert say(problem.key, **problem.values)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2027-06-14T09:00", "2027-06-14T09:00"),
        ("2027-06-14T17:29", "2027-06-14T17:29"),
        ("2027-06-14T17:30", "2027-06-15T09:00"),
        ("2027-06-14T08:59", "2027-06-14T09:00"),
        ("2027-06-18T18:00", "2027-06-21T09:00"),
    ],
)
def test_next_open(now: str, opens: str) -> None:
    assert OFFICE.next_open(at(now), LONDON) == at(opens)
    assert OFFICE.is_open(at(now), LONDON) is (now == opens)


def test_absences_and_holidays() -> None:
    leave = [Absence(at("2027-06-14T12:00"), at("2027-06-16T00:00"))]
    holiday = {date(2027, 6, 16)}
    assert OFFICE.is_open(at("2027-06-14T11:59"), LONDON, leave, holiday)
    assert not OFFICE.is_open(at("2027-06-14T12:00"), LONDON, leave, holiday)
    assert OFFICE.next_open(at("2027-06-14T12:00"), LONDON, leave, holiday) == at("2027-06-17T09:00")
    done = OFFICE.add_working(at("2027-06-14T11:00"), 2 * HOUR, LONDON, leave, holiday)
    assert done == at("2027-06-17T10:00")


def test_never_open() -> None:
    closed = WorkingHours(((),) * 7)
    assert closed.next_open(0, LONDON) is None
    assert closed.add_working(0, HOUR, LONDON) is None
    assert closed.working_between(0, DAY, LONDON) == 0
    gone_for_good = [Absence(0, at("2100-01-01T00:00"))]
    assert OFFICE.next_open(at("2027-06-14T09:00"), LONDON, gone_for_good) is None


@pytest.mark.parametrize(
    ("start", "worked", "end"),
    [
        ("2027-06-14T09:00", 1.0, "2027-06-14T10:00"),
        ("2027-06-14T07:00", 8.5, "2027-06-14T17:30"),
        ("2027-06-14T17:00", 1.0, "2027-06-15T09:30"),
        ("2027-06-18T17:00", 8.5, "2027-06-21T17:00"),
        ("2027-06-19T12:00", 0.0, "2027-06-21T09:00"),
    ],
)
def test_working_time(start: str, worked: float, end: str) -> None:
    assert OFFICE.add_working(at(start), int(worked * HOUR), LONDON) == at(end)
    assert OFFICE.working_between(at(start), at(end), LONDON) == int(worked * HOUR)


def test_the_night_the_clock_goes_forward() -> None:
    night = hours("Sun 00:30-01:30")  # 01:00-02:00 is skipped: it closes when the clock jumps
    assert next(night.stretches(at("2027-03-27T12:00"), LONDON)) == (
        at("2027-03-28T00:30+00:00"),
        at("2027-03-28T01:00+00:00"),
    )
    inside = hours("Sun 01:10-01:50")  # wholly skipped: closed that Sunday
    assert inside.next_open(at("2027-03-27T12:00"), LONDON) == at("2027-04-04T01:10")
    into = hours("Sun 01:30-03:00")
    assert into.next_open(at("2027-03-27T12:00"), LONDON) == at("2027-03-28T01:00+00:00")
    always = hours("24/7")
    assert always.add_working(at("2027-03-27T12:00"), DAY, LONDON) == at("2027-03-27T12:00") + DAY


def test_the_night_the_clock_goes_back() -> None:
    night = hours("Sun 00:30-01:30")  # from the first 00:30 to the last 01:30: two hours
    assert next(night.stretches(at("2027-10-30T12:00"), LONDON)) == (
        at("2027-10-31T00:30+01:00"),
        at("2027-10-31T01:30+00:00"),
    )
    split = hours("Sun 00:00-01:30, 01:30-03:00")
    first, second = islice(split.stretches(at("2027-10-30T12:00"), LONDON), 2)
    assert first == (at("2027-10-31T00:00+01:00"), at("2027-10-31T01:30+00:00"))
    assert second == (at("2027-10-31T01:30+00:00"), at("2027-10-31T03:00+00:00"))  # what the first covers is left out
    assert night.is_open(at("2027-10-31T01:15+00:00"), LONDON)


minutes = st.lists(st.integers(0, 96).map(lambda n: n * 15), min_size=2, max_size=6, unique=True).map(sorted)
weeks = st.lists(
    st.none() | minutes.map(lambda m: tuple(zip(m[::2], m[1::2], strict=False))), min_size=7, max_size=7
).map(lambda days: WorkingHours(tuple(day or () for day in days)))
moments = st.integers(at("2027-01-01T00:00"), at("2028-12-31T00:00"))
leaves = st.lists(
    st.tuples(moments, st.integers(1, 20 * DAY)).map(lambda pair: Absence(pair[0], sum(pair))), max_size=4
)
zones = st.sampled_from([LONDON, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])


@given(weeks)
def test_round_trip(week: WorkingHours) -> None:
    if any(week.days):
        assert WorkingHours.parse(str(week)) == week


@given(weeks, moments, st.integers(0, 100 * HOUR), leaves, zones)
def test_working_time_adds_up(week: WorkingHours, now: int, worked: int, away: list[Absence], tz: ZoneInfo) -> None:
    holidays = {date(2027, 6, 14)}
    end = week.add_working(now, worked, tz, away, holidays)
    if end is None:
        return
    assert end >= now
    assert week.working_between(now, end, tz, away, holidays) == worked
    opened = week.next_open(now, tz, away, holidays)
    assert opened is not None
    assert week.is_open(opened, tz, away, holidays)
    assert not any(absence.covers(opened) for absence in away)
    assert week.working_between(now, opened, tz, away, holidays) == 0


@given(weeks, moments, leaves, zones)
def test_stretches_are_in_order_and_apart(week: WorkingHours, now: int, away: list[Absence], tz: ZoneInfo) -> None:
    last = now
    for count, (start, end) in enumerate(week.stretches(now, tz, away)):
        assert last <= start < end
        last = end
        if count > 20:
            break


@given(weeks, moments, st.frozensets(st.dates(date(2027, 1, 1), date(2027, 2, 15)), max_size=9), zones)
def test_stretches_are_those_of_each_day(week: WorkingHours, now: int, holidays: frozenset[date], tz: ZoneInfo) -> None:
    days = [local_day(now, tz) + timedelta(days=ahead) for ahead in range(-1, 40)]
    expected, covered = [], now
    for day in days:
        for start, end in week.days[day.weekday()] if day not in holidays else ():
            opens, closes = max(at_local(day, start, tz), covered), at_local(day, end, tz, last=True)
            if opens < closes:
                expected.append((opens, closes))
                covered = closes

    found = islice(week.stretches(now, tz, (), holidays), len(expected))
    assert list(found) == expected


@given(st.text(alphabet="MonFriSat 0123456789:-,;&apm/47", max_size=30) | st.text(max_size=30))
def test_never_fails(text: str) -> None:
    parsed = WorkingHours.parse(text)
    if isinstance(parsed, Problem):
        assert say(parsed.key, **parsed.values)
    else:
        assert WorkingHours.parse(str(parsed)) == parsed
