"""One SQLite transaction, and sqlite3's errors in our own terms."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from storage.engine.base import Dialect, Params, Row
from storage.engine.kept import Memory
from storage.engine.transaction import BaseTx
from storage.engine.translate import for_sqlite
from storage.errors import (
    Busy,
    CheckViolation,
    Corrupt,
    DiskFull,
    ForeignKeyViolation,
    Integrity,
    Misuse,
    NotNullViolation,
    StorageError,
    Unavailable,
    UniqueViolation,
)

_INTEGRITY: dict[int, type[Integrity]] = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: UniqueViolation,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: UniqueViolation,
    sqlite3.SQLITE_CONSTRAINT_ROWID: UniqueViolation,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: ForeignKeyViolation,
    sqlite3.SQLITE_CONSTRAINT_NOTNULL: NotNullViolation,
    sqlite3.SQLITE_CONSTRAINT_CHECK: CheckViolation,
}
_PRIMARY: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_PROTOCOL: Busy,
    sqlite3.SQLITE_INTERRUPT: Busy,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: Unavailable,
    sqlite3.SQLITE_CANTOPEN: Unavailable,
    sqlite3.SQLITE_NOMEM: Unavailable,
    sqlite3.SQLITE_PERM: Unavailable,
    sqlite3.SQLITE_READONLY: Unavailable,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_NOTADB: Corrupt,
}


def translate(error: Exception) -> StorageError:
    """Our error for one of sqlite3's. SQLite's words name tables and columns, never values: they are kept."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or code is None:
        return Misuse(f"{type(error).__name__}: a parameter is missing or of a kind the database cannot hold")
    if code & 0xFF == sqlite3.SQLITE_CONSTRAINT:
        text = str(error)
        return _INTEGRITY.get(code, Integrity)(text, text.rpartition(": ")[2])
    kind = _PRIMARY.get(code & 0xFF, Misuse)
    return kind(f"{error} ({error.sqlite_errorname})")


class SqliteTx(BaseTx):
    """A Tx over a connection whose transaction the engine has begun; when `reading`, a write is Misuse.

    `memory` is the writing connection's; whoever runs the transaction has it forget what was undone.
    """

    dialect = Dialect.SQLITE

    def __init__(self, connection: sqlite3.Connection, *, reading: bool = False, memory: Memory | None = None) -> None:
        super().__init__()
        self._connection = connection
        self._reading = reading
        self._memory = memory

    def _failed(self, error: Exception) -> StorageError:
        ours = translate(error)
        if self._reading and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            ours = Misuse("a query must not write")
        return self.fail(ours)

    def _run(self, sql: str, params: Params | None) -> tuple[int, list[Row]]:
        if self.failure is not None:
            raise self.failure
        if self._memory is not None:
            self._memory.runs(sql)
        try:
            cursor = self._connection.execute(for_sqlite(sql), params or {})
            if cursor.description is None:
                return cursor.rowcount, []
            found = cursor.fetchall()  # to the end, always: a statement left half-way would hold up COMMIT
            if not found:
                return 0, []
            names = self._names(sql, cursor.description)
            return len(found), [dict(zip(names, row, strict=True)) for row in found]
        except (sqlite3.Error, OverflowError, ValueError) as caught:
            error = self._failed(caught)
        raise error  # out here, so that the driver's error does not travel along

    def _names(self, sql: str, description: Sequence[tuple[Any, ...]]) -> tuple[str, ...]:
        known = None if self._memory is None else self._memory.names.get(sql)
        if known is None:
            known = tuple(column[0] for column in description)
            if self._memory is not None:
                self._memory.names[sql] = known
        return known

    def kept(self, sql: str, params: Params) -> list[Row]:
        """See Tx."""
        if self._memory is None or self.failure is not None:
            return super().kept(sql, params)
        found = self._memory.get(sql, params)
        if found is None:
            found = super().kept(sql, params)
            self._memory.put(sql, params, found)
        return found

    def _run_many(self, sql: str, rows: Sequence[Params]) -> int:
        if self.failure is not None:
            raise self.failure
        if self._memory is not None:
            self._memory.runs(sql)
        try:
            return self._connection.executemany(for_sqlite(sql), rows).rowcount
        except (sqlite3.Error, OverflowError, ValueError) as caught:
            error = self._failed(caught)
        raise error
