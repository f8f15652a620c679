"""The truth list: what each person really saw, in order, whatever the bot was told."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, TypeVar

from bot.sandbox.telegram.state import Account, Button, Chat, Message
from bot.sandbox.telegram.text import Entity

T = TypeVar("T")
ANYWHERE: Final = -1


class Act(StrEnum):
    """What happened before a person's eyes."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETED = "deleted"
    REACTION = "reaction"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    TOPIC_OPENED = "topic_opened"
    TOPIC_RENAMED = "topic_renamed"
    TOPIC_DELETED = "topic_deleted"
    TOAST = "toast"
    ALERT = "alert"
    SERVICE = "service"
    TYPING = "typing"


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as shown: what arrived, byte for byte."""

    kind: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry. `chat` is the person's id in a private chat; `topic` None is the main chat; `sender` an account id."""

    seq: int
    at: float
    kind: Act
    bot: int
    chat: int
    topic: int | None = None
    topic_name: str = ""
    message_id: int | None = None
    sender: int = 0
    by_bot: bool = True
    text: str = ""
    entities: tuple[Entity, ...] = ()
    files: tuple[SeenFile, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    keyboard: tuple[tuple[str, ...], ...] = ()
    reply_to: int | None = None
    album: str = ""
    silent: bool = False
    protected: bool = False


@dataclass(slots=True)
class Truth:
    """The list, questions to ask it, and callbacks on each change (the web page listens)."""

    events: list[Seen] = field(default_factory=list)
    _listeners: list[Callable[[Seen], None]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def listen(self, callback: Callable[[Seen], None]) -> Callable[[], None]:
        """Call back on every new entry; returns what stops it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def of(
        self,
        chat: int,
        *,
        topic: int | None = ANYWHERE,
        kinds: Iterable[Act] = tuple(Act),
        bot: int | None = None,
        by_bot: bool | None = None,
    ) -> list[Seen]:
        """Entries of one person or group, in order; `topic` None is the main chat only."""
        wanted = frozenset(kinds)
        return [
            one
            for one in self.events
            if one.chat == chat
            and one.kind in wanted
            and (topic == ANYWHERE or one.topic == topic)
            and bot in (None, one.bot)
            and by_bot in (None, one.by_bot)
        ]

    def messages(self, chat: int, *, topic: int | None = ANYWHERE, bot: int | None = None) -> list[Seen]:
        """What the bot said to one person or group, in order, as first shown."""
        return self.of(chat, topic=topic, kinds=(Act.MESSAGE,), bot=bot, by_bot=True)

    def note(
        self,
        at: float,
        kind: Act,
        chat: Chat,
        message: Message | None = None,
        text: str | None = None,
        *,
        by: Account | None = None,
    ) -> Seen:
        """Add an entry: of a message as it is now, or `text` alone; `by` when not the message's author did it."""
        seen = self._seen(at, kind, chat, message, message.topic if message is not None else None, text)
        if by is not None:
            seen = replace(seen, sender=by.id, by_bot=by.is_bot)
        return self._add(seen)

    def note_topic(self, at: float, kind: Act, chat: Chat, topic: int, name: str, by: Account) -> Seen:
        """Add an entry about a topic itself and who changed it."""
        seen = self._seen(at, kind, chat, None, topic, name)
        return self._add(replace(seen, sender=by.id, by_bot=by.is_bot))

    def _seen(
        self, at: float, kind: Act, chat: Chat, message: Message | None, topic: int | None, text: str | None
    ) -> Seen:
        named = chat.topics.get(topic) if topic is not None else None
        name = named.name if named is not None else ""
        seq = len(self.events) + 1
        if message is None:
            return Seen(seq, at, kind, chat.bot_id, chat.id, topic, name, text=text or "")
        return Seen(
            seq,
            at,
            kind,
            chat.bot_id,
            chat.id,
            topic,
            name,
            message.message_id,
            message.sender.id,
            message.by_bot,
            message.text if text is None else text,
            tuple(message.entities),
            files_of(message),
            tuple(tuple(row) for row in message.buttons),
            _keyboard(message),
            message.reply_to.message_id if message.reply_to is not None else None,
            message.album,
            message.silent,
            message.protected,
        )

    def _add(self, seen: Seen) -> Seen:
        self.events.append(seen)
        self._changed.set()
        for callback in tuple(self._listeners):
            callback(seen)
        return seen

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


def files_of(message: Message) -> tuple[SeenFile, ...]:
    """The file in a message, if any."""
    if message.media is None:
        return ()
    file = message.media.file
    return (SeenFile(message.media.kind, file.name, file.size, file.sha256),)


def _keyboard(message: Message) -> tuple[tuple[str, ...], ...]:
    rows = (message.markup or {}).get("keyboard", [])
    return tuple(tuple(button["text"] for button in row) for row in rows)
