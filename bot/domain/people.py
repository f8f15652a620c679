"""What a person is in Chairside, and when they are away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import AbsenceId, PersonId


class Role(StrEnum):
    """What a person is in Chairside; one each."""

    DENTIST = "dentist"
    SPECIALIST = "specialist"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Absence:
    """Leave from `starts_at` (in) to `ends_at` (out), µs; `cover_id` answers meanwhile."""

    starts_at: int
    ends_at: int
    cover_id: PersonId | None = None
    id: AbsenceId | None = None

    def covers(self, at: int) -> bool:
        """Whether the moment (µs) lies in it."""
        return self.starts_at <= at < self.ends_at
