"""Drill: the clock goes back an hour, on a day, and over both odd days of the year. Nothing early, repeated or lost."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import apscheduler.schedulers.base
import pytest

import bot.workers.scheduler
from bot.domain.addresses import Account
from bot.domain.errors import NotSent, Unknown
from bot.domain.ids import CaseId
from bot.domain.localtime import local
from bot.domain.rules import DAY, HOUR, MINUTE, SECOND, Rules
from bot.services import assignment, invites
from bot.workers.duties import DUTIES
from bot.workers.scheduler import Duty, SchedulerWorker
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import JOHAL, PATEL, RULES, SHAH, Casework, casework
from tests.support.platforms import Killed

LONDON = ZoneInfo("Europe/London")


def moment(*when: int) -> int:
    """A wall clock in London as a moment (µs)."""
    return round(datetime(*when, tzinfo=LONDON).timestamp()) * SECOND  # type: ignore[arg-type, misc]


SPRING, AUTUMN = date(2028, 3, 26), date(2027, 10, 31)  # in 2027 spring begins at Easter, when nobody is at work


def walk(start: int, days: int, seed: int) -> list[int]:
    """What a clock shows, look by look: it goes on by minutes or hours, is put back an hour, or on a day and back."""
    dice = random.Random(seed)
    now, seen = start, []
    while now < start + days * DAY:
        now += dice.choice((MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 5 * HOUR))
        seen += [now, now]
        fate = dice.random()
        if fate < 0.06:
            now -= HOUR
            seen.append(now)
        elif fate < 0.08:
            seen += [now + DAY, now + DAY + MINUTE, now]
    return seen


@pytest.mark.parametrize("odd_day", [SPRING, AUTUMN])
async def test_an_offer_runs_out_once_and_never_early(engine: Engine, sealer: Sealer, odd_day: date) -> None:
    desk = await casework(engine, sealer)
    friday = odd_day - timedelta(2)
    desk.clock.set(moment(friday.year, friday.month, friday.day, 17, 20))
    case = await _unassigned(desk)
    assert await desk.do(lambda unit: assignment.assign(unit, case)) is not None
    (offer,) = await desk.rows("SELECT * FROM offer")
    due = local(int(offer["due_at"]), LONDON)
    assert (due.isoweekday(), due.hour, due.minute) == (1, 9, 20)  # ten minutes of Friday, twenty of Monday
    seen = walk(desk.clock.now(), 6, seed=odd_day.month)
    for now in seen:
        desk.clock.set(now)
        await SchedulerWorker(desk.units, DUTIES).tick()
    offers = await desk.rows("SELECT * FROM offer ORDER BY made_at")
    assert [row["state"] for row in offers] == ["expired", "expired"]
    assert {row["specialist_id"] for row in offers} == {JOHAL, SHAH}
    for row in offers:
        made = seen.index(int(row["made_at"])) if row["id"] != offer["id"] else 0
        assert row["answered_at"] == next(now for now in seen[made:] if now >= int(row["due_at"]))
    ended = await desk.rows("SELECT seq FROM audit_entry WHERE action = 'offer.expired'")
    assert len(ended) == 2


async def _unassigned(desk: Casework) -> CaseId:
    case = CaseId(1001)
    await desk.do(
        lambda unit: unit.tx.execute(
            """INSERT INTO case_file(id, ref, practice_id, dentist_id, state, created_at)
               VALUES (:id, 'C-7K01', 1, :dentist, 'unassigned', :now)""",
            {"id": case, "dentist": PATEL, "now": unit.now},
        )
    )
    return case


@pytest.mark.parametrize(
    ("made", "used", "good"),
    [
        (0, 23 * HOUR, True),
        (0, 24 * HOUR, False),
        (0, -HOUR, True),  # the clock was put back
        (0, DAY + MINUTE, False),  # it was put on a day: not for ever dead, for it is put right again:
        (DAY, 0, True),  # made by a clock a day ahead, which was then put right
        (DAY, 2 * DAY, False),
        (3 * DAY, 0, False),  # it would live for four days
    ],
)
@pytest.mark.parametrize("odd_day", [SPRING, AUTUMN])
async def test_invites_are_neither_immortal_nor_dead(
    engine: Engine, sealer: Sealer, odd_day: date, made: int, used: int, good: bool
) -> None:
    desk = await casework(engine, sealer)
    start = moment(odd_day.year, odd_day.month, odd_day.day, 0, 15)  # the odd hour lies within the day
    desk.clock.set(start + made)
    code = await desk.do(lambda unit: invites.create(unit, SHAH, "cli"))
    desk.clock.set(start + used)
    claim = await desk.do(lambda unit: invites.claim(unit, Account("telegram", "", "700004"), code))
    assert (claim.outcome is invites.Outcome.CLAIMED) is good
    if good:
        again = await desk.do(lambda unit: invites.claim(unit, Account("telegram", "", "700005"), code))
        assert again.outcome is invites.Outcome.BAD


# --- what is on its way when the clock moves ---------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-HOUR, DAY])
async def test_messages_go_on_when_the_clock_moves(engine: Engine, sealer: Sealer, jump: int) -> None:
    desk = await casework(engine, sealer, Rules())  # the service's own waits
    cases = {}
    for number, name in enumerate(("queued", "backing off", "leased", "in doubt", "lively"), 1):
        cases[name] = await desk.open_case(number)
    await desk.settle()
    slack = desk.platforms["slack"]
    true = desk.clock.now()  # the platform's clock, which does not jump

    for fate, name in ((NotSent("down"), "backing off"), (Unknown("reset"), "in doubt"), (Killed(), "leased")):
        await desk.says(cases[name], "dentist", name, at=true)
        slack.fates.append(fate)
        with suppress(Killed):
            await desk.worker().turn()
    await desk.says(cases["queued"], "dentist", "queued", at=true)
    for line in range(3):
        await desk.says(cases["lively"], "dentist", f"lively {line}", at=true + line)
    await desk.worker().turn()

    desk.clock.advance(jump)
    await desk.says(cases["lively"], "dentist", "lively 3", at=true + 3)
    shown = await _minutes(desk, 4)
    for name, case in cases.items():
        seat = await desk.seat(case, "specialist")
        texts = [text for text in slack.texts(seat["chat"]) if text.startswith(name)]
        assert texts == ([f"lively {line}" for line in range(4)] if name == "lively" else [name])
    assert shown["queued"] <= 5 * SECOND
    assert shown["lively 3"] <= 10 * SECOND
    assert await desk.rows("SELECT id FROM message WHERE state <> 'delivered'") == []


async def test_a_sender_hears_that_a_message_waits_although_the_clock_was_put_back(
    engine: Engine, sealer: Sealer
) -> None:
    desk = await casework(engine, sealer, Rules())
    case = await desk.open_case()
    await desk.settle()
    desk.platforms["slack"].fates.extend([NotSent("down")] * 50)
    await desk.says(case, "dentist", "hello")
    desk.clock.advance(-HOUR)
    shown = await _minutes(desk, 1)
    assert min(at for text, at in shown.items() if text.startswith("#1 is waiting")) <= 60 * SECOND


async def _minutes(desk: Casework, minutes: int) -> dict[str, int]:
    """Let some minutes pass, a second at a time; when each text was first shown, from now (µs)."""
    began, worker, shown = desk.clock.now(), desk.worker(), dict[str, int]()
    while desk.clock.now() < began + minutes * MINUTE:
        while await worker.turn() == 0.0:
            pass
        for platform in desk.platforms.values():
            for one in platform.shown:
                shown.setdefault(one.text, desk.clock.now() - began)
        desk.clock.advance(SECOND)
    return shown


async def test_what_is_due_is_looked_at_although_the_machines_clock_was_put_back(
    engine: Engine, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await casework(engine, sealer, RULES)
    looks: list[int] = []

    class PutBack(datetime):
        """The machine's clock as the ticker sees it: an hour back once it has looked twice."""

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - timedelta(hours=1 if len(looks) > 1 else 0)  # type: ignore[arg-type]

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", PutBack)
    monkeypatch.setattr(bot.workers.scheduler, "TICK", 0.1)
    duty = Duty("look", lambda unit, limit: looks.append(1) or 0, lambda unit: None)
    worker = SchedulerWorker(desk.units, (duty,))
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(5):
        while len(looks) < 6:  # noqa: ASYNC110 - a duty runs on the database's thread
            await asyncio.sleep(0.02)
    worker.stop()
    await running
