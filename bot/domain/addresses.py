"""Where people and rooms are, in the platforms' own ids; never names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account on one platform: numeric or opaque id only, never a user name."""

    platform: str
    workspace: str
    user: str


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or a topic in it. `workspace` is Slack's team id, empty on Telegram; no `topic` means the whole chat."""

    platform: str
    workspace: str
    chat: str
    topic: str = ""
