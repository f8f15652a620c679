"""Whatever the zone, the odd days of the year, a clock that jumps, an outage or a second process: no check-in is early,
repeated, lost or at night."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.check_ins import Answer, CheckInStep, Question
from bot.domain.localtime import at_local, local
from bot.domain.rules import DAY, HOUR, MINUTE
from bot.services import budget, checkins
from bot.services.unit import Units
from prompts import check_in_plans
from storage.engine.base import Engine
from storage.keys import unlock
from storage.sealing import Sealer
from tests.support.casework import PATEL, Casework, casework
from tests.support.databases import open_url

ZONES = (
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/London",
    "America/St_Johns",
    "America/Los_Angeles",
)
ODD_DAYS = (
    date(2027, 3, 14), date(2027, 3, 28), date(2027, 4, 4), date(2027, 9, 26), date(2027, 10, 3), date(2027, 10, 31),
    date(2027, 11, 7), date(2028, 2, 29), date(2027, 6, 16),
)  # fmt: skip
"""Changes of the clock on both halves of the earth, a leap day, and an ordinary day."""
ASK = (Question("q", "How is it?", "It", (Answer("well", "Well", "well"), Answer("bad", "Bad", "bad"))),)
PLAN = MappingProxyType(
    {f"on_{days}": CheckInStep(f"on_{days}", "a day", "dentist", ASK, "opened", days=days) for days in (3, 4, 5, 6)}
)
KINDS = ("minutes", "hours", "half_day", "back_an_hour", "a_day_and_back", "restart")
LOOKS = st.lists(st.sampled_from(KINDS), min_size=20, max_size=40)


def moves(now: int, kind: str) -> list[int]:
    """What the clock shows at the next looks."""
    return {
        "minutes": [now + 20 * MINUTE],
        "hours": [now + 3 * HOUR],
        "half_day": [now + 11 * HOUR],
        "back_an_hour": [now + 2 * HOUR, now + HOUR],
        "a_day_and_back": [now + DAY, now + HOUR],
        "restart": [now],
    }[kind]


async def look(desk: Casework) -> None:
    """One tick of one process."""
    for person in await desk.do(lambda unit: checkins.claim(unit, 100)):
        await desk.do(partial(checkins.ask, person_id=person))


async def begin(desk: Casework, zone: str, odd: date) -> None:
    """Two cases of a dentist in a zone, opened some days before an odd one."""
    tz = ZoneInfo(zone)
    desk.clock.set(at_local(odd - timedelta(days=5), 10 * 60, tz))
    await desk.do(lambda unit: unit.tx.execute("UPDATE person SET timezone = :z", {"z": zone}))
    await desk.do(lambda unit: unit.tx.execute("UPDATE practice SET timezone = :z", {"z": zone}))
    for number in (1, 2):
        case = await desk.open_case(number)
        await desk.do(partial(checkins.plan, case_id=case))


async def check(desk: Casework, zone: str) -> None:
    """Every promise, from what stands in the database."""
    tz = ZoneInfo(zone)
    rows = await desk.rows("SELECT * FROM check_in ORDER BY due_at")
    assert len(rows) == 2 * len(PLAN)
    for row in rows:
        wall = local(int(row["due_at"]), tz)
        assert (wall.hour, wall.minute) == (12, 45)
        assert wall.weekday() < 5
        assert row["state"] in ("asked", "rested", "skipped"), row  # none is lost
        assert row["state"] == "skipped" or row["asked_at"] >= row["due_at"]  # none is early
    sheets = await desk.rows("SELECT * FROM check_in_sheet ORDER BY id")
    for sheet in sheets:
        wall = local(int(sheet["made_at"]), tz)
        assert budget.MORNING <= wall.hour * 60 + wall.minute < budget.EVENING  # never at night
        assert wall.weekday() < 5
        assert sheet["day"] == wall.date().isoformat()
    assert max(Counter(sheet["day"] for sheet in sheets).values()) == 1  # one message a day
    asked = Counter(row["check_in"] for row in await audited(desk, "check_in.asked"))
    assert all(times <= checkins.MOST_ASKS for times in asked.values())
    posts = await desk.rows("SELECT card FROM delivery WHERE kind = 'post' AND card LIKE 'check_ins:%'")
    assert len({row["card"] for row in posts}) == len(posts) == len(sheets)  # each sent once


async def audited(desk: Casework, action: str) -> list[dict[str, int]]:
    """The details of these audit entries."""
    rows = await desk.rows(f"SELECT details FROM audit_entry WHERE action = '{action}'")
    return [json.loads(row["details"]) for row in rows]


async def live(desk: Casework, kinds: list[str]) -> None:
    """Look while the clock does as it likes, then for two quiet weeks."""
    for kind in kinds:
        for now in moves(desk.clock.now(), kind):
            desk.clock.set(now)
            await look(desk)
    for _ in range(14 * 8):
        desk.clock.advance(3 * HOUR)
        await look(desk)


async def whole(template: Path, zone: str, odd: date, kinds: list[str]) -> None:
    """One life over a database of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "chairside.db"
        shutil.copyfile(template, path)
        engine = await open_url(f"sqlite:///{path}")
        try:
            desk = await casework(engine, Sealer(await unlock(engine, Path(folder) / "key", 0)))
            await begin(desk, zone, odd)
            await live(desk, kinds)
            await check(desk, zone)
        finally:
            await engine.close()


