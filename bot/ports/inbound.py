"""The port between a platform's inbound side and the durable inbox: persist, then acknowledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.events import InboundEvent
from bot.domain.outbound import Reply


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """One update as it came: `body` is the platform's own JSON.

    `keys` identify it for good (event id, channel and ts, update id); if any was seen before, the update is a repeat.
    `queue` names the source chat and topic: updates of one queue are handled one after another, in arrival order.
    """

    platform: str
    workspace: str
    keys: tuple[str, ...]
    queue: str
    body: bytes


class Inbox(Protocol):
    """Where adapters hand over what arrived."""

    async def store(self, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None = None) -> None:
        """Commit the updates in one transaction, with a poller's cursor (name, value) if given; repeats collapse.

        Raises `storage` errors if they could not be saved: then nothing may be acknowledged.
        """
        ...

    async def handle_now(self, update: RawUpdate) -> Reply | None:
        """Commit the update, handle it at once with `live` set, and return what to show while its trigger lives.

        None when there is nothing direct to show, and for a repeat. TimeoutError when handling takes longer than 2 s:
        it goes on, as if found after a restart. Raises `storage` errors if the update could not be saved.
        """
        ...

    async def cursor(self, name: str) -> str | None:
        """A poller's last committed cursor."""
        ...


class Translator(Protocol):
    """A platform's pure translation of its own JSON."""

    def translate(self, body: bytes, *, live: bool) -> InboundEvent | None:
        """The event in neutral shape, or None for what does not concern us. Never raises on odd but valid JSON."""
        ...
