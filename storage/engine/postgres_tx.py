"""One PostgreSQL transaction, and psycopg's errors in our own terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import dict_row

from storage.engine.base import Dialect, Params, Row
from storage.engine.transaction import BaseTx
from storage.engine.translate import for_postgres
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

_STATES: dict[str, type[StorageError]] = {
    "23505": UniqueViolation,
    "23503": ForeignKeyViolation,
    "23502": NotNullViolation,
    "23514": CheckViolation,
    "40001": Busy,  # serialisation failure
    "40P01": Busy,  # deadlock
    "55P03": Busy,  # lock_timeout
    "57014": Busy,  # statement_timeout, or cancelled by an administrator
    "53100": DiskFull,
    "XX001": Corrupt,
    "XX002": Corrupt,
}
_CLASSES: dict[str, type[StorageError]] = {
    "08": Unavailable,  # connection
    "23": Integrity,
    "40": Busy,
    "53": Unavailable,  # out of memory, too many connections
    "57": Unavailable,  # shutting down, starting up
    "58": Unavailable,  # i/o error
}
_AGAIN = ("40001", "40P01")
_STALE_PLAN = "0A000"


def translate(error: Exception) -> StorageError:
    """Our error for one of psycopg's. PostgreSQL's words quote stored values, so only names are kept."""
    if not isinstance(error, psycopg.Error):
        return Misuse(f"{type(error).__name__}: a parameter is of a kind the database cannot hold")
    state = error.sqlstate
    if state is None:  # never reached the server, or the connection broke
        lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return Unavailable("the connection to PostgreSQL broke") if lost else Misuse(type(error).__name__)
    kind = _STATES.get(state) or _CLASSES.get(state[:2], Misuse)
    diag = error.diag
    names = " ".join(name for name in (diag.table_name, diag.column_name, diag.constraint_name) if name)
    if issubclass(kind, Integrity):
        # 23000 without names comes from our own triggers, whose words are ours.
        text = f"{names or diag.message_primary} ({state})"
        return kind(text, diag.constraint_name or diag.column_name or "")
    if state.startswith("42"):  # syntax and names: the text is about our SQL, not about values
        names = diag.message_primary or names
    return kind(f"{names} ({type(error).__name__} {state})".strip())


class PostgresTx(BaseTx):
    """A Tx over a psycopg connection; psycopg says BEGIN before the first statement.

    `again` turns true when the failure is one that a rerun mends: a deadlock, or a connection that broke.
    """

    dialect = Dialect.POSTGRESQL

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__()
        self._connection = connection
        self.again = False

    def _failed(self, error: Exception) -> StorageError:
        state = getattr(error, "sqlstate", None)
        if state == _STALE_PLAN:  # another process migrated the schema: start over on a fresh connection
            self._connection.close()
        self.again = self._connection.closed or state in _AGAIN
        return self.fail(translate(error))

    def _run(self, sql: str, params: Params | None) -> tuple[int, list[Row]]:
        if self.failure is not None:
            raise self.failure
        try:
            with self._connection.cursor(row_factory=dict_row, binary=True) as cursor:
                cursor.execute(for_postgres(sql), params or {})
                rows = cursor.fetchall() if cursor.description is not None else []
                return max(cursor.rowcount, 0), rows
        except (psycopg.Error, OverflowError, ValueError, TypeError) as caught:
            error = self._failed(caught)
        raise error  # out here, so that the driver's error does not travel along

    def _run_many(self, sql: str, rows: Sequence[Params]) -> int:
        if self.failure is not None:
            raise self.failure
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(for_postgres(sql), rows)
                return max(cursor.rowcount, 0)
        except (psycopg.Error, OverflowError, ValueError, TypeError) as caught:
            error = self._failed(caught)
        raise error
