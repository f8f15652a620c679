"""Who should take a new case: a pure ranking, the same whatever the order of the candidates.

Points: expertise 40, continuity with this dentist 30, room under the capacity 20, being at work soon 10 (30 if urgent).
Equal points go to whoever was assigned least recently, then by a hash of case and person that favours nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from bot.domain.ids import CaseId, PersonId
from bot.domain.rules import HOUR

EXPERTISE, CONTINUITY, ROOM, HOURS, HOURS_URGENT = 40, 30, 20, 10, 30
_SOON = 16 * HOUR
"""Opening before then means by the next working morning."""


@dataclass(frozen=True, slots=True)
class Need:
    """What the case asks for; `now` in µs."""

    case: CaseId
    wanted: frozenset[str]
    urgent: bool
    now: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A specialist as they stand at this moment. `next_open` is the next working moment (µs), None if there is none."""

    person: PersonId
    expertise: frozenset[str]
    open_load: int
    capacity: int
    next_open: int | None
    together: int = 0
    """Cases with this dentist, open or closed."""
    last_assigned_at: int = 0
    absent: bool = False
    locked: bool = False
    linked: bool = True
    """Has an account that Chairside can write to."""
    declined: bool = False
    """Declined this case, or let its offer lapse."""


class Part(StrEnum):
    """What earned the points."""

    EXPERTISE = "expertise"
    CONTINUITY = "continuity"
    ROOM = "room"
    HOURS = "hours"


class Hindrance(StrEnum):
    """Why somebody cannot be asked; the first that holds."""

    LOCKED = "locked"
    NOT_LINKED = "not_linked"
    DECLINED = "declined"
    AWAY = "away"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One specialist who may be asked, with the points and facts that put them there."""

    person: PersonId
    points: dict[Part, int]
    matched: tuple[str, ...]
    wanted: tuple[str, ...]
    together: int
    open_load: int
    capacity: int
    open_now: bool

    @property
    def total(self) -> int:
        """All points."""
        return sum(self.points.values())

    def reasons(self) -> tuple[tuple[str, dict[str, str | int | list[str]]], ...]:
        """Wording keys with their values, weightiest facts first: for the record and for the coordinator."""
        said: list[tuple[str, dict[str, str | int | list[str]]]] = []
        if self.matched:
            said.append(("matching.reason.expertise", {"matched": list(self.matched)}))
        if self.together:
            said.append(("matching.reason.continuity", {"cases": self.together}))
        said.append(("matching.reason.room", {"load": self.open_load, "capacity": self.capacity}))
        said.append(("matching.reason.open_now" if self.open_now else "matching.reason.open_later", {}))
        return tuple(said)

    def as_json(self) -> dict[str, object]:
        """For the offer's record: points by part, and the facts behind them."""
        return {
            "total": self.total,
            "points": {part.value: points for part, points in self.points.items()},
            "matched": list(self.matched),
            "wanted": list(self.wanted),
            "together": self.together,
            "open_load": self.open_load,
            "capacity": self.capacity,
            "open_now": self.open_now,
        }


def hindrance(candidate: Candidate) -> Hindrance | None:
    """Why this specialist cannot be asked, if so: for telling the coordinator."""
    if candidate.locked:
        return Hindrance.LOCKED
    if not candidate.linked:
        return Hindrance.NOT_LINKED
    if candidate.declined:
        return Hindrance.DECLINED
    if candidate.absent or candidate.next_open is None:
        return Hindrance.AWAY
    if candidate.open_load >= candidate.capacity:
        return Hindrance.FULL
    return None


def rank(need: Need, candidates: Iterable[Candidate]) -> tuple[Ranked, ...]:
    """Everybody who may be asked, best first; nobody who is locked, unreachable, away, full, or has declined."""
    able = [candidate for candidate in candidates if hindrance(candidate) is None]
    scored = [(candidate, _score(need, candidate)) for candidate in able]
    scored.sort(key=lambda pair: (-pair[1].total, pair[0].last_assigned_at, _lot(need.case, pair[0].person)))
    return tuple(ranked for _, ranked in scored)


def _score(need: Need, candidate: Candidate) -> Ranked:
    matched = need.wanted & candidate.expertise
    wait = None if candidate.next_open is None else candidate.next_open - need.now
    most = HOURS_URGENT if need.urgent else HOURS
    hours = most if wait is not None and wait <= 0 else most // 2 if wait is not None and wait <= _SOON else 0
    free = candidate.capacity - candidate.open_load
    return Ranked(
        person=candidate.person,
        points={
            Part.EXPERTISE: EXPERTISE * len(matched) // len(need.wanted) if need.wanted else 0,
            Part.CONTINUITY: CONTINUITY if candidate.together else 0,
            # In quarters: a finer measure would leave no ties, and the same person would always come last.
            Part.ROOM: ROOM * (4 * free // candidate.capacity) // 4,
            Part.HOURS: hours,
        },
        matched=tuple(sorted(matched)),
        wanted=tuple(sorted(need.wanted)),
        together=candidate.together,
        open_load=candidate.open_load,
        capacity=candidate.capacity,
        open_now=wait is not None and wait <= 0,
    )


def _lot(case: CaseId, person: PersonId) -> bytes:
    return blake2b(f"{case}:{person}".encode(), digest_size=8).digest()
