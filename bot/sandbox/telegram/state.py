"""What the fake Telegram holds: accounts, bots, chats, topics and messages, each able to show its Bot API form."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.text import Entity
from bot.sandbox.telegram.updates import UpdateQueue

Raw = dict[str, Any]
ICON_COLOURS: Final = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


@dataclass(slots=True)
class Account:
    """A person or a bot."""

    id: int
    first_name: str
    username: str | None = None
    language: str = "en"
    is_bot: bool = False
    deactivated: bool = False

    def raw(self) -> Raw:
        """A Bot API `User`."""
        raw: Raw = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            raw["username"] = self.username
        return raw if self.is_bot else raw | {"language_code": self.language}


@dataclass(slots=True)
class Topic:
    """A topic of one chat; `id` is its message_thread_id."""

    id: int
    name: str
    colour: int
    emoji: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button as a person sees it."""

    label: str
    data: str = ""
    url: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file in a message with the attributes its kind has (duration, width …)."""

    kind: str
    file: StoredFile
    attributes: Raw = field(default_factory=dict)
    thumb: StoredFile | None = None

    def raw(self) -> Raw:
        """The message field(s) that carry it."""
        if self.kind == "photo":
            width, height = self.file.width or 1280, self.file.height or 960
            shown = [self.file.raw() | {"width": width, "height": height}]
            if self.thumb is not None:
                shown.insert(0, self.thumb.raw() | {"width": min(90, width), "height": min(67, height)})
            return {"photo": shown}
        body = self.file.raw() | self.attributes
        if self.kind not in ("voice", "video_note", "sticker"):
            body |= {"file_name": self.file.name} if self.file.name else {}
        if self.kind not in ("video_note", "sticker"):
            body["mime_type"] = self.file.mime
        if self.thumb is not None:
            thumb = {"width": self.thumb.width or 90, "height": self.thumb.height or 90}
            body["thumbnail"] = self.thumb.raw() | thumb
        fields = {self.kind: body}
        if self.kind == "animation":
            # The real server repeats an animation as a document for old clients.
            kept = ("file_id", "file_unique_id", "file_size", "file_name", "mime_type", "thumbnail")
            fields["document"] = {name: body[name] for name in kept if name in body}
        return fields


@dataclass(slots=True, eq=False)
class Message:
    """One message in one chat; `text` is the caption when there is a file."""

    message_id: int
    chat: "Chat"
    sender: Account
    date: int
    topic: int | None = None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    markup: Raw | None = None
    reply_to: "Message | None" = None
    quote: Raw | None = None
    album: str = ""
    forward: Raw | None = None
    service: Raw | None = None
    preview: Raw | None = None
    edit_date: int | None = None
    silent: bool = False
    protected: bool = False
    above: bool = False
    spoiler: bool = False
    deleted: bool = False
    reactions: dict[int, str] = field(default_factory=dict)

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return self.sender.is_bot

    @property
    def buttons(self) -> list[list[Button]]:
        """Inline buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [
            [Button(one["text"], one.get("callback_data", ""), one.get("url", ""), one.get("style", "")) for one in row]
            for row in rows
        ]

    @property
    def pinned(self) -> bool:
        """Whether it is pinned now."""
        return self.message_id in self.chat.pinned

    def raw(self, *, nested: bool = False) -> Raw:
        """A Bot API `Message`; a nested one carries no reply of its own."""
        raw: Raw = {
            "message_id": self.message_id,
            "from": self.sender.raw(),
            "chat": self.chat.raw(),
            "date": self.date,
        }
        if self.topic is not None:
            raw |= {"message_thread_id": self.topic, "is_topic_message": True}
        optional: Raw = {
            "edit_date": self.edit_date,
            "forward_origin": self.forward,
            "media_group_id": self.album,
            "link_preview_options": self.preview,
            "reply_markup": self.markup if self.markup and "inline_keyboard" in self.markup else None,
            "has_protected_content": self.protected,
            "show_caption_above_media": self.above,
            "has_media_spoiler": self.spoiler,
            "quote": self.quote,
        }
        raw |= {name: value for name, value in optional.items() if value}
        if self.reply_to is not None and not self.reply_to.deleted and not nested:
            raw["reply_to_message"] = self.reply_to.raw(nested=True)
        if self.service is not None:
            return raw | self.service
        if self.media is not None:
            raw |= self.media.raw()
        words = "caption" if self.media is not None else "text"
        if self.text:
            raw[words] = self.text
        if self.entities:
            raw["caption_entities" if self.media is not None else "entities"] = self.entities
        return raw


@dataclass(slots=True, eq=False)
class Chat:
    """One chat as one bot knows it: a private chat (id = the person's) or a group."""

    id: int
    type: str
    bot_id: int
    account: Account | None = None
    title: str = ""
    started: bool = False
    blocked: bool = False
    gone: bool = False
    topics_on: bool = True
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    keyboard: Raw | None = None
    members: dict[int, Account] = field(default_factory=dict)
    migrated_to: int | None = None
    kicked: bool = False
    ids: "itertools.count[int] | None" = None

    def raw(self) -> Raw:
        """A Bot API `Chat`."""
        raw: Raw = {"id": self.id, "type": self.type}
        if self.account is None:
            return raw | {"title": self.title}
        raw["first_name"] = self.account.first_name
        return raw | ({"username": self.account.username} if self.account.username else {})

    @property
    def live_topics(self) -> list[Topic]:
        """Topics that still exist, oldest first."""
        return [topic for topic in self.topics.values() if not topic.deleted]


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed."""

    url: str
    secret: str = ""
    max_connections: int = 40
    error_date: int | None = None
    error: str = ""


@dataclass(slots=True)
class Query:
    """A button press waiting for its answer; `text` is what the bot answered with."""

    id: str
    chat: Chat
    person: Account
    data: str
    at: float
    answered: bool = False
    text: str = ""
    alert: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, eq=False)
class Bot:
    """One bot: its token, its chats as only it knows them, its updates."""

    account: Account
    token: str
    queue: UpdateQueue
    has_topics_enabled: bool = True
    allows_users_to_create_topics: bool = True
    revoked: bool = False
    webhook: Webhook | None = None
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Raw]] = field(default_factory=dict)
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def id(self) -> int:
        """The bot's numeric id."""
        return self.account.id

    def raw(self) -> Raw:
        """The answer to getMe."""
        return self.account.raw() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": self.has_topics_enabled,
            "allows_users_to_create_topics": self.allows_users_to_create_topics,
        }
