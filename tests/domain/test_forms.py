import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.form_checks import Shown, check, check_all, clean, shown
from bot.domain.forms import NONE, Accepted, Answer, Context, Doubtful, Field, Kind, Raw
from bot.domain.intake import INTAKE
from bot.domain.plans import PLAN
from bot.domain.problems import Problem
from prompts.wording import say

TODAY = date(2027, 3, 15)
CTX = Context(TODAY)


def answer(name: str, raw: Raw) -> object:
    result = check(INTAKE.field(name), raw, CTX)
    return result.value if isinstance(result, Accepted) else result


def problem(name: str, raw: Raw) -> str:
    result = check(INTAKE.field(name), raw, CTX)
    assert isinstance(result, Problem)
    assert say(result.key, **result.values)
    return result.key


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("pseudonym", " AB ", "AB"),
        ("pseudonym", "RD-1042", "RD-1042"),
        ("complaint", "I want the gaps\r\n\r\n\r\n\r\nclosed  ", "I want the gaps\n\nclosed"),
        ("event_date", "14 June 2027", "2027-06-14"),
        ("event_date", "No event", NONE),
        ("event_date", "none", NONE),
        ("event_what", "Her wedding\nin June", "Her wedding in June"),
        ("event_what", "don’t know yet", None),
        ("consent", "yes", True),
        ("consent", "I agree.", True),
        ("urgency", "soon", "soon"),
        ("urgency", "Urgent", "urgent"),
        ("urgency", "", None),
        ("age_band", "Under 18", "under_18"),
        ("teeth", "UL2, 3-1⏌", [13, 12, 11, 22]),
        ("teeth", "not sure", None),
        ("aligners", "20", {"upper": 20, "lower": 20}),
        ("aligners", "20 per arch", {"upper": 20, "lower": 20}),
        ("aligners", "20/18", {"upper": 20, "lower": 18}),
        ("aligners", "20 and 18", {"upper": 20, "lower": 18}),
        ("aligners", "upper 20, lower 18", {"upper": 20, "lower": 18}),
        ("aligners", "L18 U20", {"upper": 20, "lower": 18}),
        ("aligners", "20 upper / 18 lower aligners", {"upper": 20, "lower": 18}),
        ("aligners", "Upper: 20", {"upper": 20, "lower": 0}),
        ("days_per_aligner", "10", 10),
        ("days_per_aligner", "10 days", 10),
        ("days_per_aligner", "2 weeks", 14),
        ("days_per_aligner", "weekly", 7),
        ("overbite", "5", 5.0),
        ("overbite", "4,5 mm", 4.5),
        ("overbite", "−2mm", -2.0),
        ("overbite", "minus 1.5 mm.", -1.5),
        ("overbite", "don't know", None),
        ("history", ("trauma", "perio"), ["perio", "trauma"]),
        ("history", "perio, short roots", ["perio", "short_roots"]),
        ("history", (NONE,), [NONE]),
        ("history", (), None),
        ("system", "in-house", "in_house"),
    ],
)
def test_accepted(name: str, raw: Raw, value: Answer) -> None:
    assert answer(name, raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "key"),
    [
        ("pseudonym", "", "form.problem.required"),
        ("pseudonym", "?", "form.problem.too_short"),
        ("pseudonym", "\u200b\u202e", "form.problem.required"),
        ("pseudonym", "A" * 41, "form.problem.too_long"),
        ("complaint", "x" * 1001, "form.problem.too_long"),
        ("event_date", "", "form.problem.required"),
        ("event_date", "14 March 2027", "date.problem.past"),
        ("event_date", "2031-01-01", "date.problem.far"),
        ("event_date", "don't know", "date.problem.unreadable"),
        ("consent", "", "intake.problem.consent"),
        ("consent", "no", "intake.problem.consent"),
        ("urgency", "whenever", "form.problem.choice"),
        ("teeth", "UL23", "teeth.problem.joined"),
        ("aligners", "some", "form.problem.arches"),
        ("aligners", "0", "form.problem.arches"),
        ("aligners", "100", "form.problem.arches"),
        ("aligners", "9999999999", "form.problem.arches"),
        ("aligners", "20/18/16", "form.problem.arches"),
        ("aligners", "upper 20 upper 18", "form.problem.arches"),
        ("days_per_aligner", "2", "form.problem.number"),
        ("days_per_aligner", "7-10", "form.problem.number"),
        ("days_per_aligner", "-7", "form.problem.number"),
        ("days_per_aligner", "٧", "form.problem.number"),
        ("overbite", "60%", "form.problem.measure"),
        ("overbite", "5 cm", "form.problem.measure"),
        ("overbite", "3-4", "form.problem.measure"),
        ("overbite", "40", "form.problem.measure"),
        ("history", (NONE, "perio"), "form.problem.none_or_some"),
        ("history", ("asthma",), "form.problem.choice"),
    ],
)
def test_problems_say_what_would_be_right(name: str, raw: Raw, key: str) -> None:
    assert problem(name, raw) == key


