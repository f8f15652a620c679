"""What can arrive from a platform, translated once by its adapter into these neutral shapes.

Every event carries an `Origin`. `Origin.live` says that a direct answer is still possible (a fresh Slack trigger,
an open callback query); after a restart it is False, and the handler answers with a message instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.addresses import Account, Place
from bot.domain.richtext import RichText


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sent an event, where, and when by the platform's clock (µs; 0 where it does not say, as for a press)."""

    place: Place
    sender: Account | None
    at: int
    live: bool = False
    direct: bool = False
    """The place is the person's own private chat with the bot, outside any topic or channel."""


class FileKind(StrEnum):
    """How a platform presents a file; the type itself is decided by magic bytes later."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    ANIMATION = "animation"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file of a message: `ref` is what the adapter needs to fetch it; `size` in bytes, None if unsaid.

    What stands behind a bar in `ref`, or else all of it, stays the same however often the adapter renews it.
    """

    ref: str
    name: str
    kind: FileKind
    mime: str
    size: int | None
    seconds: int | None = None

    @property
    def lasting(self) -> str:
        """What the file is known by for good."""
        return lasting(self.ref)


def lasting(ref: str) -> str:
    """The part of an `InboundFile.ref` that stays the same."""
    return ref.rpartition("|")[2]


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the single messages that an album came as, with the words that stand with it."""

    message_id: str
    body: RichText


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A new message of a person. `album` groups what the platform sent apart; `refused` names what we cannot carry.

    An album put together has its `pieces` in order; a message that came as one has none. `forwarded`: its sender passes
    on what somebody else wrote. `quoted`: the part of what it answers that its sender picked out; `elsewhere`: what it
    answers is of another chat.
    """

    origin: Origin
    message_id: str
    body: RichText
    reply_to: str | None = None
    files: tuple[InboundFile, ...] = ()
    album: str | None = None
    refused: str | None = None
    pieces: tuple[Piece, ...] = ()
    forwarded: bool = False
    quoted: str = ""
    elsewhere: bool = False

    @property
    def natives(self) -> tuple[str, ...]:
        """Every native message it is."""
        return tuple(piece.message_id for piece in self.pieces) or (self.message_id,)


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The message now reads `body`. Adapters report each edit; handlers compare content.

    `files` it holds now, where the app lets people exchange them; `gone` are those that its sender deleted
    (`InboundFile.lasting`). `quoted` as in `MessageReceived`.
    """

    origin: Origin
    message_id: str
    body: RichText
    files: tuple[InboundFile, ...] = ()
    gone: tuple[str, ...] = ()
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """The person deleted their own message (Slack only)."""

    origin: Origin
    message_id: str


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A typed command: `name` as in `bot.domain.commands`, or as typed if unknown (`known` False)."""

    origin: Origin
    name: str
    args: str
    known: bool = True
    message_id: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A press of one of our buttons; `token` is its nonce."""

    origin: Origin
    token: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """A native form came back: `token` is the nonce it was opened with; raw strings or lists of option names."""

    origin: Origin
    token: str
    values: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ShortcutInvoked:
    """A message shortcut (Slack): `name` is withdraw, wrong, urgent or keep."""

    origin: Origin
    name: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """A person's reaction to a message; `emoji` in unicode where the platform has one, else empty.

    `former` is the reaction whose place it took.
    """

    origin: Origin
    message_id: str
    emoji: str
    removed: bool = False
    former: str = ""


class RoomChange(StrEnum):
    """What befell a room, as its platform told it."""

    MEMBER_LEFT = "member_left"
    MEMBER_JOINED = "member_joined"
    BOT_REMOVED = "bot_removed"
    BOT_ADDED = "bot_added"
    ARCHIVED = "archived"
    DELETED = "deleted"
    UNARCHIVED = "unarchived"
    TOPIC_RENAMED = "topic_renamed"


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """A room changed outside our doing; `account` is the one who came or went."""

    origin: Origin
    change: RoomChange
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class ReachabilityChanged:
    """The person blocked the bot (False) or lets it write again (True)."""

    origin: Origin
    reachable: bool


@dataclass(frozen=True, slots=True)
class ChatMigrated:
    """A Telegram group got a new id; `origin.place` is the old one."""

    origin: Origin
    chat: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """A person opened the bot's home page (Slack)."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class AccessRevoked:
    """The platform withdrew the bot's token for a workspace."""

    origin: Origin
    reason: str


InboundEvent = (
    MessageReceived
    | MessageEdited
    | MessageDeleted
    | CommandReceived
    | ButtonPressed
    | FormSubmitted
    | ShortcutInvoked
    | Reacted
    | RoomChanged
    | ReachabilityChanged
    | ChatMigrated
    | HomeOpened
    | AccessRevoked
)
