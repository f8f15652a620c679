"""One person's room of one case, whichever app they use: what a scenario says once for both."""

from __future__ import annotations

import abc
import hashlib
from typing import Any

from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.slack.truth import What
from bot.sandbox.slack.world import Channel
from bot.sandbox.slack.world import Message as SlackMessage
from bot.sandbox.telegram import MAIN
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram.state import Message as TelegramMessage
from bot.sandbox.telegram.state import Topic
from bot.sandbox.telegram.truth import Act

PATIENCE = 8.0


class Side(abc.ABC):
    """A room and its owner. Messages are the platform's own objects, passed back as they came."""

    platform: str
    ref: str

    @abc.abstractmethod
    async def opens(self) -> None:
        """Wait until the room stands with its card."""

    @abc.abstractmethod
    async def says(self, text: str, *, reply_to: Any = None) -> Any:
        """Type a message."""

    @abc.abstractmethod
    async def sees(self, text: str, *, after: Any = None, patience: float = PATIENCE) -> Any:
        """Wait for the bot to show these words here."""

    @abc.abstractmethod
    async def sees_no_more(self, text: str) -> None:
        """Wait until they stand here no more."""

    @abc.abstractmethod
    async def never_saw(self, text: str) -> None:
        """Nothing of the bot anywhere ever showed these words to this person."""

    @abc.abstractmethod
    async def edits(self, message: Any, text: str) -> None:
        """Change an own message."""

    @abc.abstractmethod
    async def takes_back(self, message: Any) -> None:
        """Withdraw an own message, in the way the app offers."""

    @abc.abstractmethod
    async def uses(self, name: str, message: Any) -> None:
        """Do something with a message: a shortcut in Slack, a bare command in a reply in Telegram."""

    @abc.abstractmethod
    async def reacts(self, message: Any) -> None:
        """Put a thumb on a message."""

    @abc.abstractmethod
    async def commands(self, words: str) -> None:
        """Type a command in this room, without the sign that stands before it."""

    @abc.abstractmethod
    async def reads_directly(self, text: str) -> str:
        """Wait for the bot to show these words in the person's own direct chat; the whole line."""

    @abc.abstractmethod
    async def presses_directly(self, label: str) -> None:
        """Press the newest button with this label there."""

    @abc.abstractmethod
    async def sends(self, data: bytes, name: str, words: str = "") -> Any:
        """Send a file: a picture as a picture, anything else as a document."""

    @abc.abstractmethod
    async def gets(self, data: bytes) -> str:
        """Wait until exactly these bytes arrived here; the file's name."""

    @abc.abstractmethod
    async def presses(self, label: str) -> None:
        """Press the newest button with this label in this room."""

    @abc.abstractmethod
    def answers(self, message: Any) -> str:
        """The words of the message that this one replies to; empty if it is no reply."""

    @abc.abstractmethod
    def count(self, text: str) -> int:
        """How often a new message of the bot in this room showed these words."""

    @abc.abstractmethod
    def words(self, message: Any) -> str:
        """A message as it is read."""

    @abc.abstractmethod
    async def marked(self, message: Any) -> str:
        """Wait for the delivered mark on an own message; its name or emoji."""


