"""Practices, people, and the accounts they write from. An account is an opaque id, never a user name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.addresses import Account
from bot.domain.ids import AbsenceId, AccountId, InviteId, PersonId, PracticeId


class Role(StrEnum):
    """What a person is in Chairside; one each."""

    DENTIST = "dentist"
    SPECIALIST = "specialist"
    COORDINATOR = "coordinator"


class AccountState(StrEnum):
    """How far a claim to be somebody has come."""

    CLAIMED = "claimed"  # used an invite; a coordinator has yet to confirm
    ACTIVE = "active"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Practice:
    """A dental practice: IANA time zone, ISO 3166 country and its part (for public holidays)."""

    id: PracticeId
    name: str
    timezone: str
    country: str = "GB"
    region: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the roster. `hours` as `bot.domain.hours.WorkingHours` reads it, empty for the usual."""

    id: PersonId
    handle: str
    name: str
    role: Role
    timezone: str
    practice_id: PracticeId | None = None
    hours: str = ""
    capacity: int = 0
    expertise: frozenset[str] = frozenset()
    gdc: str = ""
    cover_id: PersonId | None = None
    prefers: str = ""
    """The platform to use where there are two accounts; empty for the first one."""
    locked: bool = False
    listed: bool = True
    """False: no longer in the roster; open cases go on, no new ones come."""
    last_assigned_at: int = 0


@dataclass(frozen=True, slots=True)
class PersonAccount:
    """A person's account on one platform; `reachable` is None until the platform has said."""

    id: AccountId
    person_id: PersonId
    account: Account
    state: AccountState
    claimed_at: int
    reachable: bool | None = None
    confirmed_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """A one-use code for one person; the code itself is not kept."""

    id: InviteId
    person_id: PersonId
    created_at: int
    expires_at: int
    used_at: int | None = None

    def is_good(self, now: int) -> bool:
        """Not used, and within its life even if the clock went back a little."""
        return self.used_at is None and now < self.expires_at


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
