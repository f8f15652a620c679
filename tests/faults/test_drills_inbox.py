"""Drill: every event three times over and shuffled, taken in at once: one row each, handled once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from bot.ports.inbound import RawUpdate
from bot.workers.inbox import InboxWorker
from storage import audit
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import Casework, casework
from tests.support.traffic import inbox_of, said_in


async def _three_times_shuffled(desk: Casework, count: int, cases: int, seed: int) -> None:
    dice = random.Random(seed)
    opened = [await desk.open_case(number + 1) for number in range(cases)]
    await desk.settle(steps=100 * cases)
    rooms = [await desk.seat(case, side) for case in opened for side in ("dentist", "specialist")]
    at = desk.clock.now()
    came: list[RawUpdate] = []
    for number in range(1, count + 1):
        room = rooms[number % len(rooms)]
        came += [said_in(room, number, f"n{number}", at=at, copy=copy) for copy in range(3)]
    dice.shuffle(came)
    async with inbox_of(desk) as inbox:
        await asyncio.gather(*(_bring(inbox, came[part::8], random.Random(seed + part)) for part in range(8)))
    await _one_row_each(desk, count)


async def _bring(worker: InboxWorker, updates: Sequence[RawUpdate], dice: random.Random) -> None:
    """One connection of a platform: batches of any size, one after another."""
    start = 0
    while start < len(updates):
        size = dice.choice((1, 1, 7, 60))
        await worker.store(updates[start : start + size])
        start += size


async def _one_row_each(desk: Casework, count: int) -> None:
    (messages,) = await desk.rows("SELECT COUNT(*) AS n FROM message")
    (parts,) = await desk.rows("SELECT COUNT(DISTINCT native_id) AS n FROM message_part WHERE role = 'source'")
    (copies,) = await desk.rows(
        "SELECT COUNT(*) AS n, COUNT(DISTINCT message_id) AS each_once FROM delivery WHERE part = 1"
    )
    assert (messages["n"], parts["n"]) == (count, count)
    assert (copies["n"], copies["each_once"]) == (count, count)
    for row in await desk.rows("SELECT id, last_no FROM case_file"):
        (numbers,) = await desk.rows(
            f"SELECT MIN(no) AS low, MAX(no) AS high, COUNT(*) AS n FROM message WHERE case_id = {row['id']}"
        )
        assert (numbers["low"], numbers["high"], numbers["n"]) == (1, row["last_no"], row["last_no"])
        assert await desk.units.look(lambda unit, case=row["id"]: audit.verify(unit.tx, case)) is None


async def test_each_event_three_times_and_shuffled_is_one_row(engine: Engine, sealer: Sealer) -> None:
    await _three_times_shuffled(await casework(engine, sealer), 2_000, 10, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_100_000_events_three_times_and_shuffled(engine: Engine, sealer: Sealer) -> None:
    await _three_times_shuffled(await casework(engine, sealer), 100_000, 200, seed=1)
