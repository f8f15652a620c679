"""Whose turn: targets in somebody's own hours, thanks that ask nothing, and an aligner that does not seat."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import WorkingHours
from bot.domain.people import Absence
from bot.domain.problems import Problem
from bot.domain.turns import Owed, Target, is_courtesy, read_targets, says_not_seating

LONDON = ZoneInfo("Europe/London")
OFFICE = WorkingHours.parse("Mon-Fri 09:00-17:30")
assert isinstance(OFFICE, WorkingHours)
GOOD_FRIDAY = date(2027, 3, 26)


def at(words: str) -> int:
    return round(datetime.fromisoformat(words).replace(tzinfo=LONDON).timestamp() * 1_000_000)


def due(target: str, since: str, absences: tuple[Absence, ...] = (), holidays: tuple[date, ...] = ()) -> str:
    parsed = Target.parse(target)
    assert isinstance(parsed, Target)
    assert isinstance(OFFICE, WorkingHours)
    moment = parsed.due(at(since), OFFICE, LONDON, absences, holidays)
    assert moment is not None
    return datetime.fromtimestamp(moment / 1_000_000, LONDON).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("target", "since", "expected"),
    [
        ("10 min", "2027-03-15 10:00", "2027-03-15T10:10"),
        ("10 min", "2027-03-15 17:25", "2027-03-16T09:05"),
        ("10 min", "2027-03-19 22:00", "2027-03-22T09:10"),
        ("same day", "2027-03-15 10:00", "2027-03-15T17:30"),
        ("same day", "2027-03-15 16:00", "2027-03-16T17:30"),  # too little of Monday is left
        ("same day", "2027-03-20 12:00", "2027-03-22T17:30"),
        ("1 day", "2027-03-15 16:00", "2027-03-16T16:00"),
        ("1 day", "2027-03-19 16:00", "2027-03-22T16:00"),
        ("2 working days", "2027-03-15 09:00", "2027-03-16T17:30"),
        ("4 h", "2027-03-15 15:30", "2027-03-16T11:00"),
    ],
)
def test_a_target_runs_in_working_time(target: str, since: str, expected: str) -> None:
    assert due(target, since) == expected


def test_leave_and_bank_holidays_do_not_count() -> None:
    away = Absence(at("2027-03-22 00:00"), at("2027-03-24 00:00"))
    assert due("1 day", "2027-03-19 16:00", (away,)) == "2027-03-24T16:00"
    assert due("1 day", "2027-03-25 16:00", (), (GOOD_FRIDAY, date(2027, 3, 29))) == "2027-03-30T16:00"


def test_somebody_who_never_works_owes_nothing_by_any_moment() -> None:
    never = WorkingHours(((),) * 7)
    for text in ("10 min", "same day", "1 day"):
        target = Target.parse(text)
        assert isinstance(target, Target)
        assert text == "1 day" or target.due(0, never, LONDON) is None


def test_always_open_the_same_day_ends_at_midnight() -> None:
    always = WorkingHours.parse("24/7")
    assert isinstance(always, WorkingHours)
    assert Target().due(at("2027-03-15 10:00"), always, LONDON) == at("2027-03-16 00:00")


@pytest.mark.parametrize("text", ["", "soon", "0 days", "-1 day", "1 fortnight", "10", "day"])
def test_no_target(text: str) -> None:
    assert isinstance(Target.parse(text), Problem)


@pytest.mark.parametrize("text", ["10 min", "4 h", "same day", "1 day", "2 days"])
def test_a_target_reads_back(text: str) -> None:
    assert str(Target.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Thanks",
        "thank you so much!",
        "Ok",
        "ok great, thanks Dr Johal",
        "👍",
        "Noted.",
        "Will do, thanks, see you Monday",
    ],
)
def test_thanks_ask_nothing(text: str) -> None:
    assert is_courtesy(text, ["Dr Amar Johal"])


@pytest.mark.parametrize(
    "text",
    [
        "Ok?",
        "thanks, and UL2?",
        "ok it still hurts",
        "Yes",
        "no",
        "thanks, 14 days then",
        "",
        "Johal",
        "Fine by me",
        "Thanks, let me know",
    ],
)
def test_what_says_more_is_more_than_thanks(text: str) -> None:
    assert not is_courtesy(text, ["Dr Amar Johal"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aligner 6 will not seat fully", True),
        ("it doesn't seat on UL2", True),
        ("The tray isn’t seating", True),
        ("UL2 is not tracking", True),
        ("there is a gap at the incisal edge", True),
        ("Aligner 7 pops off at UL2", True),
        ("Aligner 7 won't go on", True),
        ("there's a 2 mm gap at UR2", True),
        ("Aligner 6 is not fully down", True),
        ("It is lifting off the incisors", True),
        ("Aligner 5 is seating fine, not a problem", False),
        ("It's not a problem, she is seated", False),
        ("The Tuesday appointment doesn't fit", False),
        ("Not tracking down the parcel", False),
        ("She wants the gaps between her teeth closed", False),
        ("It seats well", False),
        ("Please take a seat", False),
    ],
)
def test_not_seating_is_heard(text: str, expected: bool) -> None:
    assert says_not_seating(text) is expected


def test_a_practice_gives_targets_of_its_own() -> None:
    assert read_targets("question 4 h, not_seating same day") == {
        Owed.QUESTION: Target.parse("4 h"),
        Owed.NOT_SEATING: Target(),
    }
    assert read_targets("") == {}
    for wrong in ("question", "question soon", "answers 4 h", "question 4 h; plan_review 1 day"):
        assert isinstance(read_targets(wrong), Problem)
