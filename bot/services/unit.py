"""The unit of work: everything one use case may touch, inside one transaction."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from bot.domain.ids import IdSource
from bot.domain.rules import CLOCK_LOOKS, Rules
from bot.ports.clock import Clock
from bot.ports.gateway import Capabilities
from storage import audit
from storage.engine.base import Engine, Tx
from storage.sealing import Sealer

T = TypeVar("T")
Token = Callable[[], str]


def random_token() -> str:
    """128 random bits, URL-safe, 22 characters."""
    return secrets.token_urlsafe(16)


@dataclass(slots=True)
class Unit:
    """One transaction's view: `now` is fixed for the whole unit. It may run twice, so it has no effect but on `tx`."""

    tx: Tx
    now: int
    ids: IdSource
    sealer: Sealer
    capabilities: Mapping[str, Capabilities]
    rules: Rules
    token: Token = random_token
    _entries: list[tuple[int, str, str, dict[str, Any]]] = field(default_factory=list)

    def new_id(self) -> int:
        """A new time-ordered id; wrap it in its NewType."""
        return self.ids.new()

    def wake(self, worker: str) -> None:
        """Wake a worker (outbox, files, drafts, scheduler) once this unit has committed."""
        self.tx.notify(worker)

    def due(self, at: int | None) -> None:
        """Something falls due at `at` (µs), if ever: the clock loop is woken where it would not look before then."""
        if at is not None and at <= self.now + 2 * CLOCK_LOOKS:
            self.wake("scheduler")

    def audit(self, case_id: int, actor: str, action: str, /, **details: Any) -> None:
        """Add to the case's chain (0 for the service): ids, states and hashes only, never content."""
        self._entries.append((case_id, actor, action, details))

    def finish(self) -> None:
        """Append the entries, in order, as the unit's last work.

        A chain is locked by whoever writes to it. Locked last and the service's after any case's, it never makes two
        units wait for each other on PostgreSQL: a message coming in and one going out would, at a second each time.
        """
        chains: dict[int, list[tuple[str, str, dict[str, Any]]]] = {}
        for case_id, actor, action, details in self._entries:
            chains.setdefault(case_id, []).append((actor, action, details))
        for case_id in sorted(chains, key=lambda chain: (chain == 0, chain)):
            audit.extend(self.tx, case_id, self.now, chains[case_id])
        self._entries.clear()

    def seal(self, case_id: int, table: str, column: str, row: int | str, data: bytes, version: int = 1) -> bytes:
        """Seal a case's content for its one place."""
        return self.sealer.seal(self.tx, case_id, table, column, row, version, data)

    def unseal(self, case_id: int, table: str, column: str, row: int | str, data: bytes, version: int = 1) -> bytes:
        """Open what `seal` sealed for the same place; raises if it is any other."""
        return self.sealer.unseal(self.tx, case_id, table, column, row, version, data)

    def hash(self, purpose: str, *parts: str) -> str:
        """A keyed hash, hex: for dedupe keys, nonces, and content named in audit entries."""
        return self.sealer.keyed_hash(purpose, *parts)

    def hashes(self, purpose: str, *parts: str) -> Callable[[str], str]:
        """`hash` of these parts and one more, for many of those."""
        return self.sealer.keyed_hashes(purpose, *parts)


class Units:
    """Runs units of work against one engine."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        ids: IdSource,
        sealer: Sealer,
        capabilities: Mapping[str, Capabilities],
        rules: Rules | None = None,
        token: Token = random_token,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.capabilities = capabilities
        self.rules = rules or Rules()
        self.sealer = sealer
        self._ids = ids
        self._token = token

    async def do(self, work: Callable[[Unit], T]) -> T:
        """Run one unit in one writing transaction; its result is given only after the commit."""
        return await self.engine.write(partial(self._whole, work))

    async def ride(self, channel: str, seconds: float, work: Callable[[Unit], T]) -> T:
        """Run one unit once something woke `channel`, or after `seconds`: see `Engine.ride`."""
        return await self.engine.ride(channel, seconds, partial(self._whole, work))

    def _whole(self, work: Callable[[Unit], T], tx: Tx) -> T:
        unit = self._unit(tx)
        result = work(unit)
        unit.finish()
        return result

    async def look(self, query: Callable[[Unit], T]) -> T:
        """Run a reading unit."""
        return await self.engine.read(lambda tx: query(self._unit(tx)))

    def _unit(self, tx: Tx) -> Unit:
        return Unit(
            tx,
            self.clock.now(),
            self._ids,
            self.sealer,
            self.capabilities,
            self.rules,
            self._token,
        )


def to_json(value: object) -> str:
    """Canonical JSON for plain columns: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
