"""What refinements need, from `prompts/refinements.toml`, validated once at start."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field


class RefinementError(Exception):
    """The file is faulty; the text says what would be right."""


class Reason(BaseModel):
    """Why a refinement is asked for: a code, and its button."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str = Field(min_length=1, max_length=60)


class Record(BaseModel):
    """Something to send: so many files whose type begins with one of `types`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str = Field(min_length=1, max_length=80)
    types: tuple[str, ...] = Field(min_length=1)
    count: int = Field(ge=1, le=20)


class Refinements(BaseModel):
    """All of it. `average` is shown only with a source that was looked up."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lead_days: int = Field(ge=1, le=180)
    average: float = Field(gt=0)
    source: str = Field(min_length=1)
    checked: bool
    reason: tuple[Reason, ...] = Field(min_length=2, max_length=8)
    record: tuple[Record, ...] = Field(min_length=1)

    def label_of(self, reason: str) -> str:
        """A reason's words; the code itself if it is not in use any more."""
        return next((one.label for one in self.reason if one.id == reason), reason)


@cache
def load() -> Refinements:
    """The service's own."""
    return read((files("prompts") / "refinements.toml").read_text(encoding="utf-8"))


def read(text: str) -> Refinements:
    """A file's text; RefinementError on the first fault."""
    try:
        found = Refinements.model_validate(tomllib.loads(text))
    except ValueError as error:
        raise RefinementError(f"refinements.toml: {' '.join(str(error).split())}") from None
    for ids in ([one.id for one in found.reason], [one.id for one in found.record]):
        if len(set(ids)) != len(ids):
            raise RefinementError("refinements.toml: an id is there twice")
    return found
