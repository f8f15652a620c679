"""The plan form and what a version of the plan says. Six fields, a pasted IPR table, a link or the number of a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.forms import NONE, Field, Form, Kind
from bot.domain.ipr import IprRow, rows_from_json
from bot.domain.movements import Movement, plan_from_json

PLAN = Form(
    "plan",
    (
        Field("aligners", Kind.ARCHES, required=True, high=99),
        Field("days_per_aligner", Kind.NUMBER, required=True, low=3, high=42, unit="day"),
        Field("fit_date", Kind.DATE, high=60, none_allowed=True),
        Field("attachments", Kind.STAGES, high=200),
        Field("review_weeks", Kind.NUMBER, low=2, high=12, unit="week"),
        Field("movements", Kind.MOVEMENTS, high=1500),
        Field("ipr", Kind.IPR, high=3000),
        Field("document", Kind.TEXT, low=1, high=300),
    ),
)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One version. `aligner_set` is the set it plans: 0 the first, 1 and on the refinements."""

    version: int
    made_on: date
    side: str
    state: str
    aligner_set: int
    upper: int
    lower: int
    days: int
    fit_on: date | None = None
    review_days: int | None = None
    attachments: tuple[int, ...] = ()
    ipr: tuple[IprRow, ...] = ()
    movements: tuple[Movement, ...] = ()
    movements_text: str = ""
    """As they were written: what was not understood is kept too."""
    unread: tuple[str, ...] = ()
    """Parts of the movements that were not understood."""
    document: str = ""

    @property
    def aligners(self) -> int:
        """Of the arch that takes longer."""
        return max(self.upper, self.lower)


def facts_of(
    answers: Mapping[str, Any], *, version: int, made_on: date, side: str, state: str, aligner_set: int
) -> PlanFacts:
    """The facts in a checked plan form."""
    fit = answers.get("fit_date")
    weeks = answers.get("review_weeks")
    moves = answers.get("movements")
    return PlanFacts(
        version=version,
        made_on=made_on,
        side=side,
        state=state,
        aligner_set=aligner_set,
        upper=int(answers["aligners"]["upper"]),
        lower=int(answers["aligners"]["lower"]),
        days=int(answers["days_per_aligner"]),
        fit_on=None if fit in (None, NONE) else date.fromisoformat(str(fit)),
        review_days=None if weeks is None else 7 * int(weeks),
        attachments=tuple(int(one) for one in answers.get("attachments") or ()),
        ipr=rows_from_json(answers.get("ipr")),
        movements=plan_from_json(moves).movements if moves else (),
        unread=plan_from_json(moves).rest if moves else (),
        movements_text=plan_from_json(moves).text if moves else "",
        document=str(answers.get("document") or ""),
    )
