"""The control socket: commands given on this machine by the user who runs the service, answered by the service itself.

`POST /do/NAME` with the arguments as a JSON object, for a name of `bot.services.operations`. The answer is
`{"result": …}`, or `{"declined": [lines]}` when it cannot be done as asked.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from bot.services.declined import Declined
from bot.services.operations import READS, WRITES
from bot.services.unit import Units
from bot.workers.local_socket import NAME, listen
from prompts.wording import say
from storage.errors import StorageError

BODY_LIMIT = 4 * 1024 * 1024
BACKLOG = 16

log = structlog.get_logger("control")


class Control:
    """Serves the socket `control.sock` in a folder from `start` to `stop`; only the same user may speak on it."""

    def __init__(self, units: Units, folder: Path) -> None:
        self._units = units
        self._path = folder / NAME
        self._runner: web.AppRunner | None = None
        self._inode = 0

    async def start(self) -> None:
        """Listen; a socket left behind by a process that is gone is replaced. Raises SocketTaken and OSError."""
        listener = listen(self._path, BACKLOG)
        self._inode = self._path.stat().st_ino  # one look at the start
        app = web.Application(client_max_size=BODY_LIMIT, middlewares=[_ours])
        app.add_routes([web.post("/do/{name}", self._do)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()

    async def stop(self) -> None:
        """Answer what is being asked, then take the socket away."""
        if self._runner is None:
            return
        await self._runner.cleanup()
        self._runner = None
        with suppress(OSError):
            if self._path.stat().st_ino == self._inode:  # one look at the end
                self._path.unlink()

    async def _do(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        try:
            args = await request.json()
        except ValueError:
            args = None
        if not isinstance(args, dict):
            return web.json_response({"declined": [say("cli.odd_argument", name=name)]}, status=400)
        try:
            return web.json_response({"result": await self._perform(name, args)})
        except Declined as declined:
            return web.json_response({"declined": declined.lines}, status=409)
        except StorageError as error:
            log.warning("control.database", name=name, error=type(error).__name__)
            return web.json_response({"failed": str(error)}, status=503)
        except Exception as error:  # noqa: BLE001 - a fault in one command must not stop the service
            log.error("control.fault", name=name, error=type(error).__name__)
            return web.json_response({"failed": say("cli.fault_in_service", error=type(error).__name__)}, status=500)

    async def _perform(self, name: str, args: dict[str, Any]) -> Any:
        read, write = READS.get(name), WRITES.get(name)
        if read is not None:
            return await self._units.look(lambda unit: read(unit.tx, unit.now, args))
        if write is not None:
            done = await self._units.do(lambda unit: write(unit, args))
            log.info("control.done", name=name)
            return done
        raise Declined(say("cli.other_version", name=name))


@web.middleware
async def _ours(request: web.Request, handler: Any) -> web.StreamResponse:
    """The file's mode keeps others out; where the system tells who is speaking, that is looked at too."""
    peer = request.transport.get_extra_info("socket") if request.transport is not None else None
    if peer is not None and sys.platform == "linux":
        _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
        if user not in (os.getuid(), 0):
            log.warning("control.stranger")
            return web.Response(status=403)
    answer: web.StreamResponse = await handler(request)
    return answer
