"""The Slack app's settings as data: least scopes, the events we read, the one command, the shortcuts of a message."""

from __future__ import annotations

from typing import Any, Final

import yaml

from bot.platforms.slack.http import PATH
from bot.platforms.slack.interactions import SLASH
from prompts.wording import say

SCOPES: Final = (
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "metadata.message:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "users:read",
)
"""All the bot may do; each is used."""
REFUSED: Final = frozenset({"chat:write.customize", "channels:history", "users:read.email"})
"""Scopes that the bot must not have: posting under a person's name, reading open channels, addresses."""
APP_SCOPES: Final = ("connections:write",)
EVENTS: Final = (
    "app_home_opened",
    "app_uninstalled",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)


def manifest(public_url: str = "") -> dict[str, Any]:
    """The manifest to paste when the app is made: for Socket Mode, or for HTTP at `public_url`."""
    address = public_url.rstrip("/") + PATH if public_url else ""
    at = {"request_url": address} if address else {}
    command = {
        "command": SLASH,
        "description": say("slack.app.command"),
        "usage_hint": say("slack.app.usage"),
        "should_escape": False,
    }
    return {
        "display_information": {"name": say("slack.app.name"), "description": say("slack.app.description")},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": say("slack.app.name"), "always_online": True},
            "shortcuts": [
                _shortcut("withdraw", say("slack.app.withdraw"), say("slack.app.withdraw_about")),
                _shortcut("wrong", say("slack.app.wrong"), say("slack.app.wrong_about")),
                _shortcut("urgent", say("slack.app.urgent"), say("slack.app.urgent_about")),
                _shortcut("keep", say("slack.app.keep"), say("slack.app.keep_about")),
            ],
            "slash_commands": [{**command, "url": address} if address else command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**at, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(public_url: str = "") -> str:
    """The same as a YAML file, with what it is for on its first lines."""
    lines = "".join(f"# {line}\n" for line in say("slack.app.file").splitlines())
    return lines + yaml.safe_dump(manifest(public_url), sort_keys=False, allow_unicode=True, width=110)


def _shortcut(name: str, label: str, about: str) -> dict[str, str]:
    return {"name": label, "type": "message", "callback_id": name, "description": about}
