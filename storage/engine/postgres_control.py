"""Between processes on PostgreSQL: wakes by NOTIFY, single roles by session advisory locks."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import psycopg

from storage.engine.base import Role
from storage.engine.bells import Bells
from storage.errors import Unavailable

log = logging.getLogger(__name__)

_CHANNEL = "chairside"
_APART = 0.02
"""Seconds between two NOTIFYs: whatever is rung meanwhile goes with the next."""
_RECONNECT = 1.0


def _key(role: str) -> int:
    digest = hashlib.sha256(f"chairside role {role}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class PostgresControl:
    """Two connections beside the pool: one listens, one notifies and holds the roles."""

    def __init__(self, conninfo: str, bells: Bells) -> None:
        self._conninfo = conninfo
        self._bells = bells
        self._pending: set[str] = set()
        self._rung = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._session: psycopg.AsyncConnection[Any] | None = None
        self._connecting = asyncio.Lock()
        self._roles: dict[str, PostgresRole] = {}
        self._listening = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen; returns once wakes from elsewhere are heard."""
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._listen(), name="postgres-listen"),
            loop.create_task(self._send(), name="postgres-notify"),
        ]
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._listening.wait()

    def notify(self, channels: Iterable[str]) -> None:
        """Wake the other processes, soon and together with whatever else is rung."""
        self._pending.update(channels)
        self._rung.set()

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {_CHANNEL}".encode())
                    self._listening.set()
                    self._bells.ring_all()  # whatever was said while nobody listened
                    async for notice in connection.notifies():
                        session = self._session
                        if session is None or session.closed or notice.pid != session.info.backend_pid:
                            self._bells.ring((notice.payload,))
            except psycopg.Error as error:
                log.warning("cannot listen for wakes", extra={"error": type(error).__name__})
            await asyncio.sleep(_RECONNECT)

    async def _send(self) -> None:
        # After the commit and apart from it: inside, NOTIFY makes every commit of the server take turns.
        while True:
            await self._rung.wait()
            self._rung.clear()
            channels, self._pending = sorted(self._pending), set()
            try:
                session = await self._connected()
                await session.execute(
                    "SELECT pg_notify(%s, channel) FROM unnest(%s::text[]) AS channel", (_CHANNEL, channels)
                )
            except psycopg.Error as error:  # lost wakes are made good by the poll behind every waiter
                log.warning("cannot send wakes", extra={"error": type(error).__name__})
            await asyncio.sleep(_APART)

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        async with self._connecting:
            if self._session is None or self._session.closed:
                self._roles.clear()  # the server let go of them with the old connection
                self._session = None
                self._session = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
            return self._session

    async def take(self, name: str) -> Role | None:
        """Take a role; None while somebody else has it. Raises Unavailable."""
        role = PostgresRole(name, self)
        try:
            session = await self._connected()
            if name in self._roles:
                return None
            self._roles[name] = role
            cursor = await session.execute("SELECT pg_try_advisory_lock(%s)", (_key(name),))
            row = await cursor.fetchone()
        except psycopg.Error:
            row = None
            broken = True
        else:
            broken = False
        if row is not None and row[0]:
            return role
        self._forget(role)
        if broken:
            raise Unavailable("no connection to PostgreSQL")
        return None

    def _forget(self, role: PostgresRole) -> None:
        if self._roles.get(role.name) is role:
            del self._roles[role.name]

    async def holds(self, role: PostgresRole) -> bool:
        """Whether the connection that took this role still lives."""
        session = self._session
        if self._roles.get(role.name) is not role or session is None:
            return False
        try:
            await session.execute("SELECT 1")
        except psycopg.Error:
            self._forget(role)
            return False
        return self._roles.get(role.name) is role

    async def give_up(self, role: PostgresRole) -> None:
        """Let go of a role."""
        session = self._session
        if self._roles.get(role.name) is not role or session is None:
            return
        self._forget(role)
        with suppress(psycopg.Error):
            await session.execute("SELECT pg_advisory_unlock(%s)", (_key(role.name),))

    async def close(self) -> None:
        """Stop, letting go of every role."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._roles.clear()
        if self._session is not None:
            # Said aloud, or a successor would have to wait until the server notices that we are gone.
            with suppress(psycopg.Error, TimeoutError):
                async with asyncio.timeout(1):
                    await self._session.execute("SELECT pg_advisory_unlock_all()")
            await self._session.close()
            self._session = None


class PostgresRole:
    """A Role; it is ours as long as the connection that took it lives."""

    def __init__(self, name: str, control: PostgresControl) -> None:
        self.name = name
        self._control = control

    async def held(self) -> bool:
        """See Role."""
        return await self._control.holds(self)

    async def release(self) -> None:
        """See Role."""
        await self._control.give_up(self)
