"""Check-in plans are whole, and a fault in one says where it is and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.check_ins import Level
from bot.domain.timeline import MilestoneKind
from prompts import check_in_plans
from prompts.check_in_plans import PlanError

STEP = """
[[step]]
id = "one"
name = "one"
anchor = "{anchor}"
{more}
[[step.question]]
id = "q"
text = "How is it?"
brief = "It"
choice = [
  {{id = "well", label = "Well", line = "well"}},
  {{id = "bad", label = "Bad", line = "bad"{choice}}},
]
"""


def fault(folder: Path, more: str = "", choice: str = "", *, anchor: str = "review", twice: bool = False) -> str:
    text = STEP.format(anchor=anchor, more=more, choice=choice)
    (folder / "plan.toml").write_text(text * (2 if twice else 1))
    with pytest.raises(PlanError) as caught:
        check_in_plans.read(folder)
    return str(caught.value)


def test_a_plain_plan_is_read(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(STEP.format(anchor="review", more="", choice=""))
    assert list(check_in_plans.read(tmp_path)) == ["one"]


def test_a_fault_says_where_it_is_and_what_would_be_right(tmp_path: Path) -> None:
    assert "anchor 'fitting' is none of aligner_change, attachment" in fault(tmp_path, anchor="fitting")
    assert "give one of days, working_days and aligners" in fault(tmp_path, "days = 3\nworking_days = 2")
    assert "without_plan needs the anchor 'opened'" in fault(tmp_path, "without_plan = true")
    assert "leads to 'nowhere', which is no script" in fault(tmp_path, choice=', then = "nowhere"')
    assert "leads to 'one', which is no script" in fault(tmp_path, choice=', then = "one"')
    assert "so its level is same_day" in fault(tmp_path, choice=", red_with_event = true")
    assert "bad of q reports from 20 to 3" in fault(tmp_path, choice=", hours = [20, 3]")
    assert "one: it is there twice" in fault(tmp_path, twice=True)
    assert fault(tmp_path, "aligners = 4").startswith("plan.toml: step.0.aligners:")
    assert "step.0.question.0.choice.1.level" in fault(tmp_path, choice=', level = "loud"')


def test_the_plans_cover_the_months_of_a_case() -> None:
    steps = check_in_plans.planned()
    anchors = {step.anchor for step in steps}
    wanted = set(MilestoneKind) - {MilestoneKind.RECORDS, MilestoneKind.ALIGNER_CHANGE}
    assert {kind.value for kind in wanted} | {"opened"} <= anchors
    assert {step.who for step in steps} == {"dentist", "specialist"}
    ticks = {choice.id: choice.level for choice in check_in_plans.load()["review"].questions[-1].choices}
    assert all(ticks[one] is Level.PAGE for one in ("pain", "mobility", "trauma", "medicine"))
    assert all(len(step.questions) <= 5 for step in steps)
