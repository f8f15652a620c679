"""Group commit for SQLite: all units that wait share one COMMIT, and none is answered before it.

A rider is a unit that waits for a wake: the first batch that wakes its channel takes it along, as its last unit.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from storage.engine.base import Tx
from storage.engine.kept import Memory
from storage.engine.sqlite_tx import SqliteTx, translate
from storage.engine.transaction import Outcome, run
from storage.errors import CommitUnknown, Misuse, StorageError, Unavailable

log = logging.getLogger(__name__)

_SHARED = 64
"""Units to one COMMIT at most: the first in a batch waits for the last."""
_CHECKPOINT_IDLE = 500
_CHECKPOINT_BUSY = 4000
"""Rows changed since the last checkpoint that call for one in a quiet moment, and at any time: it holds up the next."""


@dataclass(slots=True, eq=False)
class Job:
    """One unit on its way; `future` belongs to `loop`."""

    unit: Callable[[Tx], Any]
    future: asyncio.Future[Any]
    outcome: Outcome[Any] | None = None
    channels: set[str] = field(default_factory=set)


class GroupCommit:
    """The queue of units, and the drain that empties it on the writing connection's own thread."""

    def __init__(self, settle: Callable[[list[Job]], None]) -> None:
        self.waiting: deque[Job] = deque()
        self.riders: dict[str, Job] = {}
        """By channel: put here on the event loop, taken away by whichever thread is first (`dict.pop` decides)."""
        self._settle = settle
        self._memory = Memory()
        self._checkpointed = 0
        self.untidy = False
        """Enough has changed for a checkpoint in the next quiet moment."""
        self.quiet = False
        """That moment is here: the next `drain` begins with it."""

    def drain(self, connection: sqlite3.Connection) -> None:
        """Run and commit everything that waits; each batch is settled as soon as it is on disk."""
        if self.quiet:
            self._checkpoint(connection)
        while self.waiting:
            batch = [self.waiting.popleft() for _ in range(min(_SHARED, len(self.waiting)))]
            try:
                alone = len(batch) == 1 and not self.riders
                if alone or not self._shared(connection, batch):
                    for job in batch:
                        self._alone(connection, job)
            except Exception as error:  # a fault of ours must still answer whoever waits
                log.exception("group commit failed")
                self._roll_back(connection)
                for job in batch:
                    job.outcome = Outcome(None, error)
            self._settle(batch)
            changed = connection.total_changes - self._checkpointed
            self.untidy = changed >= _CHECKPOINT_IDLE
            if changed >= _CHECKPOINT_BUSY:
                self._checkpoint(connection)

    def _shared(self, connection: sqlite3.Connection, batch: list[Job]) -> bool:
        """Run a batch to one COMMIT; False: nothing is saved, run each alone.

        Savepoints are set only for a batch in which a unit raised: they cost as much as one statement in ten.
        """
        saved = self._together(connection, batch, apart=False)
        return bool(self._together(connection, batch, apart=True) if saved is None else saved)

    def _together(self, connection: sqlite3.Connection, batch: list[Job], *, apart: bool) -> bool | None:
        """Run a batch, and whoever rides with it, in one transaction; unless True nothing is saved.

        `apart`: with a savepoint each, so that a unit that raises takes no other with it; else that ends it, with None.
        """
        refused = _begin(connection)
        if refused is not None:  # locked: trying each alone would only wait as many times again
            for job in batch:
                job.outcome = Outcome(None, refused)
            return True
        done: list[tuple[Job, SqliteTx]] = []
        riding: dict[str, Job] = {}
        saved: bool | None = True
        try:
            for job in batch:
                if not self._run(connection, job, done, apart=apart) and not apart:
                    saved = None
                    break
            else:
                riding = self._mount(done)
                batch += riding.values()
                for _, tx in done:
                    tx.channels -= riding.keys()
                for job in riding.values():
                    self._run(connection, job, done, apart=True)
                connection.execute("COMMIT")
        except sqlite3.Error:
            # Whoever is to blame, each gets a transaction of its own. That holds for units that raised as
            # well: what they raised may rest on rows of a neighbour that were never saved.
            saved = False
        for job, tx in done:
            if saved:
                _release(job, tx)
            else:
                tx.finish()
        if not saved:
            self._roll_back(connection)
        return saved

    def _run(self, connection: sqlite3.Connection, job: Job, done: list[tuple[Job, SqliteTx]], *, apart: bool) -> bool:
        """Run one unit of a batch; False if it raised: with `apart` what it did is undone, else the batch's fate."""
        if apart:
            connection.execute("SAVEPOINT unit")
        tx = SqliteTx(connection, memory=self._memory)
        job.outcome = run(job.unit, tx)
        if job.outcome.error is None:
            done.append((job, tx))
        else:
            tx.finish()
            if not apart:
                return False
            self._memory.forget()
            # Raises where SQLite rolled everything back itself (disk full, i/o error).
            connection.execute("ROLLBACK TO unit")
        if apart:
            connection.execute("RELEASE unit")
        return job.outcome.error is None

    def _mount(self, done: list[tuple[Job, SqliteTx]]) -> dict[str, Job]:
        """The riders that these units woke, each by its channel; from here on they belong to the batch."""
        woken = {channel for _, tx in done for channel in tx.channels} if self.riders else ()
        taken = {channel: self.riders.pop(channel, None) for channel in woken}
        return {channel: job for channel, job in taken.items() if job is not None}

    def _alone(self, connection: sqlite3.Connection, job: Job) -> None:
        refused = _begin(connection)
        if refused is not None:
            job.outcome = Outcome(None, refused)
            return
        tx = SqliteTx(connection, memory=self._memory)
        job.outcome = run(job.unit, tx)
        if job.outcome.error is None:
            try:
                connection.execute("COMMIT")
            except sqlite3.Error as caught:
                job.outcome = Outcome(None, _at_commit(caught))
            else:
                _release(job, tx)
                return
        tx.finish()
        self._roll_back(connection)

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        self._memory.forget()
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        # SQLite up to 3.51.2 can lose pages when a connection commits, and so restarts the WAL, while
        # another connection's checkpoint is starting. Here the only connection that commits is also the
        # only one that ever checkpoints, so the two cannot overlap: automatic checkpoints are off
        # everywhere, readers open the file read-only (even closing last they cannot checkpoint), the folder
        # lock keeps other processes from writing, and the TRUNCATE at a clean stop comes after the last
        # reader has closed. PASSIVE waits for nobody; readers are short, so the WAL starts over soon after.
        self._checkpointed, self.untidy, self.quiet = connection.total_changes, False, False
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:  # everything is still in the WAL; the next one may do better
            log.warning("checkpoint failed", extra={"error": error.sqlite_errorname})


def _begin(connection: sqlite3.Connection) -> StorageError | None:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return translate(error)
    return None


def _at_commit(error: sqlite3.Error) -> StorageError:
    # After a failed fsync nobody can say what a crash would bring back.
    ours = translate(error)
    return CommitUnknown(str(ours)) if isinstance(ours, Unavailable) else ours


def _release(job: Job, tx: SqliteTx) -> None:
    tx.committed()
    job.channels = tx.channels
    tx.finish()


class WriterConnection(sqlite3.Connection):
    """The one writing connection: aiosqlite calls `commit` on its thread, and that drains what waits."""

    group: GroupCommit | None = None

    def commit(self) -> None:
        """Run and commit every unit that waits."""
        if self.group is None:
            raise Misuse("this connection has no units to commit")
        self.group.drain(self)
