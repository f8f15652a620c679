"""Finding what a Web API call names, with the refusals Slack gives for what the app cannot see."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Final, TypeVar

from bot.sandbox.slack.errors import JSON, RefusedError
from bot.sandbox.slack.team import Team
from bot.sandbox.slack.world import Channel, Kind, Message, User

T = TypeVar("T")
_PREFIX: Final = {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.IM: "im"}


def scope_for(team: Team, kind: Kind, family: str) -> None:
    """Refuse unless the scope of this family (read, history, write) is granted for this kind of channel."""
    granted = team.workspace.scopes
    needed = f"{_PREFIX[kind]}:{family}"
    if needed == "channels:write":
        needed = "channels:manage"
    if needed not in granted:
        raise RefusedError("missing_scope", needed=needed, provided=",".join(sorted(granted)))


def visible_channel(team: Team, name: str, family: str, *, im: bool = True) -> Channel:
    """The channel of this id, if the app may know of it: public, or a member."""
    channel = team.workspace.channels.get(name)
    if channel is None or (channel.kind is not Kind.PUBLIC and team.workspace.bot_user not in channel.members):
        raise RefusedError("channel_not_found")
    scope_for(team, channel.kind, family)
    if channel.kind is Kind.IM and not im:
        raise RefusedError("method_not_supported_for_channel_type")
    return channel


def member_channel(team: Team, name: str, family: str, *, im: bool = True) -> Channel:
    """The same, and the app must be in it."""
    channel = visible_channel(team, name, family, im=im)
    if team.workspace.bot_user not in channel.members:
        raise RefusedError("not_in_channel")
    return channel


def for_posting(team: Team, name: str, archived: str = "is_archived", *, people: bool = True) -> Channel:
    """Where the app may post; a user id stands for the direct message with them."""
    workspace = team.workspace
    if people and name in workspace.users and not workspace.users[name].is_bot:
        return team.membership.open_im(name)[0]
    channel = workspace.channels.get(name)
    inside = channel is not None and workspace.bot_user in channel.members
    if channel is None or (channel.kind is not Kind.PUBLIC and not inside):
        raise RefusedError("channel_not_found")
    if not inside:
        raise RefusedError("not_in_channel")
    if channel.archived:
        raise RefusedError(archived)
    return channel


def find_message(channel: Channel, ts: str, missing: str) -> Message:
    """The standing message of this ts."""
    message = channel.find(ts)
    if message is None:
        raise RefusedError(missing)
    return message


def find_user(team: Team, name: str) -> User:
    """A member of this workspace."""
    user = team.workspace.users.get(name)
    if user is None:
        raise RefusedError("user_not_found")
    return user


def timestamp(value: str, refusal: str) -> str:
    """A well-formed message timestamp (or plain seconds)."""
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", value):
        raise RefusedError(refusal)
    return value


def order(ts: str) -> tuple[int, int]:
    """A timestamp as something that can be compared."""
    seconds, _, rest = ts.partition(".")
    return int(seconds), int((rest or "0").ljust(6, "0"))


def cursor_of(text: str) -> str:
    """An opaque cursor."""
    return base64.b64encode(text.encode()).decode()


def read_cursor(args: JSON, prefix: str) -> str | None:
    """What a cursor of ours holds; `invalid_cursor` for anything else."""
    given = args.get("cursor")
    if not given:
        return None
    try:
        text = base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise RefusedError("invalid_cursor") from None
    if not text.startswith(prefix):
        raise RefusedError("invalid_cursor")
    return text.removeprefix(prefix)


def limit_of(args: JSON, default: int, most: int = 1000) -> int:
    """The page size asked for; 0 means the default."""
    limit = int(args.get("limit") or default)
    if limit > most:
        raise RefusedError("invalid_limit")
    return limit


def page(items: Sequence[T], args: JSON, default: int = 100) -> tuple[list[T], JSON]:
    """(one page of a list, the response_metadata that leads to the next)."""
    start = read_cursor(args, "offset:")
    first = int(start) if start and start.isdigit() else 0
    last = first + limit_of(args, default)
    following = cursor_of(f"offset:{last}") if last < len(items) else ""
    return list(items[first:last]), {"response_metadata": {"next_cursor": following}}
