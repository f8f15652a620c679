"""Gates: a room that is being read again holds back what comes in live, so that nothing overtakes what was missed."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.domain.events import InboundEvent, MessageDeleted, MessageEdited, MessageReceived, Reacted
from bot.domain.ids import InboxId
from bot.domain.outbound import Reply
from bot.ports.inbound import RawUpdate

T = TypeVar("T")


@dataclass(slots=True)
class Item:
    """One committed update on its way to be handled; `body` None cannot be opened, `live` waits for its answer."""

    id: InboxId
    platform: str
    body: bytes | None
    live: asyncio.Future[Reply | None] | None = None


@dataclass(slots=True)
class Gate(Generic[T]):
    """What waits before one queue, in arrival order; `since` is when the first of it came (seconds)."""

    waiting: list[T] = field(default_factory=list)
    more: bool = False
    """There is more in the database than was kept here."""
    since: float | None = None


class Gates(Generic[T]):
    """The closed gates, by queue. `most` items are kept behind each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._closed: dict[str, Gate[T]] = {}

    def close(self, queue: str) -> None:
        """Hold back what comes from now on."""
        self._closed.setdefault(queue, Gate())

    def keep(self, queue: str, item: T, now: float) -> bool:
        """Keep an item if the queue's gate is closed; whether it was."""
        gate = self._closed.get(queue)
        if gate is None:
            return False
        gate.since = now if gate.since is None else gate.since
        if len(gate.waiting) < self._most and not gate.more:
            gate.waiting.append(item)
        else:
            gate.more = True
        return True

    def closed(self, queue: str) -> bool:
        """Whether this queue is held back."""
        return queue in self._closed

    def held(self) -> list[T]:
        """Everything that waits."""
        return [item for gate in self._closed.values() for item in gate.waiting]

    def open(self, queue: str) -> Gate[T] | None:
        """Let go: what waited, None if the gate was open."""
        return self._closed.pop(queue, None)

    def since(self, queue: str) -> float | None:
        """Since when something waits there."""
        gate = self._closed.get(queue)
        return None if gate is None else gate.since

    def overdue(self, before: float) -> list[str]:
        """Queues in which something waits since before that moment."""
        return [queue for queue, gate in self._closed.items() if gate.since is not None and gate.since < before]


class Turns:
    """Who is committing something of a chat: what came later goes into its queue later, whoever is told first."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Event] = {}
        self._taken: Counter[str] = Counter()

    def taken(self, queue: str) -> int:
        """How many turns there are not over yet, whoever asks included."""
        return self._taken[queue]

    @contextlib.contextmanager
    def take(self, queues: Iterable[str]) -> Iterator[list[asyncio.Event]]:
        """A turn for these queues; those that came before it, each set once it is over."""
        mine, names = asyncio.Event(), set(queues)
        before = [self._last[name] for name in names if name in self._last]
        self._last.update(dict.fromkeys(names, mine))
        self._taken.update(names)
        try:
            yield before
        finally:
            mine.set()
            for name in names:
                self._taken[name] -= 1
                if not self._taken[name]:
                    del self._taken[name]
                if self._last.get(name) is mine:
                    del self._last[name]


def by_chat(updates: Iterable[RawUpdate]) -> list[list[RawUpdate]]:
    """Updates by their source chat, each chat's in the order they came."""
    chats: dict[tuple[str, str], list[RawUpdate]] = {}
    for update in updates:
        chats.setdefault((update.platform, update.queue), []).append(update)
    return list(chats.values())


async def over(turns: Iterable[asyncio.Event]) -> None:
    """These turns have been taken. On PostgreSQL two commits at once may change places, and a restart would see it."""
    for one in turns:
        await one.wait()


def in_order(events: Sequence[InboundEvent | None]) -> list[int]:
    """The places of events in the order they happened: messages by their own moments, what is about a message after it.

    What tells no moment (a press, a join) stays behind what it came after.
    """
    said = {one.message_id: one.origin.at for one in events if isinstance(one, MessageReceived) and one.origin.at}
    keys: list[tuple[int, int, int]] = []
    last = 0
    for place, event in enumerate(events):
        match event:
            case MessageReceived():
                last = event.origin.at or last
                keys.append((last, 0, place))
            case MessageEdited() | MessageDeleted() | Reacted() if event.message_id in said:
                keys.append((max(event.origin.at, said[event.message_id]), 1, place))
            case _:
                keys.append((last, 1, place))
    return [key[2] for key in sorted(keys)]
