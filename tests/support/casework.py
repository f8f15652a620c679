"""A small practice over a real database: a dentist on Telegram, specialists and a coordinator on Slack."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.domain.addresses import Account, Place
from bot.domain.events import MessageReceived, Origin
from bot.domain.ids import CaseId, IdSource, MessageId, PersonId, SeatId
from bot.domain.richtext import plain
from bot.domain.rules import Rules
from bot.ports.clock import ManualClock
from bot.services import relay, rooms
from bot.services.unit import Unit, Units
from bot.workers.outbox import OutboxWorker
from storage import seats
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.platforms import ScriptedPlatform, slack, telegram

T = TypeVar("T")
Row = dict[str, Any]
START = 1_780_000_000_000_000
RULES = Rules(find_grace=2_000_000, backoff_first=100_000, backoff_most=2_000_000)

PATEL, JOHAL, REID, SHAH = PersonId(1), PersonId(2), PersonId(3), PersonId(4)
PEOPLE = {
    PATEL: ("patel", "Dr Asha Patel", "dentist", "telegram", "", "700001"),
    JOHAL: ("johal", "Dr Amar Johal", "specialist", "slack", "T0001", "U0002"),
    REID: ("ops", "Sam Reid", "coordinator", "slack", "T0001", "U0003"),
    SHAH: ("shah", "Dr Shah", "specialist", "slack", "T0001", "U0004"),
}


@dataclass
class Casework:
    """Units over an engine with a hand-moved clock, and two scripted platforms."""

    units: Units
    clock: ManualClock
    platforms: dict[str, ScriptedPlatform]
    _native: itertools.count[int] = field(default_factory=lambda: itertools.count(100))

    async def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work."""
        return await self.units.do(work)

    def worker(self) -> OutboxWorker:
        """A fresh sender, as after a restart."""
        return OutboxWorker(self.units, self.platforms, "test")

    async def settle(self, *, steps: int = 400) -> None:
        """Send until nothing is left that can go, moving the clock to whatever comes next within an hour."""
        worker = self.worker()
        for _ in range(steps):
            wait = await worker.turn()
            if wait is None:
                return
            self.clock.advance(max(int(wait * 1_000_000), 1))
        raise AssertionError("the outbox does not come to rest")

    async def seat(self, case: CaseId, side: str) -> Row:
        """A living seat."""
        found = await self.units.look(lambda unit: seats.of_case(unit.tx, case, side))
        assert found is not None
        return found

    async def says(self, case: CaseId, side: str, text: str, *, at: int | None = None, **more: Any) -> MessageId:
        """One side of a case says something in its room."""
        seat = await self.seat(case, side)
        place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
        sender = Account(seat["platform"], seat["workspace"], seat["user_ref"])
        origin = Origin(place, sender, at if at is not None else self.clock.now())
        event = MessageReceived(origin, str(next(self._native)), plain(text), **more)
        self.clock.advance(1000)
        return await self.do(lambda unit: relay.receive(unit, seat, event))

    async def open_case(self, number: int = 1, dentist: PersonId = PATEL, specialist: PersonId = JOHAL) -> CaseId:
        """A case with both seats taken; their rooms are made by the next sends."""
        case = CaseId(1000 + number)

        def make(unit: Unit) -> None:
            unit.tx.execute(
                """INSERT INTO case_file(id, ref, practice_id, dentist_id, specialist_id, state, created_at)
                   VALUES (:id, :ref, 1, :d, :s, 'open', :now)""",
                {"id": case, "ref": f"C-7K{number:02}", "d": dentist, "s": specialist, "now": unit.now},
            )
            assert rooms.take_seat(unit, case, "dentist", dentist) is not None
            assert rooms.take_seat(unit, case, "specialist", specialist) is not None

        await self.do(make)
        return case

    async def reassign(self, case: CaseId, to: PersonId) -> None:
        """The bare epoch rule: a new specialist takes the seat."""

        def move(unit: Unit) -> None:
            unit.tx.execute(
                "UPDATE case_file SET specialist_id = :s, epoch = epoch + 1 WHERE id = :id", {"s": to, "id": case}
            )
            old = seats.of_case(unit.tx, case, "specialist")
            assert old is not None
            rooms.leave_seat(unit, old, "The case has moved on.")
            assert rooms.take_seat(unit, case, "specialist", to) is not None
            relay.pass_on_waiting(unit, case, "dentist")

        await self.do(move)

    async def rows(self, sql: str) -> list[Row]:
        """Look straight into the database."""
        return await self.units.look(lambda unit: unit.tx.all(sql))

    async def seat_id(self, case: CaseId, side: str) -> SeatId:
        """The id of a living seat."""
        return SeatId((await self.seat(case, side))["id"])


async def casework(engine: Engine, sealer: Sealer, rules: Rules = RULES) -> Casework:
    """The practice, its people and their accounts; no case yet."""
    clock = ManualClock(START)
    platforms = {"slack": slack(), "telegram": telegram()}
    dice = random.Random(7)
    numbers = itertools.count(1)
    units = Units(
        engine,
        clock,
        IdSource(clock.now, dice.getrandbits, 1),
        sealer,
        {name: platform.capabilities for name, platform in platforms.items()},
        rules,
        lambda: f"token-{next(numbers)}",
    )
    await units.do(people_of_the_practice)
    return Casework(units, clock, platforms)


def people_of_the_practice(unit: Unit) -> None:
    """The practice and its people, each with an account."""
    unit.tx.execute("INSERT INTO practice(id, name, timezone) VALUES (1, 'Riverside Dental', 'Europe/London')")
    for id_, (handle, name, role, platform, workspace, user) in PEOPLE.items():
        unit.tx.execute(
            """INSERT INTO person(id, handle, name, role, practice_id, timezone, capacity, created_at)
               VALUES (:id, :handle, :name, :role, 1, 'Europe/London', 25, 0)""",
            {"id": id_, "handle": handle, "name": name, "role": role},
        )
        unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (:id, :id, :platform, :workspace, :user, 'active', 0)""",
            {"id": id_, "platform": platform, "workspace": workspace, "user": user},
        )
