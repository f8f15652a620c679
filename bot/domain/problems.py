"""What is wrong with something a person entered: a wording key and its values, never words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

Filling = str | int | float | Sequence[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Cannot be taken as it is. `prompts.wording.say(key, **values)` says what would be right."""

    key: str
    values: Mapping[str, Filling]

    @classmethod
    def of(cls, key: str, /, **values: Filling) -> Self:
        """Made as `say` is called: `of("date.problem.past", day="14 June")`."""
        return cls(key, MappingProxyType(values))


@dataclass(frozen=True, slots=True)
class Caution:
    """Can be taken, once the person has confirmed it."""

    key: str
    values: Mapping[str, Filling]

    @classmethod
    def of(cls, key: str, /, **values: Filling) -> Self:
        """Made as `say` is called."""
        return cls(key, MappingProxyType(values))


def clip(text: str, limit: int = 40) -> str:
    """A person's own words on one line, short enough to quote back at them."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
