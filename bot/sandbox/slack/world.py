"""What exists in the fake Slack: workspaces, people, channels, messages, files, and their ids."""

import html
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.sandbox.slack import blocks as kit
from bot.sandbox.slack.errors import JSON

MICROSECONDS = 1_000_000


class Kind(StrEnum):
    """A channel's kind, in the word events use for it."""

    PUBLIC = "channel"
    PRIVATE = "group"
    IM = "im"


class TokenState(StrEnum):
    """What Slack says to the workspace's bot token."""

    LIVE = "live"
    REVOKED = "token_revoked"
    INACTIVE = "account_inactive"


@dataclass(slots=True)
class User:
    """A member of a workspace; guests are `is_restricted` (many channels) or `is_ultra_restricted` (one)."""

    id: str
    name: str
    real_name: str
    team: str
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    timezone: str = "Europe/London"


@dataclass(slots=True)
class File:
    """An uploaded file; `shares` maps a channel to the ts of the message that shows it."""

    id: str
    team: str
    user: str
    name: str
    title: str
    size: int
    created: int
    mimetype: str = "application/octet-stream"
    data: bytes | None = None
    sha256: str = ""
    mode: str = "hosted"
    external_url: str = ""
    completed: bool = False
    deleted: bool = False
    shares: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """One message as it stands now; `subtype` is empty for ordinary ones."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    subtype: str = ""
    thread_ts: str = ""
    from_bot: bool = False
    client_msg_id: str = ""
    metadata: JSON | None = None
    edited: JSON | None = None
    files: list[File] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    attachments: list[JSON] = field(default_factory=list)
    extra: JSON = field(default_factory=dict)
    deleted: bool = False
    ephemeral_to: str = ""

    @property
    def shown(self) -> str:
        """What a person reads: the blocks when there are any, else the text; then the files' names."""
        read = kit.flatten(self.blocks) if self.blocks else html.unescape(self.text)
        return "\n".join([*([read] if read else []), *(f"[file: {file.name}]" for file in self.files)])

    @property
    def system(self) -> bool:
        """Whether Slack itself says it: someone joined, the topic was set."""
        return self.subtype.startswith("channel_")

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread, below the thread's parent."""
        return self.thread_ts not in ("", self.ts)

    @property
    def broadcast(self) -> bool:
        """Whether it is a reply that stands in the channel too."""
        return self.subtype == "thread_broadcast"


@dataclass(slots=True)
class Channel:
    """A conversation; `messages` are in ts order; `peer` is the person of a direct message."""

    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    peer: str = ""
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        """The message of that ts, unless deleted."""
        message = self.messages.get(ts)
        return None if message is None or message.deleted else message

    def standing(self) -> list[Message]:
        """Messages not deleted, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of the shortcuts menu; `on_message` or global."""

    name: str
    callback_id: str
    on_message: bool


@dataclass(slots=True)
class Workspace:
    """One team with one installed app; `request_url` None means Socket Mode."""

    id: str
    name: str
    bot_token: str
    app_token: str
    signing_secret: str
    app_id: str
    bot_id: str
    bot_user: str
    scopes: set[str]
    request_url: str | None = None
    state: TokenState = TokenState.LIVE
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    commands: set[str] = field(default_factory=lambda: {"/case"})
    shortcuts: list[Shortcut] = field(default_factory=list)
    subscriptions: set[str] | None = None  # None: every event the scopes allow
    emoji: set[str] = field(default_factory=set)
    last_ts: int = 0

    @property
    def domain(self) -> str:
        """The workspace's host name part."""
        return self.name.lower().replace(" ", "-")

    def dm(self, user: str) -> Channel | None:
        """The direct message between the app and this person, once opened."""
        return next((one for one in self.channels.values() if one.kind is Kind.IM and one.peer == user), None)

    def install(self, manifest: dict[str, Any]) -> None:
        """Take scopes, commands, shortcuts and event subscriptions from the app's manifest."""
        self.scopes = set(manifest["oauth_config"]["scopes"]["bot"])
        features = manifest.get("features", {})
        self.commands = {one["command"] for one in features.get("slash_commands", [])}
        self.shortcuts = [
            Shortcut(one["name"], one["callback_id"], one["type"] == "message") for one in features.get("shortcuts", [])
        ]
        events = manifest.get("settings", {}).get("event_subscriptions", {})
        self.subscriptions = set(events.get("bot_events", []))


class Ids:
    """Ids of every sort, in the look Slack gives them; the same run gives the same ids."""

    def __init__(self) -> None:
        self._counters: dict[str, Iterator[int]] = {}

    def fresh(self, prefix: str) -> str:
        """The next id of that prefix: `C000000001`."""
        counter = self._counters.setdefault(prefix, itertools.count(1))
        return f"{prefix}{next(counter):09d}"

    def words(self) -> Iterator[str]:
        """Short ids for blocks and actions, without end."""
        while True:
            yield self.fresh("b")


def next_ts(workspace: Workspace, now: Callable[[], float]) -> str:
    """A message timestamp: the clock in microseconds, always later than the one before."""
    workspace.last_ts = max(int(now() * MICROSECONDS), workspace.last_ts + 1)
    seconds, rest = divmod(workspace.last_ts, MICROSECONDS)
    return f"{seconds}.{rest:06d}"
