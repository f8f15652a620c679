"""The port to a platform that can be asked what was said in a room: reading it again after an outage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.addresses import Account, Place
from bot.domain.rules import DAY
from bot.ports.inbound import RawUpdate

LOOK_BACK = 30 * DAY
"""How far before the last look edits and deletions are still looked for (µs)."""


@dataclass(frozen=True, slots=True)
class Known:
    """One of the person's messages that we have: its native id, when it was last edited (µs), whether it is a reply.

    One that was taken back counts no more: only edits of it are looked for.
    """

    native: str
    edited_at: int = 0
    reply: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """A room to read again: everything up to `since` (µs, the platform's clock) was seen; `known` reaches further back.

    `owner` is the only person whose words count there.
    """

    place: Place
    owner: Account
    since: int
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """What a room holds that may have been missed, as updates in the order it happened.

    They carry the same keys as live ones, so what was seen counts no second time. `messages` of them come first, new
    messages with the moment each was said in `moments`; edits and deletions follow. `until` (µs) is how far was read.
    """

    updates: tuple[RawUpdate, ...]
    moments: tuple[int, ...]
    until: int
    whole: bool = True
    """False: there was more than can be read, and the oldest of it is missing."""


class History(Protocol):
    """A platform's rooms, read again. Paced within the platform's limits, so it may take its time."""

    def queue(self, place: Place) -> str:
        """The inbox queue of a room's live updates."""
        ...

    async def read(self, wanted: Wanted) -> Missed:
        """Read one room. Raises `NotSent` (try again later) or `Refused` (this room cannot be read)."""
        ...


async def _unheard(workspace: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Outages:
    """Who is told of outages of a workspace: `lost` when no events come any more, `back` when they come again.

    `back` names a chat where only that one may have missed something.
    """

    lost: Callable[[str], Awaitable[None]] = _unheard
    back: Callable[[str, str], None] = lambda workspace, chat: None
