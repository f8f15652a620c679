"""`chairside sandbox`: a whole case on this machine, without a token, an account or a network."""

from __future__ import annotations

import asyncio

import click
from rich.console import Console

from bot.cli import output
from bot.cli.logs import configure
from bot.sandbox.script import Script, ScriptError, load
from bot.sandbox.stage import Stage
from bot.sandbox.story import play
from bot.sandbox.transcript import IN_A_PIPE, Transcript
from bot.sandbox.web.serve import PortInUse, serve
from prompts.wording import say

PACE = 0.16
"""Seconds for a line of ordinary length."""
STOPPED, UNUSABLE = 1, 2


@click.command(help=say("cli.help.sandbox"))
@click.option("--script", "name", default="week-six", help=say("cli.option.script"))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=say("cli.option.port"))
@click.option("--headless", is_flag=True, help=say("cli.option.headless"))
@click.option("--fast", is_flag=True, help=say("cli.option.fast"))
def command(name: str, port: int, headless: bool, fast: bool) -> None:
    """Serve the page until Ctrl-C, or play the script as a transcript; then leave nothing behind."""
    configure("console", "critical")
    try:
        script = load(name)
    except ScriptError as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(UNUSABLE) from None
    try:
        asyncio.run(_transcript(script, fast) if headless else serve(script, port, _ready))
    except AssertionError as error:
        click.echo(say("sandbox.failed", why=str(error).partition("\n")[0]), err=True)
        raise click.exceptions.Exit(STOPPED) from None
    except PortInUse:
        click.echo(say("sandbox.port", port=port), err=True)
        raise click.exceptions.Exit(UNUSABLE) from None


def _ready(url: str) -> None:
    click.echo(say("sandbox.ready.line", url=url))
    click.echo(say("sandbox.ready.more"))


async def _transcript(script: Script, fast: bool) -> None:
    console = Console(highlight=False) if output.on_terminal() else Console(highlight=False, width=IN_A_PIPE)
    async with Stage() as stage:
        show = Transcript(stage, console, 0.0 if fast or not output.on_terminal() else PACE)
        show.listen()
        await play(stage, script, show)