def test_movements_keep_what_is_not_understood() -> None:
    one = INTAKE.field("movements")
    result = check(one, "13 rotation 20 deg; see the plan", CTX)
    assert isinstance(result, Accepted)
    assert shown(INTAKE, one, result.value) == Shown("rotation UR3 (13), 20°", kept=("see the plan",))


@pytest.mark.parametrize("text", ["Jane Smith", "943 476 5919", "01/02/1990", "jane@example.org", "07700 900123"])
def test_a_caution_is_overridden_by_confirming_that_very_answer(text: str) -> None:
    one = INTAKE.field("pseudonym")
    result = check(one, text, CTX)
    assert isinstance(result, Doubtful)
    assert say(result.caution.key, **result.caution.values)
    confirmed = Context(TODAY, {"pseudonym": result.value})
    assert check(one, text, confirmed) == Accepted(text)
    assert isinstance(check(one, "Janet Smith", confirmed), Doubtful)


@pytest.mark.parametrize("text", ["RD/2027/014", "1234567890", "AB 1042", "0042"])
def test_practice_references_raise_no_caution(text: str) -> None:
    assert answer("pseudonym", text) == text


def test_four_answers_are_enough() -> None:
    required = {one.name for one in INTAKE.fields if one.required}
    assert required == {"pseudonym", "complaint", "event_date", "consent"}
    raw = {"pseudonym": "AB", "complaint": "Close my gaps", "event_date": "none", "consent": "yes"}
    sheet = check_all(INTAKE, raw, CTX)
    assert not sheet.problems
    assert not sheet.cautions
    assert INTAKE.missing(sheet.answers) == ()
    assert "event_what" not in sheet.answers
    assert sheet.answers["teeth"] is None


def test_a_page_reports_everything_at_once() -> None:
    sheet = check_all(INTAKE, {"pseudonym": "Jane Smith", "event_date": "soon", "teeth": "canine"}, CTX)
    assert set(sheet.problems) == {"complaint", "event_date", "consent", "teeth"}
    assert set(sheet.cautions) == {"pseudonym"}


def test_one_question_at_a_time() -> None:
    answers: dict[str, Answer] = {}
    asked = []
    while left := INTAKE.to_ask(answers):
        asked.append(left[0].name)
        answers[left[0].name] = NONE if left[0].name == "event_date" else None
    assert asked == [one.name for one in INTAKE.fields if one.name != "event_what"]
    assert [one.name for one in INTAKE.missing(answers)] == ["pseudonym", "complaint", "consent"]
    assert "event_what" in [one.name for one in INTAKE.to_ask({"event_date": "2027-06-14"})]


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("pseudonym", "AB", Shown("AB")),
        ("event_date", "2027-06-14", Shown("14 June 2027")),
        ("event_date", NONE, Shown(keys=("form.none",))),
        ("teeth", [22], Shown("UL2 (22)")),
        ("teeth", None, Shown(keys=("form.not_known",))),
        ("aligners", {"upper": 20, "lower": 18}, Shown("20 / 18")),
        ("days_per_aligner", 10, Shown("10")),
        ("overbite", -1.5, Shown("-1.5 mm")),
        ("consent", True, Shown(keys=("form.ticked",))),
        ("urgency", "soon", Shown(keys=("intake.option.urgency.soon",))),
        ("history", ["perio"], Shown(keys=("intake.option.history.perio",))),
    ],
)
def test_shown(name: str, value: Answer, what: Shown) -> None:
    assert shown(INTAKE, INTAKE.field(name), value) == what
    for key in what.keys:
        assert say(key)


def test_unknown_field() -> None:
    with pytest.raises(KeyError):
        INTAKE.field("nothing")


@given(st.sampled_from(INTAKE.fields), st.text(max_size=60) | st.lists(st.text(max_size=9), max_size=3).map(tuple))
def test_never_fails_and_keeps_json(one: Field, raw: Raw) -> None:
    result = check(one, raw, CTX)
    if isinstance(result, Problem):
        assert say(result.key, **result.values)
        return
    assert json.loads(json.dumps(result.value)) == result.value
    shown(INTAKE, one, result.value)
    assert not (one.required and result.value is None)


@given(st.text())
def test_clean_is_stable(text: str) -> None:
    for lines in (True, False):
        once = clean(text, lines=lines)
        assert clean(once, lines=lines) == once
        assert "\x00" not in once


def test_every_kind_is_used_by_a_form() -> None:
    assert {one.kind for form in (INTAKE, PLAN) for one in form.fields} == set(Kind)
