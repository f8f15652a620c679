"""Check-in plans from `prompts/check_ins/*.toml`, validated once at start."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.check_ins import Answer, CheckInStep


class PlanError(Exception):
    """A plan is faulty; the text names the file and what would be right."""


class _Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str = Field(min_length=1, max_length=60)
    line: str = Field(min_length=1)


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    days: int = Field(ge=0, le=1500)
    at: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    question: str = Field(min_length=1)
    choice: list[_Choice] = Field(min_length=2, max_length=8)


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    step: list[_Step] = Field(min_length=1)


@cache
def load() -> dict[str, CheckInStep]:
    """Every step by its id."""
    return read(files("prompts") / "check_ins")


def read(folder: Traversable) -> dict[str, CheckInStep]:
    """Every step of a folder's plans; PlanError on the first fault."""
    steps: dict[str, CheckInStep] = {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            plan = _Plan.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except ValueError as error:
            raise PlanError(f"{file.name}: {' '.join(str(error).split())}") from None
        for step in plan.step:
            if step.id in steps:
                raise PlanError(f"{file.name}: {step.id} is there twice")
            hour, minute = map(int, step.at.split(":"))
            choices = tuple(Answer(one.id, one.label, one.line) for one in step.choice)
            steps[step.id] = CheckInStep(step.id, step.days, hour * 60 + minute, step.question, choices)
    if not steps:
        raise PlanError("no check-in plan found")
    return steps
