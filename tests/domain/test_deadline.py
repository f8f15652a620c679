"""The deadline rule: green, amber and red, and what would make a red date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.deadline import (
    Colour,
    allowance,
    earliest,
    judge,
    ways_out,
    without_plan,
    working_day,
    working_days_after,
)

TODAY = date(2027, 3, 1)


def in_days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.mark.parametrize(
    ("lead", "aligners", "days", "event", "colour"),
    [
        # ten weeks of aligners: red inside 18 weeks, amber inside 36, green beyond
        (28, 10, 7, 18 * 7 - 1, Colour.RED),
        (28, 10, 7, 18 * 7, Colour.AMBER),
        (28, 10, 7, 36 * 7, Colour.AMBER),
        (28, 10, 7, 36 * 7 + 1, Colour.GREEN),
        # the wedding: fit after two weeks, ten weeks of aligners, thirteen weeks to go
        (14, 10, 7, 91, Colour.RED),
        (28, 10, 7, 91, Colour.RED),
        # long courses: the usual refinement is longer than the mean overrun
        (28, 40, 14, 28 + 560 + 27, Colour.RED),
        (28, 40, 14, 28 + 560 + 28, Colour.AMBER),
        (28, 40, 14, 28 + 560 + 28 + 448 - 1, Colour.AMBER),
        (28, 40, 14, 28 + 560 + 28 + 448, Colour.GREEN),
        # a date that has passed
        (28, 10, 7, -1, Colour.RED),
    ],
)
def test_the_rule(lead: int, aligners: int, days: int, event: int, colour: Colour) -> None:
    judged = judge(TODAY, lead, aligners, days, in_days(event))
    assert judged.colour is colour
    assert judged.finish == in_days(lead + aligners * days)


def test_the_steps_of_the_wedding() -> None:
    judged = judge(TODAY, 14, 10, 7, in_days(91))
    assert (judged.finish, judged.red_before, judged.amber_before) == (in_days(84), in_days(98), in_days(84 + 155))
    assert allowance(14, 70) == 155
    assert allowance(28, 560) == 28 + 448


def test_what_would_make_it() -> None:
    judged = judge(TODAY, 14, 10, 7, in_days(91))
    ways = ways_out(judged, in_days(14), 7, TODAY)
    assert (ways.aligners, ways.fit_by, ways.event_from) == (9, in_days(7), in_days(98))
    # each of them is just enough
    assert judge(TODAY, 14, 9, 7, in_days(91)).colour is Colour.AMBER
    assert judge(TODAY - timedelta(days=7), 14, 10, 7, in_days(91)).colour is Colour.AMBER
    assert judge(TODAY, 14, 10, 7, in_days(98)).colour is Colour.AMBER


def test_aligners_that_are_worn_or_held_longer_count_against_fewer() -> None:
    judged = judge(TODAY, 14, 10, 7, in_days(91))
    assert ways_out(judged, in_days(14), 7, TODAY, held=21).aligners == 6
    worn_eight = in_days(14 + 7 * 7)  # the eighth has begun
    assert ways_out(judged, in_days(14), 7, worn_eight).aligners == 9
    assert ways_out(judged, in_days(14), 7, worn_eight, held=21).aligners == 6
    assert ways_out(judged, in_days(14), 7, in_days(14 + 9 * 7)).aligners is None


def test_nothing_makes_a_date_that_is_too_near() -> None:
    ways = ways_out(judge(TODAY, 28, 10, 7, in_days(30)), in_days(28), 7, TODAY)
    assert ways.aligners is None
    assert ways.fit_by is None


def test_before_any_plan_only_what_is_certain_is_said() -> None:
    today = date(2027, 3, 15)
    assert earliest(today) == today + timedelta(days=56)
    assert without_plan(today, today + timedelta(days=56)) is Colour.RED
    assert without_plan(today, today + timedelta(days=57)) is None


def test_working_days() -> None:
    friday, monday, tuesday = date(2027, 4, 30), date(2027, 5, 3), date(2027, 5, 4)
    assert working_day(friday, ()) == friday
    assert working_day(date(2027, 5, 1), {monday}) == tuesday
    assert working_days_after(friday, 1, {monday}) == tuesday
