"""The views that a series of photos should show, from `prompts/photo_series/*.toml`, validated when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import BaseModel, ConfigDict, Field

RECORDS = "records"


class ViewsError(Exception):
    """A series is faulty; the text names the file and what would be right."""


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str = Field(min_length=1, max_length=30)


class _Series(BaseModel):
    model_config = ConfigDict(extra="forbid")
    source: str = Field(min_length=1)
    view: list[_View] = Field(min_length=2, max_length=12)


@cache
def load(series: str = RECORDS) -> Mapping[str, str]:
    """A series' views in order: id to what people call it."""
    return read(files("prompts") / "photo_series" / f"{series}.toml")


def read(file: Traversable) -> Mapping[str, str]:
    """A file's views; ViewsError if it is faulty."""
    try:
        series = _Series.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ViewsError(f"{file.name}: {' '.join(str(error).split())}") from None
    views = {view.id: view.label for view in series.view}
    if len(views) != len(series.view):
        raise ViewsError(f"{file.name}: a view is there twice")
    return views
