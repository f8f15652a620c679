"""The bot's home page: buttons that type a command for the person. It holds nothing of any case."""

from __future__ import annotations

from typing import Final

from bot.domain.commands import BY_NAME
from bot.platforms.slack.forms import plain
from bot.platforms.slack.ids import Json
from prompts.wording import say

HOME: Final = "home.1"
"""The callback id of the page: raise the number when the page changes, so that it is published anew."""
COMMAND: Final = "command:"
"""Prefix of the action id of a button that stands for a command."""


def view() -> Json:
    """The page, the same for everyone: whether a command is theirs is said when they use it."""
    labels = {"new": say("slack.home.new"), "list": say("slack.home.list"), "help": say("slack.home.help")}
    buttons = [
        {"type": "button", "action_id": COMMAND + name, "value": name, "text": plain(label, 75)}
        for name, label in labels.items()
        if name in BY_NAME  # a command that does not work yet is not shown
    ]
    return {
        "type": "home",
        "callback_id": HOME,
        "blocks": [
            {"type": "section", "text": plain(say("slack.home.intro"), 3000)},
            {"type": "actions", "elements": buttons},
        ],
    }
