"""Web API: conversations.* and users.* that only read."""

from collections.abc import Iterable
from typing import Final

from bot.sandbox.slack import payloads
from bot.sandbox.slack.errors import JSON, RefusedError
from bot.sandbox.slack.lookup import (
    cursor_of,
    find_user,
    limit_of,
    member_channel,
    order,
    page,
    read_cursor,
    scope_for,
    timestamp,
    visible_channel,
)
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.world import Channel, Kind, Message

_TYPES: Final = {"public_channel": Kind.PUBLIC, "private_channel": Kind.PRIVATE, "im": Kind.IM}


async def members(team: Team, args: JSON) -> JSON:
    """conversations.members."""
    channel = visible_channel(team, args["channel"], "read")
    shown, more = page(channel.members, args)
    return {"members": shown} | more


async def info(team: Team, args: JSON) -> JSON:
    """conversations.info."""
    channel = visible_channel(team, args["channel"], "read")
    body = payloads.channel(team.workspace, channel)
    if args.get("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


async def listing(team: Team, args: JSON) -> JSON:
    """conversations.list: public channels, and what the app is in, of the types asked for."""
    inside = _of_types(team, args)
    return _channels(team, args, (one for one in inside if one.kind is Kind.PUBLIC or _member(team, one)))


async def users_conversations(team: Team, args: JSON) -> JSON:
    """users.conversations: the app's own, or those it shares with `user`."""
    user = find_user(team, args.get("user", team.workspace.bot_user))
    inside = (one for one in _of_types(team, args) if user.id in one.members)
    return _channels(team, args, (one for one in inside if one.kind is Kind.PUBLIC or _member(team, one)))


def _member(team: Team, channel: Channel) -> bool:
    return team.workspace.bot_user in channel.members


def _of_types(team: Team, args: JSON) -> list[Channel]:
    kinds = set()
    for name in (args.get("types") or "public_channel").split(","):
        if name.strip() not in _TYPES:
            raise RefusedError("invalid_types")
        kinds.add(_TYPES[name.strip()])
    for kind in sorted(kinds):
        scope_for(team, kind, "read")
    everything = team.workspace.channels.values()
    hidden = bool(args.get("exclude_archived", False))
    return [one for one in everything if one.kind in kinds and not (hidden and one.archived)]


def _channels(team: Team, args: JSON, found: Iterable[Channel]) -> JSON:
    shown, more = page(list(found), args)
    return {"channels": [payloads.channel(team.workspace, one) for one in shown]} | more


async def history(team: Team, args: JSON) -> JSON:
    """conversations.history: newest first, replies left out unless broadcast, bounds exclusive unless `inclusive`."""
    channel = member_channel(team, args["channel"], "history")
    found = [one for one in _within(channel.standing(), args) if not one.is_reply or one.broadcast]
    found.reverse()
    start = read_cursor(args, "next_ts:")
    if start is not None:
        found = [one for one in found if order(one.ts) <= order(timestamp(start, "invalid_cursor"))]
    return _messages(team, args, found, limit_of(args, 100)) | {"pin_count": len(channel.pins)}


async def replies(team: Team, args: JSON) -> JSON:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = member_channel(team, args["channel"], "history")
    asked = channel.find(args["ts"])
    if asked is None:
        raise RefusedError("thread_not_found")
    root = asked.thread_ts or asked.ts
    thread = [one for one in channel.standing() if root in (one.ts, one.thread_ts)]
    parent = [one for one in thread if one.ts == root]
    found = parent + [one for one in _within(thread, args) if one.ts != root]
    start = read_cursor(args, "next_ts:")
    if start is not None:
        found = [one for one in found if order(one.ts) >= order(timestamp(start, "invalid_cursor"))]
    return _messages(team, args, found, limit_of(args, 1000))


def _within(messages: Iterable[Message], args: JSON) -> list[Message]:
    oldest = order(timestamp(args.get("oldest", "0"), "invalid_ts_oldest"))
    latest = order(timestamp(args.get("latest", "999999999999"), "invalid_ts_latest"))
    if args.get("inclusive"):
        return [one for one in messages if oldest <= order(one.ts) <= latest]
    return [one for one in messages if oldest < order(one.ts) < latest]


def _messages(team: Team, args: JSON, found: list[Message], limit: int) -> JSON:
    # Without metadata.message:read Slack leaves the metadata out, asked for or not.
    metadata = bool(args.get("include_all_metadata")) and "metadata.message:read" in team.workspace.scopes
    shown = [payloads.message(team.workspace, one, metadata=metadata) | _thread(team, one) for one in found[:limit]]
    more = len(found) > limit
    following = cursor_of(f"next_ts:{found[limit].ts}") if more else ""
    return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": following}}


def _thread(team: Team, one: Message) -> JSON:
    """What a thread's parent tells of its replies."""
    if one.thread_ts != one.ts:
        return {}
    standing = team.workspace.channels[one.channel].standing()
    answers = [reply for reply in standing if reply.is_reply and reply.thread_ts == one.ts]
    if not answers:
        return {"reply_count": 0}
    users = list(dict.fromkeys(reply.user for reply in answers))
    count = {"reply_count": len(answers), "reply_users_count": len(users), "reply_users": users}
    return count | {"latest_reply": answers[-1].ts, "is_locked": False, "subscribed": False}


async def users_info(team: Team, args: JSON) -> JSON:
    """users.info."""
    return {"user": payloads.user(find_user(team, args["user"]), team.workspace.bot_id)}


async def users_list(team: Team, args: JSON) -> JSON:
    """users.list."""
    shown, more = page(list(team.workspace.users.values()), args, 1000)
    return {"members": [payloads.user(one, team.workspace.bot_id) for one in shown], "cache_ts": 0} | more


CALLS: Final = {
    "conversations.members": members,
    "conversations.info": info,
    "conversations.list": listing,
    "conversations.history": history,
    "conversations.replies": replies,
    "users.conversations": users_conversations,
    "users.info": users_info,
    "users.list": users_list,
}
