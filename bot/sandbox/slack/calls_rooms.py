"""Web API: conversations.* that change something, and users.conversations."""

from collections.abc import Iterable
from typing import Final

from bot.sandbox.slack import payloads
from bot.sandbox.slack.errors import JSON, RefusedError
from bot.sandbox.slack.lookup import find_user, member_channel, scope_for, visible_channel
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.world import Channel, Kind

TOPIC: Final = 250
INVITES: Final = 100


def _room(team: Team, args: JSON, *, archived_too: bool = False) -> Channel:
    """A channel (not a direct message) the app is in and may change."""
    channel = member_channel(team, args["channel"], "write", im=False)
    if channel.archived and not archived_too:
        raise RefusedError("is_archived")
    return channel


def _shown(team: Team, channel: Channel) -> JSON:
    return {"channel": payloads.channel(team.workspace, channel)}


async def create(team: Team, args: JSON) -> JSON:
    """conversations.create."""
    private = bool(args.get("is_private", False))
    scope_for(team, Kind.PRIVATE if private else Kind.PUBLIC, "write")
    return _shown(team, team.membership.create(args["name"], team.workspace.bot_user, private=private))


async def invite(team: Team, args: JSON) -> JSON:
    """conversations.invite: all or nobody, unless `force`."""
    channel = _room(team, args)
    users = [one.strip() for one in args["users"].split(",") if one.strip()]
    if not users:
        raise RefusedError("no_user")
    if len(users) > INVITES:
        raise RefusedError("too_many_users")
    errors = [{"ok": False, "error": why, "user": one} for one in users if (why := _barred(team, channel, one))]
    welcome = [one for one in users if one not in {error["user"] for error in errors}]
    if errors and not (args.get("force") and welcome):
        raise RefusedError(str(errors[0]["error"]), errors=errors)
    for user in welcome:
        team.membership.join(channel, user, team.workspace.bot_user)
    return _shown(team, channel) | ({"errors": errors} if errors else {})


def _barred(team: Team, channel: Channel, name: str) -> str:
    """Why this person cannot be invited; "" when they can."""
    user = team.workspace.users.get(name)
    if name == team.workspace.bot_user:
        return "cant_invite_self"
    if user is None:
        return "user_not_found"
    if user.deleted or user.is_bot:
        return "cant_invite"
    if name in channel.members:
        return "already_in_channel"
    rooms: Iterable[Channel] = team.workspace.channels.values()
    if user.is_ultra_restricted and any(name in one.members for one in rooms if one.kind is not Kind.IM):
        return "ura_max_channels"
    return ""


async def open_im(team: Team, args: JSON) -> JSON:
    """conversations.open: the direct message with one person."""
    scope_for(team, Kind.IM, "write")
    if args.get("channel"):
        channel = visible_channel(team, args["channel"], "write")
        if channel.kind is not Kind.IM:
            raise RefusedError("method_not_supported_for_channel_type")
        known = True
    else:
        users = [one.strip() for one in args.get("users", "").split(",") if one.strip()]
        if not users:
            raise RefusedError("users_list_not_supplied")
        if len(users) > 1:
            # Group direct messages need a scope this app must not ask for, and nothing here serves them.
            provided = ",".join(sorted(team.workspace.scopes))
            raise RefusedError("missing_scope", needed="mpim:write", provided=provided)
        user = find_user(team, users[0])
        if user.deleted:
            raise RefusedError("user_disabled")
        if user.is_bot:
            raise RefusedError("user_not_visible")
        if args.get("prevent_creation") and team.workspace.dm(user.id) is None:
            raise RefusedError("channel_not_found")
        channel, known = team.membership.open_im(user.id)
    told = {"no_op": True, "already_open": True} if known else {}
    full = args.get("return_im", False)
    return told | {"channel": payloads.channel(team.workspace, channel) if full else {"id": channel.id}}


async def archive(team: Team, args: JSON) -> JSON:
    """conversations.archive."""
    channel = _room(team, args, archived_too=True)
    if channel.archived:
        raise RefusedError("already_archived")
    team.membership.archive(channel, team.workspace.bot_user, on=True)
    return {}


async def unarchive(team: Team, args: JSON) -> JSON:
    """conversations.unarchive."""
    channel = _room(team, args, archived_too=True)
    if not channel.archived:
        raise RefusedError("not_archived")
    team.membership.archive(channel, team.workspace.bot_user, on=False)
    return {}


async def rename(team: Team, args: JSON) -> JSON:
    """conversations.rename: only the channel's creator may."""
    channel = _room(team, args)
    if channel.creator != team.workspace.bot_user:
        raise RefusedError("not_authorized")
    team.membership.rename(channel, args["name"], team.workspace.bot_user)
    return _shown(team, channel)


async def set_topic(team: Team, args: JSON) -> JSON:
    """conversations.setTopic: at most 250 characters."""
    return _describe(team, args, "topic")


async def set_purpose(team: Team, args: JSON) -> JSON:
    """conversations.setPurpose: at most 250 characters."""
    return _describe(team, args, "purpose")


def _describe(team: Team, args: JSON, field: str) -> JSON:
    channel = _room(team, args)
    if len(args[field]) > TOPIC:
        raise RefusedError("too_long")
    team.membership.describe(channel, team.workspace.bot_user, field, args[field])
    return _shown(team, channel)


async def join(team: Team, args: JSON) -> JSON:
    """conversations.join: public channels only."""
    channel = visible_channel(team, args["channel"], "read", im=False)
    if channel.kind is not Kind.PUBLIC:
        raise RefusedError("method_not_supported_for_channel_type")
    if channel.archived:
        raise RefusedError("is_archived")
    if team.workspace.bot_user in channel.members:
        return _shown(team, channel) | {"warning": "already_in_channel"}
    team.membership.join(channel, team.workspace.bot_user)
    return _shown(team, channel)


async def leave(team: Team, args: JSON) -> JSON:
    """conversations.leave."""
    channel = visible_channel(team, args["channel"], "write", im=False)
    if team.workspace.bot_user not in channel.members:
        return {"not_in_channel": True}
    if channel.archived:
        raise RefusedError("is_archived")
    if len(channel.members) == 1:
        raise RefusedError("last_member")
    team.membership.leave(channel, team.workspace.bot_user)
    return {}


async def kick(team: Team, args: JSON) -> JSON:
    """conversations.kick."""
    channel = _room(team, args)
    user = find_user(team, args.get("user", ""))
    if user.id == team.workspace.bot_user:
        raise RefusedError("cant_kick_self")
    if user.id not in channel.members:
        raise RefusedError("not_in_channel")
    team.membership.leave(channel, user.id, team.workspace.bot_user)
    return {}


CALLS: Final = {
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.open": open_im,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.rename": rename,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.kick": kick,
}
