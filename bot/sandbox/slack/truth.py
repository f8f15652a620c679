"""The truth list: what each person really saw, in order; the oracle that scenario and fault tests ask."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from bot.sandbox.slack.errors import JSON

T = TypeVar("T")


class What(StrEnum):
    """What came before a person's eyes."""

    MESSAGE = "message"
    HISTORY = "history"  # shown on joining: written before they were there
    EDIT = "edit"
    DELETION = "deletion"
    EPHEMERAL = "ephemeral"
    REACTION = "reaction"
    UNREACTION = "unreaction"
    PIN = "pin"
    UNPIN = "unpin"
    SYSTEM = "system"  # joined, left, topic set, renamed, archived
    MODAL = "modal"
    MODAL_CLOSED = "modal closed"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file shown beside a message."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing one person saw: `text` as displayed (blocks flattened), `notice` as on a lock screen."""

    at: float
    team: str
    user: str
    what: What
    channel: str = ""
    ts: str = ""
    author: str = ""
    text: str = ""
    notice: str = ""
    thread_ts: str = ""
    from_bot: bool = False
    notifies: bool = False
    metadata: JSON | None = None
    files: tuple[FileSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """One message the app really put into a channel, whoever saw it."""

    at: float
    team: str
    channel: str
    ts: str
    text: str
    metadata: JSON | None
    files: tuple[FileSeen, ...] = ()


@dataclass(slots=True)
class Truth:
    """Everything seen, and everything the app posted; only ever grows."""

    seen: list[Seen] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    _listeners: list[Callable[[Seen], None]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _by_person: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)

    def listen(self, listener: Callable[[Seen], None]) -> Callable[[], None]:
        """Call `listener` with each new sight; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, sight: Seen) -> None:
        """Someone saw something."""
        self.seen.append(sight)
        self._by_person.setdefault((sight.team, sight.user), []).append(sight)
        for listener in tuple(self._listeners):
            listener(sight)
        self.stir()

    def stir(self) -> None:
        """Something changed that nobody saw: let those who wait look again."""
        self._changed.set()

    async def until(self, found: Callable[[], T | None], timeout: float) -> T | None:
        """The first answer that is not None, asked again at every change for `timeout` real seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while (answer := found()) is None:
            remaining = deadline - loop.time()
            if remaining <= 0:
                return None
            self._changed.clear()
            try:
                async with asyncio.timeout(remaining):
                    await self._changed.wait()
            except TimeoutError:
                return found()
        return answer

    def of(
        self,
        team: str | None = None,
        user: str | None = None,
        *,
        channel: str | None = None,
        what: What | Iterable[What] | None = None,
        from_bot: bool | None = None,
    ) -> list[Seen]:
        """What was seen, in order, narrowed by workspace, person, channel id, kind and authorship."""
        kinds = None if what is None else {what} if isinstance(what, What) else set(what)
        return [
            one
            for one in (self._by_person.get((team, user), []) if team and user else self.seen)
            if team in (None, one.team)
            and user in (None, one.user)
            and (channel is None or one.channel == channel)
            and (kinds is None or one.what in kinds)
            and (from_bot is None or one.from_bot is from_bot)
        ]

    def texts(self, team: str, user: str, channel: str | None = None) -> list[str]:
        """The app's messages this person saw arrive, as displayed."""
        return [one.text for one in self.of(team, user, channel=channel, what=What.MESSAGE, from_bot=True)]

    def who_saw(self, needle: str) -> set[tuple[str, str]]:
        """Everyone (team, user) who saw a text or a notice with these words, in any form."""
        return {(one.team, one.user) for one in self.seen if needle in one.text or needle in one.notice}

    def deliveries(self, key: str | None = None) -> Counter[str]:
        """How often each delivery was posted: by `event_payload[key]`, or by the whole metadata."""
        counted: Counter[str] = Counter()
        for post in self.posts:
            name = _delivery(post.metadata, key)
            if name is not None:
                counted[name] += 1
        return counted

    def duplicates(self, key: str | None = None) -> dict[str, int]:
        """Deliveries that were posted more than once."""
        return {name: times for name, times in self.deliveries(key).items() if times > 1}


def _delivery(metadata: JSON | None, key: str | None) -> str | None:
    if not metadata:
        return None
    payload = metadata.get("event_payload", {})
    if key is not None:
        return None if key not in payload else str(payload[key])
    return json.dumps([metadata.get("event_type"), payload], sort_keys=True)
