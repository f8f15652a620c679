"""How the people of the simulation behave, from `prompts/simulation.toml`, validated when it is read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Size(_Part):
    """How many there are of everything."""

    dentist_cases: int = Field(ge=1)
    specialist_cases: int = Field(ge=1)
    dentists_a_practice: int = Field(ge=1)
    opened_within_weeks: int = Field(ge=1)
    full_dentist: int = Field(ge=1)
    full_specialist: int = Field(ge=1)


class Dentist(_Part):
    """A dentist: rates between 0 and 1, or a week."""

    questions_a_week: float = Field(ge=0)
    red_flags: float = Field(ge=0, le=1)
    not_seating: float = Field(ge=0, le=1)
    thanks: float = Field(ge=0, le=1)
    answers_check_in: float = Field(ge=0, le=1)
    good_answer: float = Field(ge=0, le=1)
    records_days: tuple[int, int]
    approves_plan: float = Field(ge=0, le=1)
    tells_patient: float = Field(ge=0, le=1)
    asks_cover: float = Field(ge=0, le=1)
    slips_a_week: float = Field(ge=0)
    slip_days: int = Field(ge=1)
    late_records: float = Field(ge=0, le=1)


class Specialist(_Part):
    """A specialist."""

    accepts: float = Field(ge=0, le=1)
    releases_warning: float = Field(ge=0, le=1)
    answer_minutes: tuple[int, int]
    ignores: float = Field(ge=0, le=1)
    heeds_reminder: float = Field(ge=0, le=1)
    plan_days: tuple[int, int]
    forgets_plan: float = Field(ge=0, le=1)
    sees_urgent: float = Field(ge=0, le=1)
    takes_cover: float = Field(ge=0, le=1)
    leave_days: int = Field(ge=0)


class Plan(_Part):
    """A patient and their treatment: aligners an arch, from and to; days each, and what else is drawn from."""

    aligners: tuple[int, int]
    days: tuple[int, ...] = Field(min_length=1)
    refined: float = Field(ge=0, le=1)
    dated: float = Field(ge=0, le=1)
    date_weeks: tuple[int, int]
    known: float = Field(ge=0, le=1)
    overbite: tuple[int, int]
    history: tuple[str, ...] = Field(min_length=1)
    movements: tuple[str, ...] = Field(min_length=1)
    ipr: float = Field(ge=0, le=1)


class Limits(_Part):
    """What must not be passed."""

    dentist_p95: int
    specialist_p95: int
    pages_a_week: int


class Rates(_Part):
    """All of it; `source` says where the rates come from."""

    source: dict[str, str]
    size: Size
    dentist: Dentist
    specialist: Specialist
    plan: Plan
    limits: Limits


@cache
def load() -> Rates:
    """The rates as they are kept."""
    return Rates.model_validate(tomllib.loads((files("prompts") / "simulation.toml").read_text(encoding="utf-8")))
