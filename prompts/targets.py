"""Response targets from `prompts/targets.toml`, validated once at start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.problems import Problem
from bot.domain.turns import STAGES, Owed, Stage, Target


class TargetError(Exception):
    """The targets are faulty; the text says what would be right."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    source: str = Field(min_length=1)
    targets: dict[Owed, str]
    steps: dict[Stage, float]


@dataclass(frozen=True, slots=True)
class Targets:
    """What is owed how soon, and at which part of that time who hears of it."""

    targets: Mapping[Owed, Target]
    steps: Mapping[Stage, float]
    source: str


@cache
def load() -> Targets:
    """The service's own targets."""
    return read((files("prompts") / "targets.toml").read_text(encoding="utf-8"))


def read(text: str) -> Targets:
    """Targets of a file's text; TargetError on the first fault."""
    try:
        found = _File.model_validate(tomllib.loads(text))
    except ValueError as error:
        raise TargetError(f"targets.toml: {' '.join(str(error).split())}") from None
    targets: dict[Owed, Target] = {}
    for owed in Owed:
        target = Target.parse(found.targets.get(owed, ""))
        if isinstance(target, Problem):
            raise TargetError(f'targets.toml: {owed} must read like "10 min", "4 h", "same day" or "1 day"')
        targets[owed] = target
    parts = [found.steps.get(stage, 0.0) for stage in STAGES[1:]]
    if sorted(set(parts)) != parts or parts[0] <= 0 or parts[1] != 1:
        raise TargetError("targets.toml: steps must rise, warned first, late at 1.0")
    return Targets(targets, found.steps, found.source)
