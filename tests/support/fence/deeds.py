"""How a machine is told what can happen: deeds with weights, what befalls a send, and how one of several is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.domain.errors import NotSent, Reason, Refused
from tests.support.platforms import BUSY, Killed

T = TypeVar("T")
ANY = st.integers(0, 1 << 16)
FATES: tuple[Any, ...] = (
    "lost reply",
    "killed after",
    Killed(),
    NotSent("refused"),
    BUSY,
    Refused(Reason.BAD_CONTENT),
    Refused(Reason.ROOM_GONE),
    Refused(Reason.BLOCKED),
    ValueError("ours"),
)


@dataclass(frozen=True)
class Deed:
    """Something that can happen: how often, when at all, and with what."""

    theme: str
    weight: int
    when: Callable[[Any], bool]
    params: SearchStrategy[dict[str, Any]]


def deed(theme: str, weight: int, *, when: Callable[[Any], object] = bool, **params: SearchStrategy[Any]) -> Any:
    """Mark a method as a deed."""

    def mark(method: Any) -> Any:
        method.deed = Deed(theme, weight, lambda self: bool(when(self)), st.fixed_dictionaries(params))
        return method

    return mark


def pick(rows: Sequence[T], n: int) -> T:
    """One of them, the newest for 0."""
    return rows[-1 - n % len(rows)]


def vars_of(machine: type) -> dict[str, Any]:
    """The methods of a machine and its bases, in a fixed order."""
    return {name: value for base in reversed(machine.__mro__) for name, value in vars(base).items()}
