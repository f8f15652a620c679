"""A bot's updates: kept raw for 24 hours, given by offset as the real getUpdates does, one poller at a time."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.telegram.errors import conflict

KEPT: Final = 24 * 3600.0
LONGEST_POLL: Final = 50
# Sent only when asked for by name.
_ON_REQUEST: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update: its id, when it happened (s), its raw JSON object."""

    id: int
    at: float
    raw: dict[str, Any]


class UpdateQueue:
    """Updates of one bot that it has not confirmed."""

    def __init__(self, now: Callable[[], float], first_id: int) -> None:
        """`now` in seconds decides what has expired; ids count up from `first_id`."""
        self._now = now
        self._next = first_id
        self._pending: list[Update] = []
        self._changed = asyncio.Event()
        self._poller: asyncio.Event | None = None
        self._ended_by = ""
        self.allowed: tuple[str, ...] = ()
        self.expired = 0

    @property
    def pending(self) -> list[Update]:
        """What is unconfirmed and not too old, oldest first."""
        kept = [one for one in self._pending if one.at > self._now() - KEPT]
        self.expired += len(self._pending) - len(kept)
        self._pending = kept
        return list(kept)

    def wants(self, kind: str) -> bool:
        """Whether updates of this kind are made (allowed_updates as last given)."""
        return kind in self.allowed if self.allowed else kind not in _ON_REQUEST

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember allowed_updates; updates already made are not touched."""
        self.allowed = tuple(kinds)

    def push(self, kind: str, payload: dict[str, Any]) -> int | None:
        """Add an update; None when the bot did not ask for this kind."""
        return self.push_raw({kind: payload}) if self.wants(kind) else None

    def push_raw(self, raw: dict[str, Any]) -> int:
        """Add anything at all as the next update (malformed ones too); returns its id."""
        update_id = self._next
        self._next += 1
        self._pending.append(Update(update_id, self._now(), {"update_id": update_id} | raw))
        self._changed.set()
        return update_id

    def confirm(self, offset: int) -> None:
        """Forget what an offset confirms: below it, or all but the last `-offset`."""
        if offset > 0:
            self._pending = [one for one in self._pending if one.id >= offset]
        elif offset < 0:
            self._pending = self._pending[offset:]
        self._changed.set()

    def clear(self) -> None:
        """Forget everything (drop_pending_updates)."""
        self._pending.clear()
        self._changed.set()

    def drop(self, update: Update) -> None:
        """Forget one update (delivered to the webhook)."""
        self._pending = [one for one in self._pending if one.id != update.id]
        self._changed.set()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """getUpdates: waits up to `timeout` real seconds; a newer poll ends this one with 409."""
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        self.confirm(offset)
        ended = self._poller = asyncio.Event()
        try:
            await self._arrival(ended, min(timeout, LONGEST_POLL))
        finally:
            if self._poller is ended:
                self._poller = None
        if ended.is_set():
            raise conflict(self._ended_by)
        return self.pending[: max(1, min(limit, 100))]

    async def _arrival(self, ended: asyncio.Event, timeout: float) -> None:
        deadline = asyncio.get_running_loop().time() + timeout
        while not self.pending and not ended.is_set():
            remaining = deadline - asyncio.get_running_loop().time()
            if remaining <= 0 or not await self.changed(remaining):
                return

    async def changed(self, timeout: float | None = None) -> bool:
        """Wait for the next change of any kind; False when `timeout` seconds passed first."""
        self._changed.clear()
        try:
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def interrupt(self, why: str) -> None:
        """End a waiting poll with 409 (another poller, or a webhook was set)."""
        if self._poller is not None:
            self._ended_by = why
            self._poller.set()
            self._poller = None
            self._changed.set()
