"""A practice of many cases whose people overlap, on real services, the real router and a real database.

Worlds are built once, with their rooms open, and copied for every run.
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.addresses import Account, Place
from bot.domain.events import InboundEvent
from bot.domain.ids import CaseId, IdSource, PersonId
from bot.domain.outbound import Reply
from bot.domain.rules import Rules
from bot.platforms.slack.capabilities import CAPABILITIES as SLACK
from bot.platforms.telegram.capabilities import CAPABILITIES as TELEGRAM
from bot.ports.clock import ManualClock
from bot.services import checkins, rooms
from bot.services.unit import Unit, Units
from bot.workers.outbox import OutboxWorker
from handlers.router import handle
from storage import cases
from storage.engine.base import Engine
from storage.keys import unlock
from storage.sealing import Sealer
from tests.support.casework import START
from tests.support.databases import migrate, open_url
from tests.support.fence.house import House

T = TypeVar("T")
Row = dict[str, Any]
MEMORY = Path("/dev/shm")
"""Where databases that nobody needs afterwards cost no disk."""
RULES = Rules(find_grace=2_000_000, backoff_first=100_000, backoff_most=2_000_000, pacing=False)


@dataclass(frozen=True)
class Person:
    """Somebody of the roster."""

    id: PersonId
    handle: str
    name: str
    role: str
    account: Account
    topics: bool = True

    def __repr__(self) -> str:
        return self.handle

    @property
    def direct(self) -> Place:
        """Their private chat with the bot."""
        chat = f"D{self.account.user}" if self.account.workspace else self.account.user
        return Place(self.account.platform, self.account.workspace, chat)


def _person(
    id_: int, handle: str, name: str, role: str, platform: str, ws: str, user: str, topics: bool = True
) -> Person:
    return Person(PersonId(id_), handle, name, role, Account(platform, ws, user), topics)


PEOPLE = (
    _person(1, "patel", "Dr Asha Patel", "dentist", "telegram", "", "700001"),
    _person(2, "johal", "Dr Amar Johal", "specialist", "slack", "T0001", "U0002"),
    _person(3, "ops", "Sam Reid", "coordinator", "slack", "T0001", "U0003"),
    _person(4, "shah", "Dr Shah", "specialist", "slack", "T0001", "U0004"),
    _person(5, "dentist2", "Dentist Two", "dentist", "telegram", "", "700002", topics=False),
    _person(6, "dentist3", "Dentist Three", "dentist", "slack", "T0001", "U0006"),
    _person(7, "dentist4", "Dentist Four", "dentist", "telegram", "", "700004"),
    _person(8, "specialist3", "Specialist Three", "specialist", "telegram", "", "700003", topics=False),
    # the same user id as another specialist's, in another workspace
    _person(9, "specialist4", "Specialist Four", "specialist", "slack", "T0002", "U0002"),
)
BY_ID = {one.id: one for one in PEOPLE}
BY_ACCOUNT = {one.account: one for one in PEOPLE}
OPS = BY_ID[PersonId(3)]
STRANGERS = (Account("telegram", "", "700099"), Account("slack", "T0001", "U0099"))
REFS = ("C-7K3F", "C-7K4G", "C-7K5H", "C-7K6J", "C-7K7K", "C-7K8M", "C-7K9N", "C-7M2P", "C-7M3Q", "C-7M4R")
WORLDS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((1, 2), (5, 2), (5, 8)),
    ((1, 2), (1, 4), (5, 2), (5, 8), (6, 9)),
    ((1, 8), (5, 8), (5, 4), (7, 2), (6, 2), (1, 9)),
)
"""Who sits in which case: dentist and specialist of each."""


@dataclass
class Practice:
    """One run's database, clock, platforms and sender."""

    engine: Engine
    units: Units
    clock: ManualClock
    houses: dict[str, House]
    worker: OutboxWorker
    opened: int
    eyes: sqlite3.Connection
    """The oracle's own way to look, past the product."""

    async def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work."""
        return await self.units.do(work)

    async def handle(self, event: InboundEvent) -> Reply | None:
        """An event through the router, as the inbox does it."""
        return await self.units.do(lambda unit: handle(unit, event))

    def rows(self, sql: str) -> list[Row]:
        """Look straight into the database."""
        cursor = self.eyes.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def restart(self) -> None:
        """A fresh sender, as after a crash."""
        self.worker = OutboxWorker(self.units, self.houses, "fence")

    async def open_case(self, dentist: int, specialist: int, words: str) -> None:
        """A case with both seats taken; `words` stand for the patient in the intake."""
        number, self.opened = self.opened, self.opened + 1
        case_id = CaseId(1001 + number)

        def make(unit: Unit) -> None:
            unit.tx.execute(
                """INSERT INTO case_file(id, ref, practice_id, dentist_id, specialist_id, state, created_at)
                   VALUES (:id, :ref, 1, :d, :s, 'open', :now)""",
                {"id": case_id, "ref": REFS[number], "d": dentist, "s": specialist, "now": unit.now},
            )
            intake = json.dumps({"pseudonym": words, "complaint": f"gaps {words}", "consent": True})
            sealed = unit.seal(case_id, "case_file", "intake_sealed", case_id, intake.encode())
            cases.set_intake(unit.tx, case_id, sealed)
            rooms.take_seat(unit, case_id, "dentist", PersonId(dentist))
            rooms.take_seat(unit, case_id, "specialist", PersonId(specialist))
            checkins.plan(unit, case_id)

        await self.do(make)


@dataclass(frozen=True)
class Template:
    """A world to copy."""

    folder: Path
    houses: dict[str, House]
    now: int
    opened: int


class Stage:
    """One event loop for the runs of a machine, and copies of the worlds for them."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._folder = Path(tempfile.mkdtemp(prefix="fence-", dir=MEMORY if MEMORY.is_dir() else None))
        self._runs = itertools.count(1)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end on the stage's loop."""
        return self.loop.run_until_complete(work)

    def practice(self, world: int) -> Practice:
        """A fresh copy of a world."""
        template = _template(world)
        folder = self._folder / str(next(self._runs))
        shutil.copytree(template.folder, folder)
        return self.run(_open(folder, copy.deepcopy(template.houses), template.now, template.opened))

    def close(self, practice: Practice) -> None:
        """End a run."""
        practice.eyes.close()
        self.run(practice.engine.close())

    def end(self) -> None:
        """The machine is done."""
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def patient(number: int) -> str:
    """The word that stands for the patient of the n-th case, from 0."""
    return f"zp{number:04}"


