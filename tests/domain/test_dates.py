from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import read_date, spoken, years_after
from bot.domain.problems import Problem
from prompts.wording import say

TODAY = date(2027, 3, 15)
WEDDING = date(2027, 6, 14)


@pytest.mark.parametrize(
    "text",
    [
        "14 June 2027",
        "14th June 2027",
        "14th of June, 2027",
        "14 JUN 27",
        "14-Jun-2027",
        "14Jun",
        "14 Jun",
        "14 june.",
        "June 14",
        "June 14th, 2027",
        "Jun 14 2027",
        "Mon 14 June",
        "Monday, 14 June 2027",
        "14/06/2027",
        "14/6/27",
        "14.06.2027",
        "14-06-2027",
        "14/6",
        "2027-06-14",
        " 2027-6-14 ",
        "in 13 weeks",
        "13 weeks",
        "in 13 weeks' time",
        "in 91 days",
    ],
)
def test_the_wedding_in_every_form(text: str) -> None:
    assert read_date(text, TODAY) == WEDDING


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("14 Mar", date(2028, 3, 14)),
        ("15 Mar", TODAY),
        ("today", TODAY),
        ("tomorrow", TODAY + timedelta(days=1)),
        ("in three months", date(2027, 6, 15)),
        ("a year", date(2028, 3, 15)),
        ("sept 1", date(2027, 9, 1)),
        ("29 Feb", date(2028, 2, 29)),
        ("in 12 weeks", date(2027, 6, 7)),
        ("15/03/2030", date(2030, 3, 15)),
    ],
)
def test_others(text: str, day: date) -> None:
    assert read_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "unreadable"),
        ("soon", "unreadable"),
        ("in some weeks", "unreadable"),
        ("14 Foo 2027", "unreadable"),
        ("Monday", "unreadable"),
        ("1 2 3 4", "unreadable"),
        ("June 2027", "which_day"),
        ("June", "which_day"),
        ("06/14/2027", "day_first"),
        ("31 June 2027", "no_such_day"),
        ("32/01/2027", "no_such_day"),
        ("0/0", "no_such_day"),
        ("29 Feb 2027", "no_such_day"),
        ("2027-13-01", "no_such_day"),
        ("Tue 14 June 2027", "weekday"),
        ("14 March 2027", "past"),
        ("14/06/2026", "past"),
        ("16/03/2030", "far"),
        ("in 9999 years", "far"),
        ("in 4 years", "far"),
    ],
)
def test_problems_say_what_would_be_right(text: str, name: str) -> None:
    problem = read_date(text, TODAY)
    assert isinstance(problem, Problem)
    assert problem.key == f"date.problem.{name}"
    assert say(problem.key, **problem.values)


def test_leap_day() -> None:
    assert read_date("in 12 months", date(2028, 2, 29)) == date(2029, 2, 28)
    assert years_after(date(2028, 2, 29), 3) == date(2031, 2, 28)


@given(st.dates(TODAY, years_after(TODAY, 3)))
def test_what_we_say_reads_back(day: date) -> None:
    for text in (spoken(day), day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%a} {spoken(day)}"):
        assert read_date(text, TODAY) == day
    if day < years_after(TODAY, 1):
        assert read_date(f"{day.day} {day:%b}", TODAY) == day


@given(st.text(alphabet="0123456789 /-.inwekdaysjunmoth", max_size=20) | st.text(max_size=20), st.dates())
def test_never_fails(text: str, today: date) -> None:
    read = read_date(text, today)
    assert isinstance(read, date) or say(read.key, **read.values)
