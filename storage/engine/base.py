"""What a transaction and an engine promise, whichever database stands behind them."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Value = int | float | str | bytes | bool | None
Params = Mapping[str, Value]
Row = dict[str, Any]


def first(rows: list[Row]) -> Row | None:
    """The first of a query's rows, or None."""
    return rows[0] if rows else None


class Dialect(StrEnum):
    """The two databases; their values are also the words of `-- dialect:` markers in migrations."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Tx(Protocol):
    """One open transaction. SQL names parameters `:name` on both databases; integers (and bools) go as BIGINT.

    `FOR UPDATE`, `FOR UPDATE SKIP LOCKED` and the like may be written in any query: SQLite, having one
    writer, is given the query without them. After a statement fails the whole unit fails, on both databases:
    a unit that expects a clash says `ON CONFLICT`, it does not catch the error. BEGIN and COMMIT are
    not for units.
    On PostgreSQL units run side by side (READ COMMITTED): read `FOR UPDATE` whatever is to be decided upon.
    """

    @property
    def dialect(self) -> Dialect:
        """Which database this is, for the few statements that differ."""

    @property
    def local(self) -> dict[object, Any]:
        """Scratch space that lives as long as this transaction, empty again when a unit reruns."""

    def execute(self, sql: str, params: Params | None = None) -> int:
        """Run one statement and return how many rows it changed (or returned)."""

    def many(self, sql: str, rows: Iterable[Params]) -> int:
        """Run one statement once per row of parameters and return how many rows changed in all."""

    def all(self, sql: str, params: Params | None = None) -> list[Row]:
        """Run one query and return every row as a dict by column name."""

    def one(self, sql: str, params: Params | None = None) -> Row | None:
        """Run one query and return its first row, or None."""

    def kept(self, sql: str, params: Params) -> list[Row]:
        """As `all`, for a query of what is read for each message and seldom changes; never one with `FOR UPDATE`.

        On SQLite's writing connection the rows are remembered until a unit writes what the query reads.
        """

    def notify(self, channel: str) -> None:
        """Wake whoever waits on `channel`, in every process, once this transaction is committed."""

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Call `hook` on the database thread right after COMMIT, before the result is released.

        Never called on failure. It must be quick and must not raise.
        """


class Role(Protocol):
    """A role only one process may hold at a time: a poller, a sender, the scheduler."""

    @property
    def name(self) -> str:
        """What was asked for."""

    async def held(self) -> bool:
        """Ask the database whether the role is still ours; False for ever once it was lost."""

    async def release(self) -> None:
        """Give the role up; doing so twice is harmless."""


class Engine(Protocol):
    """One database. Units are plain functions over a Tx: no await, no network, and they may run twice."""

    @property
    def dialect(self) -> Dialect:
        """Which database this is."""

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """Run `unit` in one transaction; return its result after COMMIT, or raise with nothing of it saved.

        A unit may be run again from the start (after a deadlock, a broken connection, a failed shared
        COMMIT), so it keeps no state outside its Tx. Cancelling the caller does not undo or stop it.
        Errors: storage.errors, and whatever the unit raises itself.
        """

    async def read(self, query: Callable[[Tx], T]) -> T:
        """Run `query` over one snapshot that refuses writes."""

    def notify(self, channel: str) -> None:
        """Wake whoever waits on `channel` now; call it on the event loop and only for what is committed."""

    async def wait_notify(self, channel: str, seconds: float) -> bool:
        """Wait up to `seconds` for a wake on `channel`; True when one came since the last wait here.

        One waiter a channel in each process. Wakes may be lost between processes, so poll behind it.
        """

    async def ride(self, channel: str, seconds: float, unit: Callable[[Tx], T]) -> T:
        """Run `unit` once something woke `channel` since the last wait there, or after `seconds`; else as `write`.

        Where the database allows, a unit that wakes `channel` takes it along in its own transaction. It is not run when
        the caller is cancelled while it waits. One rider a channel in each process, and nobody waits there besides.
        """

    async def advisory(self, role: str) -> Role | None:
        """Take the single role `role`, or None while another holder (here or in another process) has it."""

    async def close(self) -> None:
        """Finish what was accepted, then let go of everything; later calls raise Closed."""
