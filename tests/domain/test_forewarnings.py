"""Forewarning rules: each fires on what it names and on nothing else; only sources that were looked up are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.deadline import Colour
from bot.domain.forewarnings import Findings, Reported, Severity, evaluate
from bot.domain.ipr import changed_unit, read_ipr
from bot.domain.movements_text import read_movements
from bot.domain.problems import Problem
from prompts import forewarning_rules
from prompts.forewarning_rules import RulesError

RULES = forewarning_rules.load()
AMBER, RED = Severity.AMBER, Severity.RED


def found(facts: Findings) -> dict[str, Severity]:
    return {one.rule.id: one.severity for one in evaluate(RULES.values(), facts)}


def moves(text: str, **more: object) -> Findings:
    plan = read_movements(text)
    assert not plan.rest
    return Findings(movements=plan.movements, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rotation 13 9°", {}),
        ("rotation 13 10°", {"rot_canine": AMBER}),
        ("rotation 43 15°", {"rot_canine": AMBER}),
        ("rotation 43 16°", {"rot_canine": RED}),
        ("rotation 13", {"rot_canine": AMBER}),  # nobody said how much: amber, never red
        ("rotation 14 10°", {}),
        ("rotation 14 11°", {"rot_premolar": AMBER}),
        ("rotation 11 30°", {}),
        ("extrusion 11 0.4 mm", {}),
        ("extrusion 11 0.5 mm", {"extrusion": AMBER}),
        ("overbite reduction 1.5 mm", {}),
        ("overbite reduction 2 mm", {"deep_bite": AMBER}),
        ("overbite reduction 2 mm; extraction 14, 24", {"deep_bite": RED, "extraction": AMBER}),
        ("close the open bite", {"open_bite": AMBER}),
        ("torque 11 10°", {}),
        ("torque 11 12°", {"incisor_torque": AMBER}),
        ("tip 33 5°", {"lower_canine_tip": AMBER}),
        ("tip 13 5°", {}),
        ("expansion upper 1.5 mm", {}),
        ("expansion upper 2 mm", {"expansion": AMBER}),
        ("distalise 16, 26 1.5 mm", {}),
        ("distalise 16, 26 2 mm", {"distal": AMBER}),
        ("intrusion 17 1 mm", {"second_molar": AMBER}),
        ("extraction 38", {}),
    ],
)
def test_movements(text: str, expected: dict[str, Severity]) -> None:
    assert found(moves(text)) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("aligner 4: 13-12 0.4 mm per contact", {}),
        ("aligner 4: 13-12 0.5 mm per contact", {"ipr_contact": AMBER}),  # 0.25 mm per surface
        ("aligner 4: 13-12 0.6 mm per contact", {"ipr_contact": RED}),
        ("aligner 4: 13-12 0.3 mm per surface", {"ipr_contact": RED}),
        ("aligner 4: 15-14 0.6 mm per contact", {"ipr_contact": AMBER}),
        ("aligner 4: 15-14 1.1 mm per contact", {"ipr_contact": RED}),
        ("aligner 4: 13-12 0.2 mm per surface", {}),
    ],
)
def test_enamel_is_judged_by_its_unit(table: str, expected: dict[str, Severity]) -> None:
    rows = read_ipr(table)
    assert not isinstance(rows, Problem)
    assert found(Findings(ipr=rows)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Findings(colour=Colour.GREEN), {}),
        (Findings(colour=Colour.AMBER), {"deadline": AMBER}),
        (Findings(colour=Colour.RED), {"deadline": RED}),
        (Findings(aligners=25, days=14), {}),
        (Findings(aligners=26, days=14), {"aligner_count": AMBER}),
        (Findings(aligners=25, days=28), {"resorption": AMBER}),
        (Findings(history=("perio",)), {"perio": RED}),
        (Findings(history=("trauma", "medicines")), {"trauma_hx": AMBER, "meds": AMBER}),
        (Findings(history=("short_roots", "previous_ortho")), {"resorption": AMBER, "prior_ortho": AMBER}),
        (Findings(age="under_18"), {"minor": AMBER}),
        (Findings(age="age_25_34"), {}),
        (moves("rotation 11 5°", days=7), {"interval": AMBER}),
        (moves("rotation 11 5°", days=10), {}),
        (Findings(hours=Reported(0, 20, "under 20")), {"wear": AMBER}),
        (Findings(hours=Reported(20, 20, "20")), {}),
        (Findings(hours=Reported(18, 22, "18 to 22")), {}),  # it may be enough
        (Findings(ipr_done=Reported(0, 0.8, "under 80%")), {"ipr_shortfall": AMBER}),
        (Findings(hours=Reported(20, 24, "enough"), ipr_done=Reported(0.8, 1, "nearly")), {}),
        (Findings(overbite=4.9), {}),
        (Findings(overbite=5), {"deep_bite": AMBER}),
        (Findings(overbite=0), {}),
        (Findings(overbite=-0.5), {"open_bite": AMBER}),
        (moves("extraction 14, 24", overbite=5), {"deep_bite": RED, "extraction": AMBER}),
        (moves("extraction 14, 24", overbite=4), {"extraction": AMBER}),
    ],
)
def test_course_and_history(facts: Findings, expected: dict[str, Severity]) -> None:
    assert found(facts) == expected


def test_the_facts_that_set_a_rule_off_are_named() -> None:
    facts = Findings(overbite=-2, hours=Reported(0, 20, "worn under 20 hours a day"))
    because = {one.rule.id: one.because for one in evaluate(RULES.values(), facts)}
    assert because == {"open_bite": ("overbite -2 mm",), "wear": ("worn under 20 hours a day",)}


def test_only_what_was_looked_up_is_shown() -> None:
    assert RULES["perio"].shown_sources == ()
    assert RULES["perio"].sources
    assert RULES["trauma_hx"].shown_sources == ()
    assert RULES["deadline"].shown_sources == ("Kravitz, AJO-DO 2023;163(4):526-530",)
    without = {one.id for one in RULES.values() if not one.shown_sources}
    assert without == {"perio", "trauma_hx", "minor"}


def test_every_amount_of_enamel_says_what_it_is_per() -> None:
    enamel = [one for one in RULES.values() if one.enamel]
    assert enamel
    assert not any(changed_unit(one.text, one.text) for one in enamel)
    assert all("IPR" not in one.text or "mm" not in one.text for one in RULES.values() if not one.enamel)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "enamel = true\ntext = 'At most 0.5 mm here.'\n[[rule.when]]\nsurface = 0.2",
            "per contact or per surface",
        ),
        ("text = 'Some words here.'\n[[rule.when]]\nseverity = 'red'", "what sets it off"),
        ("text = 'Some words here.'\n[[rule.when]]\nmovements = ['rotation']\nabove = 5", "an amount has a unit"),
        ("text = 'Some words here.'\n[[rule.when]]\nsurface = 0.2", "enamel = true"),
        ("text = 'Some words here.'\n[[rule.when]]\nteeth = [99]", "FDI"),
        ("text = 'Some words here.'\n[[rule.when]]\nwhat = 1", "what"),
    ],
)
def test_a_faulty_rule_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "odd.toml").write_text(f"[[rule]]\nid = 'odd'\ntitle = 'Odd one'\n{text}\n")
    with pytest.raises(RulesError, match=r"odd\.toml") as error:
        forewarning_rules.read(tmp_path)
    assert fault in str(error.value)
