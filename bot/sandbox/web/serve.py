"""The page, from start to Ctrl-C: everything up, its address told, everything down and nothing left."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from bot.sandbox.door import HOST
from bot.sandbox.script import Script
from bot.sandbox.stage import Stage
from bot.sandbox.web.desk import Desk
from bot.sandbox.web.routes import application


class PortInUse(Exception):
    """Somebody else listens on the port asked for."""


@contextlib.asynccontextmanager
async def page(stage: Stage, script: Script, port: int = 0, pace: float = 1.0) -> AsyncIterator[str]:
    """The page of a stage on loopback; its address, with a slash. Raises PortInUse."""
    desk = Desk(stage, script, pace)
    runner = web.AppRunner(application(desk), access_log=None, handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError:
            raise PortInUse from None
        yield f"http://{HOST}:{runner.addresses[0][1]}/"
    finally:
        await desk.close()
        await runner.cleanup()


async def serve(script: Script, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address once everything stands."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Stage() as stage, page(stage, script, port) as url:
        ready(url)
        await stop.wait()
