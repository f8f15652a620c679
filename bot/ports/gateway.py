"""The port to a chat platform: messages and rooms, never features.

Every method either does the one thing and returns, or raises `NotSent`, `Unknown` or `Refused` (`bot.domain.errors`);
no platform exception leaves an adapter. None of them retries on its own: that is the lane's business.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.addresses import Account, Place
from bot.domain.events import FileKind
from bot.domain.outbound import FileToSend, Post
from bot.domain.richtext import Measure


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, as data. Text limits are counted in `text_unit`s; file limits in bytes."""

    platform: str
    label: str
    """The name people know it by: "Slack"."""
    text_limit: int
    text_unit: Measure
    caption_limit: int
    """0: words never stand with files."""
    upload_limit: int
    photo_limit: int
    download_limit: int
    shows: Mapping[FileKind, frozenset[str]]
    """What it shows as the kind it is, by MIME type; anything else is a document there, byte for byte."""
    album_limit: int
    """Files that one message may hold."""
    albums: tuple[frozenset[FileKind], ...]
    """Kinds that may stand together in one message; a kind in none of them goes alone."""
    album_in_parts: bool
    """A person's album comes as single messages of one group."""
    compresses_photos: bool
    """Pictures sent as photos lose quality on the way in."""
    can_find: bool
    """A send in doubt can be looked up by its tag (`Gateway.find`)."""
    native_forms: bool
    """Opens a form at once (`OpenForm`); else it is asked one question at a time."""
    room_in_chat: bool
    """A room is a topic inside the person's private chat, and the chat itself is the fallback."""
    command_prefix: str
    """What stands before a command's word: "/" or "/case "."""
    notice_is_separate: bool
    """What a lock screen shows is chosen by us (`Post.notice`)."""
    copies_blocks: bool
    """A tap on a block of fixed-width text copies all of it."""
    delivered_mark: str
    """The sign on a person's own message that says that it has arrived, as they see it."""
    message_link: str
    """A link to a message, made of `workspace`, `chat` and `native`; empty where there is none."""
    room_link: str
    """A link to a room, made of `workspace` and `chat`; empty where there is none."""
    per_chat_rate: float
    per_chat_burst: int
    per_bot_rate: float
    per_bot_burst: int
    per_bot_under_way: int
    """Sends of a bot that may be on their way at once: where they are held up and arrive together, still none is
    one too many. With the burst it stays below what the platform takes at once."""
    mark_rate: float
    """Marks (`Gateway.mark`) a second for the whole bot, beside what is sent."""
    mark_burst: int
    request_timeout: float
    """Seconds after which a send counts as unknown; the look-up waits longer than this."""

    def shown_as(self, kind: FileKind, mime: str, size: int) -> FileKind:
        """How a file of this kind, type and size in bytes stands here."""
        if mime not in self.shows.get(kind, frozenset()):
            return FileKind.DOCUMENT
        return FileKind.DOCUMENT if kind is FileKind.PHOTO and size > self.photo_limit else kind


@dataclass(frozen=True, slots=True)
class Target:
    """Where one delivery goes, read from the seat or account when it is claimed: `owner` is the only person there."""

    place: Place
    owner: Account


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform calls the new message, and the place it really landed in.

    `more` are the other messages that it stands as: an album is several on some platforms, one for each file in order.
    """

    native_id: str
    place: Place
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A room made and verified: only its person and the bot are in it."""

    place: Place


class Mark(StrEnum):
    """A best-effort sign on the sender's own message; never a thumbs-up."""

    DELIVERED = "delivered"


Checkpoint = Callable[[str], Awaitable[None]]
"""Commits a platform id (file, channel) before the step that would otherwise be in doubt."""


class FileSource(Protocol):
    """Opens a stored file for reading, decrypted, in chunks of bounded size."""

    def __call__(self, file: FileToSend) -> AsyncIterator[bytes]:
        """Chunks of the file, in order."""
        ...


class Gateway(Protocol):
    """One platform's way out. A workspace or bot is chosen by the target's place."""

    @property
    def capabilities(self) -> Capabilities:
        """What this platform can do."""
        ...

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        """Send one message. `tag` is our opaque delivery id; `reply_to` a native id in the target's place.

        With files, `checkpoint` commits the platform's file ids as they come and before the completing step, and
        `resume` gives them back when the send is tried again. Files that cannot stand together are `Refused`.
        """
        ...

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        """Replace a message. An edit that changes nothing is done."""
        ...

    async def delete(self, target: Target, native_id: str, more: Sequence[str] = (), resume: str = "") -> None:
        """Remove a message of ours, the `more` it stands as, and the files that its send kept in `resume`.

        What is gone already is done.
        """
        ...

    async def pin(self, target: Target, native_id: str) -> None:
        """Pin a message; one that is pinned already is done."""
        ...

    async def mark(self, target: Target, native_id: str, mark: Mark) -> None:
        """Put our sign on the person's own message."""
        ...

    async def find(self, target: Target, tag: str, since: int, resume: str) -> Sent | None:
        """Look for a send in doubt by its tag (or its file id in `resume`); `since` in µs. Only with `can_find`."""
        ...

    async def open_room(self, owner: Account, name: str, title: str, checkpoint: Checkpoint, resume: str) -> Room:
        """Make a private room for one person and verify who is in it. `resume` is what an earlier try committed.

        As soon as the room exists, and before its person is let in, `id:` and its chat or topic are committed.
        """
        ...

    async def rename_room(self, target: Target, title: str, name: str = "") -> None:
        """Set the room's title, and a channel's own name if one is given (with a counter if it is taken)."""
        ...

    async def close_room(self, target: Target) -> None:
        """Archive the room; one that is gone already is done."""
        ...

    async def check_members(self, target: Target) -> None:
        """Return if only owner and bot are there, else raise `Refused(WRONG_MEMBERS)`. Cached for a minute."""
        ...

    async def check_room(self, target: Target) -> bool:
        """Look afresh whether a room serves: True if it does, False if there is none any more (a topic: not known).

        Raises `Refused` if it is there and is not right: archived, or not only owner and bot in it.
        """
        ...

    async def direct(self, account: Account) -> Place:
        """The private chat with this person, opened if need be."""
        ...

    def fetch(self, place: Place, ref: str, limit: int) -> AsyncIterator[bytes]:
        """Download a file that came in, in chunks; raises `Refused(TOO_LARGE)` past `limit` bytes."""
        ...