async def _open(folder: Path, houses: dict[str, House], now: int, opened: int) -> Practice:
    engine = await open_url(f"sqlite:///{folder / 'fence.db'}")
    sealer = Sealer(await unlock(engine, folder / "fence.key", 0))
    clock = ManualClock(now)
    tokens = itertools.count(opened * 100_000 + 1)
    units = Units(
        engine,
        clock,
        IdSource(clock.now, random.Random(7).getrandbits, 1),
        sealer,
        {name: house.capabilities for name, house in houses.items()},
        RULES,
        lambda: f"token-{next(tokens)}",
    )
    eyes = sqlite3.connect(f"file:{folder / 'fence.db'}?mode=ro", uri=True, isolation_level=None)
    return Practice(engine, units, clock, houses, OutboxWorker(units, houses, "fence"), opened, eyes)


@cache
def _template(world: int) -> Template:
    folder = Path(tempfile.mkdtemp(prefix="fence-world-"))
    migrate(f"sqlite:///{folder / 'fence.db'}")
    houses = {"slack": House(SLACK), "telegram": House(TELEGRAM)}
    houses["telegram"].without_topics = {one.account.user for one in PEOPLE if not one.topics}
    loop = asyncio.new_event_loop()
    try:
        practice = loop.run_until_complete(_open(folder, houses, START, 0))
        loop.run_until_complete(_build(practice, WORLDS[world]))
        practice.eyes.close()
        loop.run_until_complete(practice.engine.close())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
    return Template(folder, houses, practice.clock.now() + 1_000_000, practice.opened)


async def _build(practice: Practice, seats: tuple[tuple[int, int], ...]) -> None:
    await practice.do(_roster)
    for number, (dentist, specialist) in enumerate(seats):
        await practice.open_case(dentist, specialist, patient(number))
    while (wait := await practice.worker.turn()) is not None:
        practice.clock.advance(max(int(wait * 1_000_000), 1))


def _roster(unit: Unit) -> None:
    unit.tx.execute("INSERT INTO practice(id, name, timezone) VALUES (1, 'Riverside Dental', 'Europe/London')")
    for one in PEOPLE:
        unit.tx.execute(
            """INSERT INTO person(id, handle, name, role, practice_id, timezone, capacity, created_at)
               VALUES (:id, :handle, :name, :role, 1, 'Europe/London', 25, 0)""",
            {"id": one.id, "handle": one.handle, "name": one.name, "role": one.role},
        )
        unit.tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (:id, :id, :p, :w, :u, 'active', 0)""",
            {"id": one.id, "p": one.account.platform, "w": one.account.workspace, "u": one.account.user},
        )
