"""SQLite: one writing connection owned by aiosqlite, a few reading ones, one process."""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import aiosqlite

from storage.engine.base import Dialect, Role, Tx
from storage.engine.bells import Bells
from storage.engine.group import GroupCommit, Job, WriterConnection
from storage.engine.lock import FileLock
from storage.engine.sqlite_tx import SqliteTx, translate
from storage.engine.transaction import Outcome, run
from storage.errors import Closed, ConfigError, Misuse, StorageError

T = TypeVar("T")

BUSY_SECONDS = 5.0
READERS = 3
QUIET = 0.2
"""Seconds without anything to write after which the log is tidied up: see `GroupCommit.untidy`."""
_WRITER = (
    # FULL: a COMMIT that was answered survives a power cut, not only a crash of ours.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 0",  # see GroupCommit._checkpoint
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -32768",
    # What is deleted is gone from the file too (a wrapped key above all), and nothing spills to temporary
    # files.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
)
_READER = ("PRAGMA query_only = ON", "PRAGMA wal_autocheckpoint = 0", "PRAGMA temp_store = MEMORY")


class SqliteEngine:
    """An Engine over one SQLite file. Make it with `open_sqlite`."""

    dialect = Dialect.SQLITE

    def __init__(self, path: Path, lock: FileLock | None, busy_seconds: float, readers: int) -> None:
        self._path = path
        self._lock = lock
        self._busy_seconds = busy_seconds
        self._loop = asyncio.get_running_loop()
        self._bells = Bells()
        self._roles: set[str] = set()
        self._closed = False
        self._group = GroupCommit(self._settle)
        self._work = asyncio.Event()
        self._writer: aiosqlite.Connection | None = None
        self._drainer: asyncio.Task[None] | None = None
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._readers = readers
        self._threads = ThreadPoolExecutor(readers, thread_name_prefix="sqlite-read")

    async def start(self, *, read_only: bool) -> None:
        """Open every connection; on any error nothing stays open."""
        if not read_only:
            self._writer = await self._open_writer()
            self._drainer = self._loop.create_task(self._drain(self._writer), name="sqlite-writer")
        for _ in range(self._readers):
            self._idle.put(await self._loop.run_in_executor(self._threads, self._open_reader))

    async def _open_writer(self) -> aiosqlite.Connection:
        def factory(*args: object, **options: object) -> WriterConnection:
            connection = WriterConnection(*args, **options)  # type: ignore[arg-type]  # sqlite3.connect's own
            connection.group = self._group
            return connection

        writer = await aiosqlite.connect(
            self._path,
            factory=factory,
            isolation_level=None,  # BEGIN and COMMIT are said aloud, never guessed by the driver
            timeout=self._busy_seconds,
            cached_statements=1024,
        )
        try:
            mode = await (await writer.execute("PRAGMA journal_mode = WAL")).fetchone()
            if mode is None or mode[0] != "wal":
                raise ConfigError(f"{self._path} lies where SQLite cannot keep a write-ahead log")
            for pragma in _WRITER:
                await (await writer.execute(pragma)).close()
        except BaseException:
            await writer.close()
            raise
        return writer

    def _open_reader(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=ro",
            uri=True,
            isolation_level=None,
            timeout=self._busy_seconds,
            check_same_thread=False,  # it goes from thread to thread of the pool, one at a time
            cached_statements=512,
        )
        for pragma in _READER:
            connection.execute(pragma).fetchall()
        return connection

    async def _drain(self, writer: aiosqlite.Connection) -> None:
        try:
            while not (self._closed and not self._group.waiting):
                try:
                    async with asyncio.timeout(QUIET if self._group.untidy else None):
                        await self._work.wait()
                except TimeoutError:
                    self._group.quiet = True
                self._work.clear()
                if self._group.waiting or self._group.quiet:  # what came in the middle of a drain went with it
                    await writer.commit()
        except asyncio.CancelledError:
            # The loop ends and nobody has called close: aiosqlite's thread must not keep the process alive for ever.
            writer.stop()
            raise

    def _settle(self, jobs: list[Job]) -> None:
        with suppress(RuntimeError):  # the loop is gone, and everybody who waited with it
            self._loop.call_soon_threadsafe(self._answer, jobs)

    def _answer(self, jobs: list[Job]) -> None:
        for job in jobs:
            self._bells.ring(job.channels)
            if job.future.done() or job.outcome is None:  # cancelled: the unit was carried out all the same
                continue
            if job.outcome.error is None:
                job.future.set_result(job.outcome.get())
            else:
                job.future.set_exception(job.outcome.error)

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """See Engine."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._submit(Job(unit, future))
        return await future

    def _check_writable(self) -> None:
        if self._closed:
            raise Closed("the database is closed")
        if self._writer is None:
            raise Misuse("this database was opened for reading only")

    def _submit(self, job: Job) -> None:
        self._check_writable()
        self._group.waiting.append(job)
        self._work.set()

    async def ride(self, channel: str, seconds: float, unit: Callable[[Tx], T]) -> T:
        """See Engine."""
        self._check_writable()
        future: asyncio.Future[T] = self._loop.create_future()
        job = Job(unit, future)

        def rung() -> None:
            if self._group.riders.pop(channel, None) is job:
                self._submit(job)
            else:  # a batch has it: what rings now may not be seen by it, so it is for whoever rides next
                self._bells.ring((channel,))

        if seconds <= 0 or self._bells.taken(channel):
            self._submit(job)
            return await future
        self._group.riders[channel] = job
        self._bells.answer(channel, rung)
        patience = self._loop.call_later(seconds, self.notify, channel)
        try:
            return await future
        finally:
            patience.cancel()
            self._bells.answer(channel, None)
            self._group.riders.pop(channel, None)

    async def read(self, query: Callable[[Tx], T]) -> T:
        """See Engine."""
        if self._closed:
            raise Closed("the database is closed")
        return await self._loop.run_in_executor(self._threads, self._read, query)

    def _read(self, query: Callable[[Tx], T]) -> T:
        connection = self._idle.get()
        tx = SqliteTx(connection, reading=True)
        try:
            connection.execute("BEGIN")
            outcome = run(query, tx)
            if outcome.error is None:
                tx.committed()
        except sqlite3.Error as error:
            outcome = Outcome(None, translate(error))
        finally:
            tx.finish()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._idle.put(connection)
        return outcome.get()

    def notify(self, channel: str) -> None:
        """See Engine."""
        self._bells.ring((channel,))

    async def wait_notify(self, channel: str, seconds: float) -> bool:
        """See Engine."""
        return await self._bells.wait(channel, seconds)

    async def advisory(self, role: str) -> Role | None:
        """See Engine. The folder lock keeps other processes away, so only this one's own roles can clash."""
        if self._closed:
            raise Closed("the database is closed")
        if role in self._roles:
            return None
        self._roles.add(role)
        return _SqliteRole(role, self._roles)

    async def close(self) -> None:
        """See Engine."""
        if self._closed:
            return
        self._closed = True
        while self._group.riders:
            _, job = self._group.riders.popitem()
            if not job.future.done():
                job.future.set_exception(Closed("the database is closed"))
        if self._drainer is not None:
            self._work.set()
            await self._drainer
        self._roles.clear()
        await self._loop.run_in_executor(None, partial(self._threads.shutdown, wait=True))
        while not self._idle.empty():
            self._idle.get().close()
        if self._writer is not None:
            try:
                # Alone by now: everything into the database file, and the log back to nothing.
                await (await self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()
            finally:
                await self._writer.close()
        if self._lock is not None:
            self._lock.release()


class _SqliteRole:
    def __init__(self, name: str, roles: set[str]) -> None:
        self.name = name
        self._roles: set[str] | None = roles

    async def held(self) -> bool:
        return self._roles is not None and self.name in self._roles

    async def release(self) -> None:
        if self._roles is not None:
            self._roles.discard(self.name)
            self._roles = None


def _claim(path: Path, read_only: bool) -> FileLock | None:
    if read_only:
        if not path.is_file():
            raise ConfigError(f"there is no database at {path}")
        return None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(path.with_name(path.name + ".lock"))
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # SQLite copies the mode
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from None
    return lock


async def open_sqlite(
    path: Path, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS, readers: int = READERS
) -> SqliteEngine:
    """Open (and make, mode 0600) the database file at `path`; ConfigError says what stands in the way.

    Read-only engines may stand beside the one process that writes; a second writer gets InUse.
    """
    lock = _claim(path, read_only)
    engine = SqliteEngine(path, lock, busy_seconds, readers)
    failure: StorageError
    try:
        await engine.start(read_only=read_only)
    except sqlite3.Error as error:
        failure = translate(error)
    except StorageError as error:
        failure = error
    else:
        return engine
    await engine.close()
    raise failure