@pytest.fixture(autouse=True)
def _plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_in_plans, "load", lambda: PLAN)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(zone=st.sampled_from(ZONES), odd=st.sampled_from(ODD_DAYS), kinds=LOOKS)
@example(zone="Pacific/Auckland", odd=date(2027, 4, 4), kinds=["half_day", "back_an_hour"] * 12)
@example(zone="America/Los_Angeles", odd=date(2027, 3, 14), kinds=["a_day_and_back", "hours"] * 10)
def test_nothing_early_repeated_lost_or_at_night(sqlite_template: Path, zone: str, odd: date, kinds: list[str]) -> None:
    asyncio.run(whole(sqlite_template, zone, odd, kinds))


def test_the_check_bites(sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_may", lambda *_: True)
    with pytest.raises(AssertionError):
        asyncio.run(whole(sqlite_template, "Europe/London", date(2027, 6, 16), ["half_day"] * 20))


@pytest.mark.soak
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(zone=st.sampled_from(ZONES), odd=st.sampled_from(ODD_DAYS), kinds=LOOKS)
def test_nothing_early_repeated_lost_or_at_night_for_long(
    sqlite_template: Path, zone: str, odd: date, kinds: list[str]
) -> None:
    asyncio.run(whole(sqlite_template, zone, odd, kinds))


async def test_after_a_week_of_downtime_what_makes_sense_is_asked_and_the_rest_is_named(
    engine: Engine, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = {name: replace(step, lasts=2) if name in ("on_3", "on_4") else step for name, step in PLAN.items()}
    monkeypatch.setattr(check_in_plans, "load", lambda: short)
    desk = await casework(engine, sealer)
    await begin(desk, "Europe/London", date(2027, 3, 28))
    desk.clock.advance(10 * DAY + 3 * HOUR)  # to a Friday, 13:00 on the wall
    await look(desk)
    states = Counter(row["state"] for row in await desk.rows("SELECT state FROM check_in"))
    assert states == {"skipped": 4, "asked": 4}
    (sheet,) = await desk.rows("SELECT * FROM check_in_sheet")
    assert json.loads(sheet["skipped"]) == ["C-7K01", "C-7K02"]
    await desk.settle()
    assert any("so it is not asked any more: C-7K01 and C-7K02" in one for one in texts(desk))


def texts(desk: Casework) -> list[str]:
    """What the dentist reads in their own chat."""
    return desk.platforms["telegram"].texts("700001")


async def test_two_processes_ask_once(database_url: str, engine: Engine, sealer: Sealer) -> None:
    desk = await casework(engine, sealer)
    await begin(desk, "Europe/London", date(2027, 6, 16))
    other = await open_url(database_url) if database_url.startswith("postgresql") else engine
    twin = Units(other, desk.clock, desk.units._ids, sealer, desk.units.capabilities, desk.units.rules)
    try:
        for _ in range(12 * 8):
            desk.clock.advance(3 * HOUR)
            second = Casework(twin, desk.clock, desk.platforms)
            await asyncio.gather(look(desk), look(second), look(desk), look(second))
        await check(desk, "Europe/London")
    finally:
        if other is not engine:
            await other.close()


async def test_whoever_claimed_and_died_is_followed_by_another(engine: Engine, sealer: Sealer) -> None:
    desk = await casework(engine, sealer)
    await begin(desk, "Europe/London", date(2027, 6, 16))
    (first,) = await desk.rows("SELECT MIN(due_at) AS at FROM check_in")
    desk.clock.set(int(first["at"]))
    assert await desk.do(lambda unit: checkins.claim(unit, 100)) == [PATEL]
    assert await desk.do(lambda unit: checkins.claim(unit, 100)) == []
    desk.clock.advance(checkins.LEASE)
    await look(desk)
    assert len(await desk.rows("SELECT id FROM check_in_sheet")) == 1
