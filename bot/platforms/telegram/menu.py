"""The command menu of private chats, from the one table of commands."""

from __future__ import annotations

from collections.abc import Callable

from telegram import BotCommand, BotCommandScopeAllPrivateChats

from bot.domain.commands import BY_TELEGRAM, Command
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.errors import translated

LINE_LIMIT = 256
"""Characters of one line in the menu."""


def shown() -> dict[str, Command]:
    """What is in the menu, which everybody sees: not what is for the coordinators alone."""
    return {name: command for name, command in BY_TELEGRAM.items() if command.roles != {"coordinator"}}


async def set_commands(client: TelegramClient, describe: Callable[[Command], str]) -> None:
    """Set the menu; `describe` gives each command's line. Raises `DeliveryError` kinds."""
    menu = [BotCommand(name, describe(command)[:LINE_LIMIT]) for name, command in shown().items()]
    with translated():
        await client.bot.set_my_commands(menu, scope=BotCommandScopeAllPrivateChats())
