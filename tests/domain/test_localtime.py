from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.localtime import at_local, local, local_day

LONDON = ZoneInfo("Europe/London")
ZONES = [LONDON, *map(ZoneInfo, ("America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"))]


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc,arg-type]


def test_ordinary_days() -> None:
    assert at_local(date(2027, 1, 5), 9 * 60, LONDON) == utc(2027, 1, 5, 9)
    assert at_local(date(2027, 7, 5), 9 * 60, LONDON) == utc(2027, 7, 5, 8)
    assert at_local(date(2027, 7, 5), 1440, LONDON) == utc(2027, 7, 5, 23)
    assert local_day(utc(2027, 7, 5, 23), LONDON) == date(2027, 7, 6)


def test_skipped_hour_means_the_jump() -> None:
    day = date(2027, 3, 28)
    for minute in (61, 75, 90, 119):
        assert at_local(day, minute, LONDON) == at_local(day, minute, LONDON, last=True) == utc(2027, 3, 28, 1)
    assert at_local(day, 60, LONDON) == at_local(day, 120, LONDON) == utc(2027, 3, 28, 1)
    assert at_local(day, 59, LONDON) == utc(2027, 3, 28, 0, 59)


def test_hour_that_comes_twice_is_the_first_or_the_last() -> None:
    day = date(2027, 10, 31)
    assert at_local(day, 90, LONDON) == utc(2027, 10, 31, 0, 30)
    assert at_local(day, 90, LONDON, last=True) == utc(2027, 10, 31, 1, 30)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 1440), st.sampled_from(ZONES))
def test_the_clock_shows_it_unless_it_is_skipped(day: date, minute: int, tz: ZoneInfo) -> None:
    for last in (False, True):
        clock = local(at_local(day, minute, tz, last=last), tz)
        shown = (clock.date() - day).days * 1440 + clock.hour * 60 + clock.minute
        assert shown == minute or 0 < shown - minute <= 60  # after a gap, never before
    assert at_local(day, minute, tz) <= at_local(day, minute, tz, last=True)


@given(st.integers(utc(2000, 1, 1), utc(2060, 1, 1)), st.sampled_from(ZONES))
def test_the_day_is_that_of_the_clock(moment: int, tz: ZoneInfo) -> None:
    for each in (moment, moment + 1, moment):  # asked again, too
        assert local_day(each, tz) == local(each, tz).date()


@pytest.mark.parametrize("tz", ZONES, ids=str)
def test_moments_rise_through_a_year(tz: ZoneInfo) -> None:
    days = [date.fromordinal(date(2027, 1, 1).toordinal() + n) for n in range(366)]
    moments = [at_local(day, minute, tz) for day in days for minute in (0, 60, 90, 120, 150, 720, 1439)]
    assert moments == sorted(moments)
