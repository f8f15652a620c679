"""How a command gets at the service: it asks the running process, or takes its place for a moment."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.cli.logs import configure
from bot.config import Config, ConfigProblem, read
from bot.core import ROLE, open_core
from bot.ports.clock import SystemClock
from bot.services.declined import Declined
from bot.services.operations import READS, WRITES
from bot.workers.local_socket import NAME, connect
from prompts.wording import say
from storage import migrate
from storage.engine.open import open_engine, sqlite_path
from storage.errors import InUse, Unavailable

PATIENCE = 30.0
"""Seconds the running process gets to answer."""
TURN = 5.0
"""Seconds to wait for a process that is just starting or stopping."""


class NoProcess(Exception):
    """No service runs on this data folder."""


class _Line(http.client.HTTPConnection):
    """HTTP over the control socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("chairside", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        """Reach the running process. Raises NoProcess."""
        try:
            self.sock = connect(self._path, PATIENCE)
        except (FileNotFoundError, ConnectionRefusedError):
            raise NoProcess from None
        except OSError:
            raise ConfigProblem([say("cli.desk.closed", path=str(self._path))]) from None


class Desk:
    """Carries out use cases of `bot.services.operations` by name. Raises Declined, ConfigProblem, storage errors."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._socket = config.data_dir / NAME

    @property
    def running(self) -> bool:
        """Whether a service runs on this data folder now."""
        try:
            connect(self._socket, PATIENCE).close()
        except OSError:
            return False
        return True

    @property
    def database_missing(self) -> bool:
        """Whether the SQLite file is not there yet."""
        scheme, _, rest = self.config.database_url.partition("://")
        return scheme == "sqlite" and not sqlite_path(rest).exists()

    def read(self, name: str, /, **args: Any) -> Any:
        """A use case that changes nothing."""
        try:
            return self._ask(name, args)
        except NoProcess:
            if self.database_missing:
                raise ConfigProblem([say("cli.desk.no_database")]) from None
            return _alone(self._look(name, args))

    def write(self, name: str, /, **args: Any) -> Any:
        """A use case that changes something; by the running process, else under its lock."""
        until = time.monotonic() + TURN
        while True:
            with suppress(NoProcess):
                return self._ask(name, args)
            try:
                return _alone(self._do(name, args))
            except InUse:  # it is starting, or stopping, or another command is at work
                if time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def _ask(self, name: str, args: dict[str, Any]) -> Any:
        line = _Line(self._socket)
        try:
            line.request("POST", f"/do/{name}", json.dumps(args), {"Content-Type": "application/json"})
            answer = json.loads(line.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            raise Unavailable(say("cli.desk.broken")) from None
        finally:
            line.close()
        if "declined" in answer:
            raise Declined(*answer["declined"])
        if "failed" in answer:
            raise Unavailable(str(answer["failed"]))
        return answer["result"]

    async def _look(self, name: str, args: dict[str, Any]) -> Any:
        clock = SystemClock()
        engine = await open_engine(self.config.database_url, data_dir=self.config.data_dir, read_only=True)
        try:
            if name != "facts":
                await migrate.check(engine, migrate.load())
            return await engine.read(lambda tx: READS[name](tx, clock.now(), args))
        finally:
            await engine.close()

    async def _do(self, name: str, args: dict[str, Any]) -> Any:
        core = await open_core(self.config)
        try:
            role = await core.engine.advisory(ROLE)
            if role is None:
                raise InUse(say("cli.desk.elsewhere"))
            try:
                return await core.units.do(lambda unit: WRITES[name](unit, args))
            finally:
                await role.release()
        finally:
            await core.close()


def settings(*, platforms: bool = False) -> Config:
    """The settings for a command, with logs kept out of what it prints."""
    config = read(os.environ, platforms=platforms)
    configure("console", "critical")
    return config


def desk() -> Desk:
    """The desk for a command."""
    return Desk(settings())


def _alone(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)
