"""What can happen in a workspace's channels, whoever does it: state, events, sight."""

import html
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.sandbox.slack import blocks as kit
from bot.sandbox.slack import payloads, richtext
from bot.sandbox.slack.errors import JSON
from bot.sandbox.slack.truth import FileSeen, Post, Seen, Truth, What
from bot.sandbox.slack.world import Channel, File, Ids, Kind, Message, User, Workspace, next_ts

Emit = Callable[[Workspace, JSON, Channel | None], None]


@dataclass(slots=True)
class Rooms:
    """The channels of one workspace."""

    workspace: Workspace
    ids: Ids
    now: Callable[[], float]
    truth: Truth
    emit: Emit

    # ------------------------------------------------------------------------------------------- messages
    def post(
        self,
        channel: Channel,
        user: str,
        text: str,
        *,
        blocks: Sequence[JSON] = (),
        thread_ts: str = "",
        metadata: JSON | None = None,
        attachments: Sequence[JSON] = (),
        files: Sequence[File] = (),
        subtype: str = "",
        extra: JSON | None = None,
    ) -> Message:
        """A new message; everyone in the channel sees it and the app is told, its own messages included."""
        from_bot = user == self.workspace.bot_user
        shown = kit.with_ids(blocks, self.ids.words())
        if not shown and text and subtype in ("", "file_share"):
            shown = [richtext.from_plain(html.unescape(text), self.ids.fresh("b"))]
        message = Message(
            channel=channel.id,
            ts=next_ts(self.workspace, self.now),
            user=user,
            text=text,
            blocks=shown,
            subtype=subtype,
            thread_ts=thread_ts,
            from_bot=from_bot and not subtype.startswith("channel_"),
            client_msg_id="" if from_bot or subtype else str(uuid.UUID(int=self.workspace.last_ts)),
            metadata=metadata,
            attachments=list(attachments),
            files=list(files),
            extra=extra or {},
        )
        channel.messages[message.ts] = message
        if thread_ts and (parent := channel.find(thread_ts)) and not parent.thread_ts:
            parent.thread_ts = parent.ts
        for file in files:
            file.shares[channel.id] = message.ts
        body = payloads.message(self.workspace, message)
        body |= {"channel": channel.id, "channel_type": channel.kind.value, "event_ts": message.ts}
        self.emit(self.workspace, body, channel)
        if message.from_bot:
            seen = tuple(_file_seen(file) for file in files)
            self.truth.posts.append(
                Post(self.now(), self.workspace.id, channel.id, message.ts, message.shown, metadata, seen)
            )
        self.show(What.SYSTEM if message.system else What.MESSAGE, channel, message, user)
        return message

    def edit(
        self, message: Message, editor: str, text: str, blocks: Sequence[JSON], metadata: JSON | None = None
    ) -> None:
        """Replace what a message says; the app is told with both versions."""
        before = payloads.message(self.workspace, message)
        message.text = text
        message.blocks = kit.with_ids(blocks, self.ids.words())
        if metadata is not None:
            message.metadata = metadata or None
        message.edited = {"user": editor, "ts": next_ts(self.workspace, self.now)}
        self.changed(message, before)
        self.show(What.EDIT, self.workspace.channels[message.channel], message, editor)

    def unfurl(self, message: Message, title: str, url: str) -> None:
        """A link preview arrives: a message_changed in which the person changed nothing."""
        before = payloads.message(self.workspace, message)
        message.attachments.append({"id": 1, "title": title, "title_link": url, "from_url": url, "fallback": title})
        self.changed(message, before)

    def changed(self, message: Message, before: JSON) -> None:
        """Tell the app what a message says now and said before."""
        now = payloads.message(self.workspace, message)
        self._about(message, "message_changed", {"message": now, "previous_message": before})

    def _about(self, message: Message, subtype: str, parts: JSON) -> None:
        channel = self.workspace.channels[message.channel]
        ts = next_ts(self.workspace, self.now)
        body = {
            "type": "message",
            "subtype": subtype,
            **parts,
            "channel": channel.id,
            "hidden": True,
            "ts": ts,
        }
        self.emit(self.workspace, body | {"event_ts": ts, "channel_type": channel.kind.value}, channel)

    def delete(self, message: Message, user: str) -> None:
        """Take a message away; a thread's parent leaves a tombstone, which arrives as message_changed."""
        channel = self.workspace.channels[message.channel]
        before = payloads.message(self.workspace, message)
        self.show(What.DELETION, channel, message, user)
        if any(one.is_reply and one.thread_ts == message.ts for one in channel.standing()):
            message.subtype, message.user, message.from_bot = "tombstone", "USLACKBOT", False
            message.text, message.blocks, message.files = "This message was deleted.", [], []
            message.edited, message.metadata, message.extra = None, None, {"hidden": True}
            self.changed(message, before)
        else:
            message.deleted = True
            self._about(message, "message_deleted", {"previous_message": before, "deleted_ts": message.ts})
        if message.ts in channel.pins:
            channel.pins.remove(message.ts)

    def whisper(self, channel: Channel, to: str, text: str, blocks: Sequence[JSON], thread_ts: str = "") -> Message:
        """A message only one person sees; the app gets no event for it and history does not hold it."""
        message = Message(
            channel=channel.id,
            ts=next_ts(self.workspace, self.now),
            user=self.workspace.bot_user,
            text=text,
            blocks=kit.with_ids(blocks, self.ids.words()),
            thread_ts=thread_ts,
            from_bot=True,
            ephemeral_to=to,
        )
        self.workspace.ephemerals.append(message)
        self.whispered(message)
        return message

    def whispered(self, message: Message) -> None:
        """The one person a message is for sees it as it is now."""
        channel = self.workspace.channels[message.channel]
        self.sight(What.EPHEMERAL, message.ephemeral_to, channel, message, self.workspace.bot_user)

    # ---------------------------------------------------------------------------------------------- marks
    def react(self, message: Message, user: str, name: str, *, on: bool) -> None:
        """Put a reaction on, or take it off."""
        users = message.reactions.setdefault(name, [])
        if on:
            users.append(user)
        else:
            users.remove(user)
        if not users:
            del message.reactions[name]
        channel = self.workspace.channels[message.channel]
        event = {
            "type": "reaction_added" if on else "reaction_removed",
            "user": user,
            "reaction": name,
            "item_user": message.user,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            "event_ts": next_ts(self.workspace, self.now),
        }
        self.emit(self.workspace, event, channel)
        self.show(What.REACTION if on else What.UNREACTION, channel, message, user, words=f":{name}:")

    def pin(self, message: Message, user: str, *, on: bool) -> None:
        """Pin or unpin a message."""
        channel = self.workspace.channels[message.channel]
        if on:
            channel.pins.append(message.ts)
        else:
            channel.pins.remove(message.ts)
        item = {
            "type": "message",
            "channel": channel.id,
            "message": payloads.message(self.workspace, message),
        }
        event = {
            "type": "pin_added" if on else "pin_removed",
            "user": user,
            "channel_id": channel.id,
            "item": item,
        }
        self.emit(self.workspace, event | {"event_ts": next_ts(self.workspace, self.now)}, channel)
        self.show(What.PIN if on else What.UNPIN, channel, message, user)

    # ---------------------------------------------------------------------------------------------- sight
    def people(self, channel: Channel) -> list[User]:
        """The members with eyes: not the app, not the deactivated."""
        members = (self.workspace.users[one] for one in channel.members)
        return [one for one in members if not one.is_bot and not one.deleted]

    def show(self, what: What, channel: Channel, message: Message, author: str, words: str | None = None) -> None:
        """Everyone in the channel sees this."""
        for person in self.people(channel):
            self.sight(what, person.id, channel, message, author, words)

    def sight(
        self,
        what: What,
        user: str,
        channel: Channel,
        message: Message,
        author: str,
        words: str | None = None,
    ) -> None:
        """One person sees this."""
        rings = what is What.MESSAGE and author != user and self._notifies(channel, message, user)
        self.truth.add(
            Seen(
                at=self.now(),
                team=self.workspace.id,
                user=user,
                what=what,
                channel=channel.id,
                ts=message.ts,
                author=author,
                text=message.shown if words is None else words,
                notice=html.unescape(message.text),
                thread_ts=message.thread_ts,
                from_bot=author == self.workspace.bot_user,
                notifies=rings,
                metadata=message.metadata,
                files=tuple(_file_seen(file) for file in message.files),
            )
        )

    def _notifies(self, channel: Channel, message: Message, user: str) -> bool:
        """Slack's default: direct messages, mentions, and replies in a thread one takes part in."""
        if channel.kind is Kind.IM or f"<@{user}>" in message.text or "<!" in message.text:
            return True
        texts = [one for one in message.blocks if one["type"] == "rich_text"]
        if any(richtext.mentions(one, user) for one in texts) or f"<@{user}>" in kit.flatten(message.blocks):
            return True
        thread: Iterable[Message] = channel.standing() if message.is_reply else ()
        return any(one.user == user and one.thread_ts == message.thread_ts for one in thread)


def _file_seen(file: File) -> FileSeen:
    return FileSeen(file.name, file.size, file.sha256)
