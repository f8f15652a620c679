"""The people as a roster file lists them: by handle, before they have ids of ours."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.addresses import Account
from bot.domain.people import Role

USUAL_CAPACITY = 25
"""Open cases of a specialist whose capacity is not given."""


@dataclass(frozen=True, slots=True)
class RosterPractice:
    """A practice by its name, which is how the file refers to it."""

    name: str
    timezone: str
    country: str = "GB"
    region: str = ""
    targets: str = ""
    """Its own response targets, as `turns.read_targets` reads them."""


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A person by handle (`id` in the file). `accounts` has the preferred one first; `hours` reads as `parse` does."""

    handle: str
    name: str
    role: Role
    timezone: str
    practice: str = ""
    accounts: tuple[Account, ...] = ()
    prefers: str = ""
    capacity: int = 0
    expertise: tuple[str, ...] = ()
    hours: str = ""
    gdc: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, checked: names and handles are unique, and whatever is referred to is there."""

    practices: tuple[RosterPractice, ...]
    people: tuple[RosterPerson, ...]
