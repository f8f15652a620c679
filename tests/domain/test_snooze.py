"""Until when: an hour, tonight, tomorrow, a weekday or a date; a line that helps for anything else."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.problems import Problem
from bot.domain.snooze import day_of, in_reach, on_day, read_snooze
from prompts.wording import say

TODAY = date(2027, 3, 17)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1 h", "hour"),
        ("1h", "hour"),
        ("in an hour", "hour"),
        ("Hour", "hour"),
        ("tonight", "tonight"),
        ("until this evening", "tonight"),
        ("Tomorrow.", "tomorrow"),
        ("Monday", "day:2027-03-22"),
        ("on fri", "day:2027-03-19"),
        ("wednesday", "day:2027-03-24"),
        ("14 June", "day:2027-06-14"),
        ("till 14/06/2027", "day:2027-06-14"),
        ("in 2 weeks", "day:2027-03-31"),
        ("Mon 22 March", "day:2027-03-22"),
    ],
)
def test_understood(text: str, what: str) -> None:
    assert read_snooze(text, TODAY) == what


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("whenever", "snooze.problem.unreadable"),
        ("2 h", "snooze.problem.unreadable"),
        ("today", "snooze.problem.today"),
        ("17 March 2027", "snooze.problem.today"),
        ("16 March 2027", "date.problem.past"),
        ("in 5 months", "snooze.problem.far"),
        ("06/14", "date.problem.day_first"),
        ("30 Feb", "date.problem.no_such_day"),
        ("Tue 22 March", "date.problem.weekday"),
    ],
)
def test_what_would_be_right_is_said(text: str, key: str) -> None:
    found = read_snooze(text, TODAY)
    assert isinstance(found, Problem)
    assert found.key == key
    assert say(found.key, **found.values)


def test_a_day_there_and_back() -> None:
    assert day_of(on_day(date(2028, 2, 29))) == date(2028, 2, 29)
    assert day_of("tomorrow") is None
    assert in_reach(date(2027, 7, 15), TODAY) is None
    assert in_reach(date(2027, 7, 16), TODAY) is not None
