"""Help: what this person can do here, from the one table of commands."""

from __future__ import annotations

from typing import Any

from bot.domain.commands import COMMANDS as TABLE
from bot.domain.commands import Command
from bot.domain.events import CommandReceived
from bot.domain.outbound import Reply
from bot.services.unit import Unit
from handlers.answers import answer
from prompts.wording import say

Row = dict[str, Any]


def helping(unit: Unit, event: CommandReceived, person: Row | None) -> Reply | None:
    """Every command this person may use, as it is typed on this platform."""
    assert person is not None
    slash = unit.capabilities[event.origin.place.platform].command_prefix
    rows = [
        say("help.line", command=_typed(command, slash), does=say(f"help.does.{command.name}"))
        for command in TABLE
        if (not command.roles or person["role"] in command.roles) and _word(command, slash)
    ]
    return answer(unit, event.origin, person, "\n".join([say("help.intro"), *rows, say("help.end")]))


def _word(command: Command, slash: str) -> str:
    return command.slack if slash.endswith(" ") else command.telegram


def _typed(command: Command, slash: str) -> str:
    return f"{slash}{_word(command, slash)} {command.usage}".rstrip()


COMMANDS = {"help": helping}
