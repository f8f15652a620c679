"""What the tests of the Slack adapter share: the platform's own rules where they are at hand, an inbox, a source."""

import asyncio
import contextlib
import gc
import importlib.util
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from bot.domain.addresses import Account
from bot.domain.events import InboundEvent
from bot.domain.outbound import FileToSend, Reply
from bot.platforms.slack.translate import SlackTranslator
from bot.ports.inbound import RawUpdate

T = TypeVar("T")
SHARED = Path(__file__).parents[4] / "shared"
JOHAL = Account("slack", "T0001", "U0002")
REID = Account("slack", "T0001", "U0003")


@cache
def _rules() -> ModuleType | None:
    path = SHARED / "tools" / "validate_slack.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("validate_slack", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it leaves its files open
        spec.loader.exec_module(module)
        gc.collect()
    return module


def problems(method: str, args: dict[str, Any]) -> list[str]:
    """What the platform's own schemas say against a request; nothing where they are not at hand."""
    rules = _rules()
    if rules is None:
        return []
    found = list(rules.validate_docs(method, args))
    return found + (list(rules.validate(method, args)) if method in rules.REQ else [])


def message_problems(blocks: list[dict[str, Any]]) -> list[str]:
    """The same for the blocks of a message."""
    return problems("chat.postMessage", {"channel": "C1", "text": "x", "blocks": blocks})


class WallClock:
    """The real time, in microseconds."""

    def now(self) -> int:
        return time.time_ns() // 1000


@dataclass
class StoredInbox:
    """An inbox in memory: what was committed, once each; it can fail, be slow, and answer."""

    translator: SlackTranslator = field(default_factory=SlackTranslator)
    updates: list[RawUpdate] = field(default_factory=list)
    events: list[InboundEvent] = field(default_factory=list)
    offered: int = 0
    broken: bool = False
    slow: float = 0.0
    reply: Callable[[InboundEvent], Reply | None] = lambda event: None
    _seen: set[str] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def store(self, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None = None) -> None:
        for update in updates:
            await self._commit(update, live=False)

    async def handle_now(self, update: RawUpdate) -> Reply | None:
        event = await self._commit(update, live=True)
        if self.slow:
            await asyncio.sleep(self.slow)
        return None if event is None else self.reply(event)

    async def cursor(self, name: str) -> str | None:
        return None

    async def _commit(self, update: RawUpdate, *, live: bool) -> InboundEvent | None:
        self.offered += 1
        self._changed.set()
        if self.broken:
            raise OSError("disk full")
        if self._seen & set(update.keys):
            return None
        self._seen |= set(update.keys)
        self.updates.append(update)
        event = self.translator.translate(update.body, live=live)
        if event is not None:
            self.events.append(event)
        self._changed.set()
        return event

    async def until(self, done: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something holds; looked at whenever an update came."""
        async with asyncio.timeout(seconds):
            while not done():
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.05)

    def of(self, kind: type[T]) -> list[T]:
        """The events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Files:
    """A `FileSource` over bytes in memory, by blob id."""

    held: dict[str, bytes] = field(default_factory=dict)
    chunk: int = 1000
    opened: int = 0

    def __call__(self, file: FileToSend) -> AsyncIterator[bytes]:
        return self._read(self.held[file.blob])

    async def _read(self, data: bytes) -> AsyncIterator[bytes]:
        self.opened += 1
        for start in range(0, len(data), self.chunk):
            yield data[start : start + self.chunk]


@dataclass
class Checkpoints:
    """What was committed on the way; `after` runs once something is."""

    kept: list[str] = field(default_factory=list)
    after: Callable[[str], Awaitable[None]] | None = None

    async def __call__(self, resume: str) -> None:
        self.kept.append(resume)
        if self.after is not None:
            await self.after(resume)

    @property
    def last(self) -> str:
        return self.kept[-1] if self.kept else ""


async def arrived(inbox: StoredInbox, kind: type[Any], count: int = 1) -> Any:
    """The newest event of a kind, once there are so many."""
    await inbox.until(lambda: len(inbox.of(kind)) >= count)
    return inbox.of(kind)[-1]
