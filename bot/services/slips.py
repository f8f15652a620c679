"""How far a case is behind its plan, from the rows: what moved its dates, and what was last said of the aligner worn.

Over two weeks, or a finish after the date to be ready for, is the specialist's to answer on the same day (editorial).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.check_ins import Answer, CheckInStep
from bot.domain.ids import CaseId
from bot.services import timelines
from bot.services.unit import Unit
from prompts import check_in_plans
from prompts.wording import say
from storage import cases, checkins, courses

Row = dict[str, Any]
MOST = 14
"""Days behind the plan beyond which the specialist is asked."""


@dataclass(frozen=True, slots=True)
class Slip:
    """Days behind the plan's own dates, and by how many the finish is after the date to be ready for."""

    days: int = 0
    past_event: int = 0

    @property
    def matters(self) -> bool:
        """Whether the specialist is to hear of it on the same day."""
        return self.days > MOST or self.past_event > 0

    @property
    def words(self) -> str:
        """What the dates show: "by the dates, 21 days behind the plan"; empty if it does not matter."""
        parts = []
        if self.days > MOST:
            parts.append(say("slip.behind", days=self.days))
        if self.past_event > 0:
            parts.append(say("slip.past_event", days=self.past_event))
        return "; ".join(parts)


def of(unit: Unit, case_id: CaseId) -> Slip:
    """Where a case stands now; nothing without a timeline."""
    case = cases.get(unit.tx, case_id)
    now, planned = timelines.current(unit, case_id), timelines.as_planned(unit, case_id)
    if case is None or now is None or planned is None:
        return Slip()
    course = timelines.of_case(unit, case)
    assert course is not None
    behind = _aligners_behind(unit, case_id) * course.days
    moved = (now.predicted_finish - planned.predicted_finish).days
    past = 0 if now.event_on is None else (now.predicted_finish - now.event_on).days + behind
    return Slip(max(moved + behind, 0), max(past, 0))


def beside(unit: Unit, row: Row, step: CheckInStep, chosen: Sequence[Answer]) -> Slip:
    """What the dates show beside a check-in's answers; of a visit only where the patient is said to be behind."""
    said = [choice.behind for choice in chosen if choice.behind is not None]
    asks = any(choice.behind is not None for question in step.questions for choice in question.choices)
    if not step.measures or (asks and max(said, default=0) <= 0):
        return Slip()
    return of(unit, CaseId(row["case_id"]))


def _aligners_behind(unit: Unit, case_id: CaseId) -> int:
    """What the newest check-in that says so says, unless dates were moved since: by that it is told already."""
    plans = check_in_plans.load()
    moved = max((int(row["made_at"]) for row in courses.changes(unit.tx, case_id)), default=0)
    for row in reversed(checkins.of_case(unit.tx, case_id)):
        step = plans.get(row["step"])
        if step is None or row["asked_at"] is None:
            continue
        for one in checkins.answers(unit.tx, row["id"]):
            question = step.question(one["question"])
            choice = None if question is None else question.choice(one["choice"])
            if choice is not None and choice.behind is not None:
                return choice.behind if int(one["answered_at"]) >= moved else 0
    return 0
