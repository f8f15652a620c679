"""`chairside`: the commands by name, each loaded when it is asked for, and every expected failure in plain lines."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from bot.config import ConfigProblem
from bot.services.declined import Declined
from prompts.library import LibraryError
from prompts.wording import say
from storage.errors import ConfigError, KeyProblem, SchemaProblem, StorageError

COMMANDS = {
    "init": "bot.cli.init",
    "doctor": "bot.cli.doctor",
    "run": "bot.cli.run",
    "sandbox": "bot.cli.sandbox",
    "roster": "bot.cli.roster",
    "cases": "bot.cli.cases:cases",
    "case": "bot.cli.cases:case",
    "assign": "bot.cli.cases:assign",
    "outbox": "bot.cli.outbox",
    "stuck": "bot.cli.stuck",
    "report": "bot.cli.report",
    "faq": "bot.cli.faq",
    "simulate": "bot.cli.simulate",
    "db": "bot.cli.db",
}
"""In the order of help; a module's command is called `command` unless it says otherwise."""
BAD_SETTINGS = 2
FAILED = 1


def explain(error: Exception) -> tuple[list[str], int] | None:
    """An expected failure as lines for whoever typed the command, and the exit code; None for a fault of ours."""
    if isinstance(error, ConfigProblem):
        return error.lines, BAD_SETTINGS
    if isinstance(error, ConfigError | KeyProblem | SchemaProblem):
        return [str(error)], BAD_SETTINGS
    if isinstance(error, LibraryError):
        return [say("faq.faulty_library"), *str(error).splitlines()], BAD_SETTINGS
    if isinstance(error, Declined):
        return list(error.lines), FAILED
    if isinstance(error, StorageError):
        return str(error).splitlines() or [type(error).__name__], FAILED
    return None


class Chairside(click.Group):
    """The group: help needs no command's code, and no expected failure shows a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute or "command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line a command, from the wording."""
        with formatter.section(say("cli.commands")):
            formatter.write_dl([(name, say(f"cli.short.{name}")) for name in COMMANDS])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is expected to go wrong is said in lines on standard error."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            explained = explain(error)
            if explained is None:
                raise
            lines, code = explained
            for line in lines:
                click.echo(line, err=True)
            ctx.exit(code)


@click.group(cls=Chairside, help=say("cli.help.chairside"))
@click.version_option(package_name="chairside", prog_name="chairside", message="%(prog)s %(version)s")
def cli() -> None:
    """The top of the tree."""


def main() -> None:
    """The entry point."""
    cli(prog_name="chairside", windows_expand_args=False)
    sys.exit(0)
