"""Slack's own ids: team, channel, user and `ts`; how they become ours, and which of them are the bot's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.addresses import Account, Place

PLATFORM: Final = "slack"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in one workspace, as `auth.test` says; `bot` is the B… id, `user` the U… id."""

    team: str
    user: str
    bot: str
    name: str = ""


def account(team: str, user: str) -> Account:
    """A person (or app) of a workspace."""
    return Account(PLATFORM, team, user)


def place(team: str, channel: str) -> Place:
    """A channel or direct chat; "" where Slack names none (views)."""
    return Place(PLATFORM, team, channel)


def is_direct(channel: str) -> bool:
    """The channel is a person's private chat with the bot."""
    return channel.startswith("D")


def micros(ts: str) -> int:
    """Microseconds of a `ts` ("1700000000.000200"); 0 if it is none."""
    seconds, _, rest = ts.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and (not rest or (rest.isascii() and rest.isdigit()))):
        return 0
    return int(seconds) * 1_000_000 + int(rest[:6].ljust(6, "0"))


def stamp(at: int) -> str:
    """The `ts` of a moment in microseconds."""
    return f"{at // 1_000_000}.{at % 1_000_000:06d}"


def mapping(value: Any, *path: str) -> Json:
    """The object at `path`, {} if there is none: odd JSON never raises."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: Any, *path: str) -> str:
    """The string at `path`, "" if there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def objects(value: Any, *path: str) -> list[Json]:
    """The objects in the list at `path`."""
    found = mapping(value, *path[:-1]).get(path[-1])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def team_of(body: Json) -> str:
    """The workspace a payload was sent to. A shared channel's `team_id` may be another's, so the authorisation wins."""
    for authorised in objects(body, "authorizations"):
        if team := text(authorised, "team_id"):
            return team
    return text(body, "team_id") or text(body, "team", "id") or text(body, "user", "team_id")


def is_own(body: Json, authors: Iterable[Json], known: Identity | None = None) -> bool:
    """One of the message or event objects `authors` is the bot's own doing: told by ids, never by name or content."""
    users = {text(one, "user_id") for one in objects(body, "authorizations") if one.get("is_bot") is True}
    bots: set[str] = set()
    if known is not None:
        users.add(known.user)
        bots.add(known.bot)
    app = text(body, "api_app_id")
    return any(
        (text(author, "user") or "-") in users
        or (text(author, "bot_id") or "-") in bots
        or (app != "" and app in (text(author, "app_id"), text(author, "bot_profile", "app_id")))
        for author in authors
    )
