"""Who is in which channel, and what channels are called: joining, leaving, renaming, archiving."""

import re
from dataclasses import dataclass

from bot.sandbox.slack.errors import JSON, RefusedError
from bot.sandbox.slack.rooms import Rooms
from bot.sandbox.slack.truth import What
from bot.sandbox.slack.world import Channel, Kind, next_ts

NAME_LONGEST = 80


@dataclass(slots=True)
class Membership:
    """The comings and goings of one workspace's channels."""

    rooms: Rooms

    def create(self, name: str, creator: str, *, private: bool) -> Channel:
        """A new channel with its creator in it."""
        workspace = self.rooms.workspace
        check_name(name)
        # Names are taken by archived channels and by private ones the caller cannot see, too.
        if any(one.name == name for one in workspace.channels.values()):
            raise RefusedError("name_taken")
        kind = Kind.PRIVATE if private else Kind.PUBLIC
        now = int(self.rooms.now())
        channel = Channel(self.rooms.ids.fresh("C"), name, kind, creator, now)
        workspace.channels[channel.id] = channel
        self.join(channel, creator)
        return channel

    def open_im(self, user: str) -> tuple[Channel, bool]:
        """(the direct message between the app and a person, whether it was there before)."""
        workspace = self.rooms.workspace
        if (known := workspace.dm(user)) is not None:
            return known, True
        channel = Channel(
            self.rooms.ids.fresh("D"),
            "directmessage",
            Kind.IM,
            workspace.bot_user,
            int(self.rooms.now()),
            peer=user,
        )
        channel.members = [user, workspace.bot_user]
        workspace.channels[channel.id] = channel
        return channel, False

    def join(self, channel: Channel, user: str, inviter: str = "") -> None:
        """Someone comes in; what was written before becomes visible to them."""
        workspace = self.rooms.workspace
        before = channel.standing()
        channel.members.append(user)
        event: JSON = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.kind is Kind.PRIVATE else "C",
            "team": workspace.id,
            "event_ts": next_ts(workspace, self.rooms.now),
        }
        invited = {"inviter": inviter} if inviter else {}
        self.rooms.emit(workspace, event | invited, channel)
        if not workspace.users[user].is_bot:
            for message in before:
                if not message.system:
                    self.rooms.sight(What.HISTORY, user, channel, message, message.user)
        text = f"<@{user}> has joined the channel"
        self.rooms.post(channel, user, text, subtype="channel_join", extra=invited)

    def leave(self, channel: Channel, user: str, actor: str = "") -> None:
        """Someone goes, or is taken out by `actor`; the app learns of itself by group_left."""
        workspace = self.rooms.workspace
        ts = next_ts(workspace, self.rooms.now)
        if user == workspace.bot_user:
            private = channel.kind is Kind.PRIVATE
            event: JSON = {"type": "group_left" if private else "channel_left", "channel": channel.id}
            self.rooms.emit(workspace, event | {"actor_id": actor or user, "event_ts": ts}, channel)
            channel.members.remove(user)
        else:
            channel.members.remove(user)
            kind = "G" if channel.kind is Kind.PRIVATE else "C"
            event = {"type": "member_left_channel", "user": user, "channel": channel.id, "channel_type": kind}
            self.rooms.emit(workspace, event | {"team": workspace.id, "event_ts": ts}, channel)
        if channel.members:
            self.rooms.post(channel, user, f"<@{user}> has left the channel", subtype="channel_leave")

    def rename(self, channel: Channel, name: str, user: str) -> None:
        """A new name, as unique as a first one."""
        check_name(name)
        workspace = self.rooms.workspace
        if any(one.name == name and one is not channel for one in workspace.channels.values()):
            raise RefusedError("name_taken")
        old, channel.name = channel.name, name
        channel.previous_names.append(old)
        stub = {"id": channel.id, "name": name, "created": channel.created}
        kind = "group_rename" if channel.kind is Kind.PRIVATE else "channel_rename"
        event = {"type": kind, "channel": stub, "event_ts": next_ts(workspace, self.rooms.now)}
        self.rooms.emit(workspace, event, channel)
        extra = {"old_name": old, "name": name}
        text = f'has renamed the channel from "{old}" to "{name}"'
        self.rooms.post(channel, user, text, subtype="channel_name", extra=extra)

    def describe(self, channel: Channel, user: str, field: str, value: str) -> None:
        """Set the `topic` or the `purpose`."""
        if field == "topic":
            channel.topic = value
        else:
            channel.purpose = value
        text = f"set the channel {field}: {value}"
        self.rooms.post(channel, user, text, subtype=f"channel_{field}", extra={field: value})

    def archive(self, channel: Channel, user: str, *, on: bool) -> None:
        """Close a channel, or open it again."""
        workspace = self.rooms.workspace
        verb = "archive" if on else "unarchive"
        stem = "group" if channel.kind is Kind.PRIVATE else "channel"
        self.rooms.post(channel, user, f"{verb}d the channel", subtype=f"channel_{verb}")
        channel.archived = on
        event = {"type": f"{stem}_{verb}", "channel": channel.id, "user": user, "is_moved": 0}
        ts = next_ts(workspace, self.rooms.now)
        self.rooms.emit(workspace, event | {"event_ts": ts}, channel)

    def delete(self, channel: Channel) -> None:
        """Take a channel away for good, with all that was said in it."""
        workspace = self.rooms.workspace
        stem = "group" if channel.kind is Kind.PRIVATE else "channel"
        event: JSON = {"type": f"{stem}_deleted", "channel": channel.id}
        self.rooms.emit(workspace, event | {"event_ts": next_ts(workspace, self.rooms.now)}, channel)
        del workspace.channels[channel.id]


def check_name(name: str) -> None:
    """Refuse what Slack refuses as a channel's name."""
    if not name:
        raise RefusedError("invalid_name_required")
    if len(name) > NAME_LONGEST:
        raise RefusedError("invalid_name_maxlength")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise RefusedError("invalid_name_specials")
    if not re.search(r"[a-z0-9]", name):
        raise RefusedError("invalid_name_punctuation")
