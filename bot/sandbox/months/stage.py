"""The stage of a simulation: a clock that jumps from one due moment to the next, and everything that falls due."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.core import CAPABILITIES
from bot.domain.addresses import Account
from bot.domain.ids import IdSource, PersonId
from bot.domain.localtime import at_local, local_day
from bot.domain.rules import MINUTE, SECOND, Rules
from bot.ports.clock import ManualClock
from bot.sandbox.months.figures import Figures
from bot.sandbox.months.gateways import CalmGateway, Shown
from bot.services import diary
from bot.services.diary import Diary
from bot.services.unit import Unit, Units
from bot.workers.duties import DUTIES
from bot.workers.outbox import OutboxWorker
from storage import accounts, migrate, people
from storage.engine.open import open_engine
from storage.keys import unlock
from storage.sealing import Sealer

T = TypeVar("T")
Row = dict[str, Any]
Deed = Callable[[], Awaitable[None]]
BEGINS = 1_804_496_400 * SECOND
"""Monday 8 March 2027, 09:00 in London."""
BATCH = 100
_ZONE = ZoneInfo("Europe/London")


class Stage:
    """Open it with `opened`, plan deeds with `at`, let time pass with `run`."""

    def __init__(self, units: Units, clock: ManualClock, dice: random.Random) -> None:
        self.units, self.clock, self.dice = units, clock, dice
        self.figures = Figures()
        self.seen: Callable[[Shown, Row], None] = lambda shown, person: None
        self.people: dict[Account, Row] = {}
        self.acted: dict[int, int] = {}
        self._plan: list[tuple[int, int, Deed]] = []
        self._count = itertools.count()
        self._diaries: dict[PersonId, Diary] = {}
        self._outbox_at: int | None = BEGINS
        gateways = {name: CalmGateway(found, self._shown) for name, found in CAPABILITIES.items()}
        self._outbox = OutboxWorker(units, gateways, "months")
        self._new: list[Shown] = []

    @classmethod
    async def opened(cls, url: str, folder: Path, seed: int) -> Stage:
        """An empty stage over a database."""
        engine = await open_engine(url, data_dir=folder)
        dice = random.Random(seed)
        clock = ManualClock(BEGINS)
        await migrate.upgrade(engine, migrate.load(), clock.now())
        sealer = Sealer(await unlock(engine, folder / "months.key", clock.now()))
        numbers = itertools.count(1)
        ids = IdSource(clock.now, dice.getrandbits, 1)
        units = Units(engine, clock, ids, sealer, CAPABILITIES, Rules(), lambda: f"months-token-{next(numbers):012}")
        return cls(units, clock, dice)

    async def close(self) -> None:
        """Let go of the database."""
        await self.units.engine.close()

    @property
    def now(self) -> int:
        """The moment it is (µs)."""
        return self.clock.now()

    def at(self, moment: int, deed: Deed) -> None:
        """Plan something; what is past happens next."""
        heapq.heappush(self._plan, (max(moment, self.now), next(self._count), deed))

    async def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work."""
        return await self.units.do(work)

    async def know_people(self) -> None:
        """Read who there is, and who works when; again after somebody's leave was planned."""

        def read(unit: Unit) -> tuple[list[Row], dict[PersonId, Diary]]:
            rows = [row for row in people.everyone(unit.tx) if row["listed"]]
            found = []
            for row in rows:
                account = accounts.of_person(unit.tx, row["id"])[0]
                accounts.set_reachable(unit.tx, account["id"], True)
                found.append({**row, "account": account})
            return found, diary.of(unit, rows)

        rows, self._diaries = await self.do(read)
        for row in rows:
            one = row["account"]
            self.people[Account(one["platform"], one["workspace"], one["user_ref"])] = row
            self.figures.roles[row["id"]] = row["role"]

    def diary(self, person: Row) -> Diary:
        """When somebody works."""
        return self._diaries[PersonId(person["id"])]

    def in_hours(self, person: Row, low: int, high: int, moment: int | None = None) -> int:
        """A moment after so many minutes of somebody's working time, drawn between two."""
        start = self.now if moment is None else moment
        return self.diary(person).due(start, self.dice.randint(low, max(low, high)) * MINUTE)

    def days_on(self, person: Row, low: int, high: int) -> int:
        """A working moment so many days on, drawn between two."""
        day = local_day(self.now, _ZONE) + timedelta(days=self.dice.randint(low, max(low, high)))
        return self.in_hours(person, 5, 300, at_local(day, 9 * 60, _ZONE))

    async def run(self, until: int, passed: Callable[[int], None] = lambda now: None) -> None:
        """Let time pass, from one thing to the next; `passed` hears of each moment (µs)."""
        while True:
            passed(self.now)
            following = await self._settle()
            if following is None or following > until:
                self.clock.set(max(until, self.now))
                return
            self.clock.set(max(following, self.now))
            while self._plan and self._plan[0][0] <= self.now:
                _, _, deed = heapq.heappop(self._plan)
                await deed()
                await self._send()

    async def _settle(self) -> int | None:
        """Everything due now is done and sent; when something is next."""
        for _ in range(50):
            moments = await self.units.look(lambda unit: [duty.next_due(unit) for duty in DUTIES])
            due = [duty for duty, at in zip(DUTIES, moments, strict=True) if at is not None and at <= self.now]
            for duty in due:
                await self._duty(duty)
            if due or (self._outbox_at is not None and self._outbox_at <= self.now):
                await self._send()
                continue
            known = [at for at in moments if at is not None]
            known += [self._plan[0][0]] if self._plan else []
            known += [self._outbox_at] if self._outbox_at is not None else []
            return min(known, default=None)
        raise RuntimeError("something is due again and again")

    async def _duty(self, duty: Any) -> None:
        found = await self.do(lambda unit: duty.run(unit, BATCH))
        if isinstance(found, list):
            for person_id in found:
                await self.do(partial(duty.each, person_id=person_id))

    async def _send(self) -> None:
        """Send what may go now."""
        while (wait := await self._outbox.turn()) == 0.0:
            pass
        self._outbox_at = None if wait is None else self.now + round(wait * SECOND)
        for shown in self._new:
            person = self.people[shown.owner]
            self.seen(shown, person)
        self._new.clear()

    def _shown(self, shown: Shown) -> None:
        self._new.append(shown)
