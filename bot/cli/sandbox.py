"""`chairside sandbox`: a whole case on this machine, without a token, an account or a network."""

from __future__ import annotations

import asyncio

import click
from rich.console import Console

from bot.cli import output
from bot.cli.logs import configure
from bot.sandbox.stage import Stage
from bot.sandbox.story import STORIES
from bot.sandbox.transcript import IN_A_PIPE, Transcript
from prompts.wording import say

PACE = 0.16
"""Seconds for a line of ordinary length."""
STOPPED = 1


@click.command(help=say("cli.help.sandbox"))
@click.option("--script", type=click.Choice(list(STORIES)), default="wedding", help=say("cli.option.script"))
@click.option("--fast", is_flag=True, help=say("cli.option.fast"))
def command(script: str, fast: bool) -> None:
    """Play it, then leave nothing behind."""
    configure("console", "critical")
    console = Console(highlight=False) if output.on_terminal() else Console(highlight=False, width=IN_A_PIPE)
    try:
        asyncio.run(_play(script, console, 0.0 if fast or not output.on_terminal() else PACE))
    except AssertionError as error:
        click.echo(say("sandbox.failed", why=str(error).partition("\n")[0] or "AssertionError"), err=True)
        raise click.exceptions.Exit(STOPPED) from None


async def _play(script: str, console: Console, pace: float) -> None:
    async with Stage() as stage:
        show = Transcript(stage, console, pace)
        show.listen()
        await STORIES[script](stage, show)
