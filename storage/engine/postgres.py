"""PostgreSQL: psycopg 3, a connection for each thread of our pool; the server groups commits itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import ConnectionPool, PoolTimeout

from storage.engine.base import Dialect, Role, Tx
from storage.engine.bells import Bells
from storage.engine.postgres_control import PostgresControl
from storage.engine.postgres_tx import PostgresTx, translate
from storage.engine.transaction import Outcome, run
from storage.errors import Busy, Closed, CommitUnknown, ConfigError, Unavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

SIZE = 8
_ATTEMPTS = 8
_PAUSE = 0.005
PATIENCE = 5.0
"""Seconds a unit waits for a connection before it is Unavailable."""
_DEFAULTS = {
    "application_name": "chairside",
    "connect_timeout": "5",
    # A peer that vanished without a word is noticed within half a minute.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
_SESSION = "SELECT set_config('lock_timeout', '10s', false), set_config('TimeZone', 'UTC', false)"


def _configure(connection: psycopg.Connection[Any]) -> None:
    # One width for every integer: a statement is prepared once, and sums of parameters cannot overflow.
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    connection.adapters.register_dumper(bool, Int8BinaryDumper)  # flags are BIGINT columns, as on SQLite
    connection.prepared_max = 500
    connection.execute(_SESSION)
    connection.commit()


class PostgresEngine:
    """An Engine over a PostgreSQL database. Make it with `open_postgres`."""

    dialect = Dialect.POSTGRESQL

    def __init__(self, conninfo: str, size: int, patience: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._bells = Bells()
        self._closed = False
        self._patience = patience
        self._running: set[asyncio.Future[Any]] = set()
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="postgres")
        self._pool = ConnectionPool(
            conninfo,
            min_size=size,
            max_size=size,
            open=False,
            configure=_configure,
            timeout=patience,
            # Short, or the pause between attempts doubles without end while the server is away; the next
            # request starts the attempts anew.
            reconnect_timeout=patience,
            num_workers=2,
            name="chairside",
        )
        self._control = PostgresControl(conninfo, self._bells)

    async def start(self) -> None:
        """Connect; Unavailable if the server does not answer in time."""
        try:
            await asyncio.to_thread(self._pool.open, wait=True, timeout=self._patience)
        except PoolTimeout:
            reached = False
        else:
            reached = True
            await self._control.start()
        if not reached:
            await self.close()
            raise Unavailable("PostgreSQL does not answer, or refuses this user or database")

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """See Engine."""
        return await self._submit(self._write, unit)

    async def read(self, query: Callable[[Tx], T]) -> T:
        """See Engine."""
        return await self._submit(self._read, query)

    async def _submit(self, how: Callable[[Callable[[Tx], T]], T], unit: Callable[[Tx], T]) -> T:
        if self._closed:
            raise Closed("the database is closed")
        future = self._loop.run_in_executor(self._threads, how, unit)
        self._running.add(future)
        future.add_done_callback(self._finished)
        # Shielded: a caller that is cancelled does not keep its unit from being carried out.
        return await asyncio.shield(future)

    def _finished(self, future: asyncio.Future[Any]) -> None:
        self._running.discard(future)
        future.exception()  # seen, even when nobody waits any more

    def _write(self, unit: Callable[[Tx], T]) -> T:
        for attempt in range(1, _ATTEMPTS):
            outcome, again = self._once(unit, reading=False)
            if not again:
                return outcome.get()
            time.sleep(_PAUSE * attempt)
        return self._once(unit, reading=False)[0].get()

    def _read(self, query: Callable[[Tx], T]) -> T:
        for _ in range(1, _ATTEMPTS):
            outcome, again = self._once(query, reading=True)
            if not again:
                return outcome.get()
        return self._once(query, reading=True)[0].get()

    def _once(self, unit: Callable[[Tx], T], *, reading: bool) -> tuple[Outcome[T], bool]:
        """Run a unit in one transaction; its outcome, and whether running it again may mend a failure."""
        try:
            connection = self._pool.getconn()
        except PoolTimeout:
            return Outcome(None, Unavailable("no connection to PostgreSQL")), False
        tx = PostgresTx(connection)
        try:
            if reading:
                connection.read_only = True
                # Several queries of one read see one state, as on SQLite.
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            outcome = run(unit, tx)
            if outcome.error is None and not reading:
                outcome, tx.again = self._commit(connection, tx, outcome)
            else:
                with suppress(psycopg.Error):
                    connection.rollback()
                if reading and outcome.error is None:
                    tx.committed()
        finally:
            broken = connection.broken
            tx.finish()
            if reading and not broken:
                connection.read_only = connection.isolation_level = None
            self._pool.putconn(connection)
        if broken:
            self._pool.check()  # its neighbours most likely broke with it
        return outcome, tx.again

    def _commit(
        self, connection: psycopg.Connection[Any], tx: PostgresTx, outcome: Outcome[T]
    ) -> tuple[Outcome[T], bool]:
        try:
            connection.commit()
        except psycopg.Error as caught:
            error = translate(caught)
            if connection.broken or isinstance(error, Unavailable):
                # Only the server knows; running it again might do it twice.
                return Outcome(None, CommitUnknown("the connection broke during COMMIT")), False
            with suppress(psycopg.Error):
                connection.rollback()
            return Outcome(None, error), isinstance(error, Busy)
        tx.committed()
        if tx.channels:
            with suppress(RuntimeError):  # the loop is gone, and everybody who waited with it
                self._loop.call_soon_threadsafe(self._wake, tx.channels)
        return outcome, False

    def _wake(self, channels: set[str]) -> None:
        self._bells.ring(channels)
        self._control.notify(channels)

    def notify(self, channel: str) -> None:
        """See Engine."""
        self._wake({channel})

    async def wait_notify(self, channel: str, seconds: float) -> bool:
        """See Engine."""
        return await self._bells.wait(channel, seconds)

    async def ride(self, channel: str, seconds: float, unit: Callable[[Tx], T]) -> T:
        """See Engine. Here it goes by itself: another unit's locks would be held until it is done."""
        await self.wait_notify(channel, seconds)
        return await self.write(unit)

    async def advisory(self, role: str) -> Role | None:
        """See Engine. The lock lives and dies with one connection kept for the purpose."""
        if self._closed:
            raise Closed("the database is closed")
        return await self._control.take(role)

    async def close(self) -> None:
        """See Engine."""
        if self._closed:
            return
        self._closed = True
        if self._running:
            await asyncio.wait(self._running)
        await self._control.close()
        await asyncio.to_thread(partial(self._threads.shutdown, wait=True))
        await asyncio.to_thread(self._pool.close)


async def open_postgres(url: str, *, size: int = SIZE, patience: float = PATIENCE) -> PostgresEngine:
    """Connect to `url` with `size` connections (and two more for wakes and roles).

    Raises ConfigError for an address that cannot be read, Unavailable if the server does not let us in.
    """
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        given = None
    if given is None or not str(given.get("port", "0")).replace(",", "").isdecimal():
        raise ConfigError("DATABASE_URL is not a PostgreSQL address like postgresql://user:password@host/name")
    engine = PostgresEngine(make_conninfo("", **{**_DEFAULTS, **given}), size, patience)
    await engine.start()
    return engine