class SlackSide(Side):
    """A private channel."""

    platform = "slack"

    def __init__(self, person: SlackPerson, ref: str, channel: str) -> None:
        self.person = person
        self.ref = ref
        self.room: Channel = person.channel(channel)

    async def opens(self) -> None:
        await self.person.sees_pinned("What you type here", self.room, PATIENCE)

    async def says(self, text: str, *, reply_to: SlackMessage | None = None) -> SlackMessage:
        return await self.person.says(text, self.room, reply_to)

    async def sees(self, text: str, *, after: Any = None, patience: float = PATIENCE) -> SlackMessage:
        return await self.person.sees(text, self.room, patience, after=after)

    async def sees_no_more(self, text: str) -> None:
        await self.person.sees_no_more(text, self.room, PATIENCE)

    async def never_saw(self, text: str) -> None:
        await self.person.sees_nothing_like(text)

    async def edits(self, message: SlackMessage, text: str) -> None:
        await self.person.edits(message, text)

    async def takes_back(self, message: SlackMessage) -> None:
        assert await self.person.shortcut("Take back", message)

    async def uses(self, name: str, message: SlackMessage) -> None:
        assert await self.person.shortcut(name, message)

    async def reacts(self, message: SlackMessage) -> None:
        await self.person.reacts(message, "+1")

    async def commands(self, words: str) -> None:
        assert await self.person.command("/case", words, self.room)

    async def reads_directly(self, text: str) -> str:
        return (await self.person.sees(text, "DM", PATIENCE)).shown

    async def presses_directly(self, label: str) -> None:
        assert await self.person.presses(label, channel="DM"), self.person.warnings

    async def sends(self, data: bytes, name: str, words: str = "") -> SlackMessage:
        return await self.person.uploads(data, name, self.room, words)

    async def gets(self, data: bytes) -> str:
        wanted = hashlib.sha256(data).hexdigest()

        def found() -> str | None:
            files = [file for one in self.person.messages(self.room) for file in one.files]
            return next((file.name for file in files if file.sha256 == wanted), None)

        name = await self.person._team.rooms.truth.until(found, PATIENCE)
        assert name is not None, "the file did not arrive"
        return name

    async def presses(self, label: str) -> None:
        assert await self.person.presses(label, channel=self.room), self.person.warnings

    def answers(self, message: SlackMessage) -> str:
        parent = self.room.messages.get(message.thread_ts) if message.is_reply else None
        return "" if parent is None else parent.shown

    def count(self, text: str) -> int:
        return sum(text in one.text for one in self.person.saw(What.MESSAGE, self.room) if one.from_bot)

    def words(self, message: SlackMessage) -> str:
        return message.shown

    async def marked(self, message: SlackMessage) -> str:
        await self.person.sees_reaction("incoming_envelope", message, PATIENCE)
        return "incoming_envelope"


class TelegramSide(Side):
    """A topic of the private chat, or that chat itself where topics are off."""

    platform = "telegram"

    def __init__(self, person: TelegramPerson, ref: str, topic: str) -> None:
        self.person = person
        self.ref = ref
        self.room: Topic | None = next((one for one in person.topics if str(one.id) == topic), None)

    async def opens(self) -> None:
        if self.room is None:
            await self.person.sees(self.ref, timeout=PATIENCE)
        else:
            await self.person.sees("What you type here", self.room, PATIENCE)

    async def says(self, text: str, *, reply_to: TelegramMessage | None = None) -> TelegramMessage:
        return await self.person.says(text, self.room, reply_to)

    async def sees(self, text: str, *, after: Any = None, patience: float = PATIENCE) -> TelegramMessage:
        return await self.person.sees(text, self.room, patience, after=after)

    async def sees_no_more(self, text: str) -> None:
        await self.person.sees_no_more(text, self.room, PATIENCE)

    async def never_saw(self, text: str) -> None:
        await self.person.sees_nothing_like(text)

    async def edits(self, message: TelegramMessage, text: str) -> None:
        await self.person.edits(message, text)

    async def takes_back(self, message: TelegramMessage) -> None:
        await self.person.says("/withdraw", self.room, message)

    async def uses(self, name: str, message: TelegramMessage) -> None:
        await self.person.says(f"/{name}", self.room, message)

    async def reacts(self, message: TelegramMessage) -> None:
        await self.person.reacts(message, "👍")

    async def commands(self, words: str) -> None:
        await self.person.says(f"/{words}", self.room)

    async def reads_directly(self, text: str) -> str:
        return (await self.person.sees(text, MAIN, PATIENCE)).text

    async def presses_directly(self, label: str) -> None:
        await self.person.presses(label, topic=MAIN, timeout=PATIENCE)

    async def sends(self, data: bytes, name: str, words: str = "") -> TelegramMessage:
        if name.endswith((".jpg", ".png")):
            return await self.person.sends_photo(data, words, self.room)
        return await self.person.sends_document(data, name, words, self.room)

    async def gets(self, data: bytes) -> str:
        wanted = hashlib.sha256(data).hexdigest()

        def found() -> str | None:
            files = [one.media.file for one in self.person.messages(self.room) if one.media is not None]
            return next((file.name or "photo" for file in files if file.sha256 == wanted), None)

        name = await self.person._world.truth.until(found, PATIENCE)
        assert name is not None, "the file did not arrive"
        return name

    async def presses(self, label: str) -> None:
        await self.person.presses(label, topic=self.room, timeout=PATIENCE)

    def answers(self, message: TelegramMessage) -> str:
        return "" if message.reply_to is None else message.reply_to.text

    def count(self, text: str) -> int:
        topic = self.room
        shown = [one for one in self.person.seen if one.kind is Act.MESSAGE and one.by_bot]
        return sum(text in one.text for one in shown if topic is None or one.topic == topic.id)

    def words(self, message: TelegramMessage) -> str:
        return message.text

    async def marked(self, message: TelegramMessage) -> str:
        return await self.person.sees_reaction(message, PATIENCE)
