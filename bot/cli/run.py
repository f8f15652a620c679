"""`chairside run`: the service, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from importlib import import_module

import click

from bot.app import serve
from bot.cli.logs import configure
from bot.config import read
from prompts.wording import say

DIED = 1


@click.command(help=say("cli.help.run"))
def command() -> None:
    """Exit code 0 after a clean stop, 2 for settings that cannot work, 1 when a worker died."""
    config = read(os.environ)
    configure(config.log_format, config.log_level)
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        clean = runner.run(serve(config))
    click.get_current_context().exit(0 if clean else DIED)


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, where it is installed."""
    try:
        factory: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
    except ImportError:
        return None
    return factory
