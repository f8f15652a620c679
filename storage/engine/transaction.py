"""What the transactions of both databases share: failing whole, hooks, wakes, and running a unit."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from storage.engine.base import Dialect, Params, Row, Tx, first
from storage.errors import Misuse, StorageError

log = logging.getLogger(__name__)

T = TypeVar("T")


class BaseTx(ABC):
    """A Tx. Once a statement failed, every later one raises the same failure, as PostgreSQL would have it."""

    dialect: Dialect

    def __init__(self) -> None:
        self.local: dict[object, Any] = {}
        self.failure: StorageError | None = None
        self.channels: set[str] = set()
        self._hooks: list[Callable[[], None]] = []

    @abstractmethod
    def _run(self, sql: str, params: Params | None) -> tuple[int, list[Row]]:
        """Run one statement; rows changed (or returned) and the rows; a StorageError is noted first."""

    @abstractmethod
    def _run_many(self, sql: str, rows: Sequence[Params]) -> int:
        """Run one statement for each row of parameters; rows changed in all."""

    def execute(self, sql: str, params: Params | None = None) -> int:
        """See Tx."""
        return self._run(sql, params)[0]

    def all(self, sql: str, params: Params | None = None) -> list[Row]:
        """See Tx."""
        return self._run(sql, params)[1]

    def one(self, sql: str, params: Params | None = None) -> Row | None:
        """See Tx."""
        return first(self._run(sql, params)[1])

    def kept(self, sql: str, params: Params) -> list[Row]:
        """See Tx."""
        return self.all(sql, params)

    def many(self, sql: str, rows: Iterable[Params]) -> int:
        """See Tx."""
        given = list(rows)
        return self._run_many(sql, given) if given else 0

    def notify(self, channel: str) -> None:
        """See Tx."""
        self.channels.add(channel)

    def after_commit(self, hook: Callable[[], None]) -> None:
        """See Tx."""
        self._hooks.append(hook)

    def fail(self, error: StorageError) -> StorageError:
        """Note the first failure and return it to be raised."""
        if self.failure is None:
            self.failure = error
        return error

    def committed(self) -> None:
        """Run the hooks. The rows are saved by now, so a hook that fails must not make it look otherwise."""
        for hook in self._hooks:
            try:
                hook()
            except Exception:
                log.exception("a hook after COMMIT failed")

    def finish(self) -> None:
        """Refuse every further statement: the connection goes to somebody else now."""
        self.fail(Misuse("this transaction is over"))
        self._hooks.clear()


class Outcome(Generic[T]):
    """How a unit ended: its result, or the error it raised."""

    __slots__ = ("_result", "error")

    def __init__(self, result: T | None, error: BaseException | None) -> None:
        self._result = result
        self.error = error

    def get(self) -> T:
        """The result; raises the error instead if there is one."""
        if self.error is not None:
            raise self.error
        return self._result  # type: ignore[return-value]  # T may itself be None


def run(unit: Callable[[Tx], T], tx: BaseTx) -> Outcome[T]:
    """Run a unit over `tx`. A failure it swallowed counts as raised: its transaction is lost all the same."""
    try:
        result = unit(tx)
    except BaseException as error:  # noqa: BLE001  # handed to the caller, whatever it is
        if isinstance(error, StopIteration):  # a future cannot carry it
            return Outcome(None, Misuse("a unit raised StopIteration"))
        return Outcome(None, error)
    if tx.failure is not None:
        return Outcome(None, tx.failure)
    return Outcome(result, None)
