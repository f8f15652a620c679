"""Spans of days as people type them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.domain.leave import moments, read_days
from bot.domain.problems import Problem
from prompts.wording import say

TODAY = date(2027, 6, 1)
LONDON = ZoneInfo("Europe/London")


def day(month: int, number: int, year: int = 2027) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    "text",
    [
        "14 June to 21 June",
        "14 june until 21 june",
        "from 14 June to 21 June",
        "14 June - 21 June",
        "14 June – 21 June",
        "14 June 21 June",
        "14-21 June",
        "14th to 21st June 2027",
        "14/6 - 21/6",
        "14/6-21/6",
        "14.6.2027 - 21.6.2027",
        "2027-06-14 2027-06-21",
        "2027-06-14 to 2027-06-21",
        "  14  June   to 21 June ",
    ],
)
def test_reads(text: str) -> None:
    assert read_days(text, TODAY) == (day(6, 14), day(6, 21))


def test_one_day_stands_for_itself() -> None:
    assert read_days("tomorrow", TODAY) == (day(6, 2), day(6, 2))


def test_over_new_year() -> None:
    assert read_days("28 Dec to 3 Jan", TODAY) == (day(12, 28), day(1, 3, 2028))


def test_long_leave_needs_its_year() -> None:
    assert read_days("14 June 2027 to 14 March 2028", TODAY) == (day(6, 14), day(3, 14, 2028))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "21 June to 14 June",
        "31 June to 2 July",
        "14 June to",
        "1 to 2 to 3",
        "14 June to never",
    ],
)
def test_says_what_would_be_right(text: str) -> None:
    found = read_days(text, TODAY)
    assert isinstance(found, Problem)
    assert say(found.key, **found.values)


def test_whole_days_on_the_wall_clock() -> None:
    start, end = moments((date(2027, 3, 27), date(2027, 3, 28)), LONDON)  # the second day has 23 hours
    assert end - start == 47 * 3_600_000_000
