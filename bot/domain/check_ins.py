"""Check-in plans as data: what is asked of whom, how long after the case opened, and what each answer says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: `line` finishes "Check-in: …" for the other side."""

    id: str
    label: str
    line: str


@dataclass(frozen=True, slots=True)
class CheckInStep:
    """One question: `days` after the case opened, at `minute` of the local day."""

    id: str
    days: int
    minute: int
    question: str
    choices: tuple[Answer, ...]

    def choice(self, id: str) -> Answer | None:
        """The choice with this id."""
        return next((choice for choice in self.choices if choice.id == id), None)
