"""Drill: one poison message among many, going out or coming in: three attempts, parked, told, stepped over."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from bot.domain.events import InboundEvent, MessageReceived
from bot.domain.ids import CaseId
from bot.domain.outbound import Post, Reply
from bot.domain.rules import SECOND, Rules
from bot.ports.clock import ManualClock
from bot.ports.gateway import Checkpoint, Sent, Target
from bot.services import operations, settle
from bot.services.unit import Unit
from handlers.router import handle
from storage import inbox
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import Casework, casework
from tests.support.platforms import ScriptedPlatform
from tests.support.traffic import inbox_of, said_in

POISON = "the one nobody can swallow"
TOLD_WITHIN = 60 * SECOND
WAYS = pytest.mark.parametrize(
    ("dialect", "side"),
    [("sqlite", "dentist"), ("sqlite", "specialist"), ("postgresql", "dentist")],
    indirect=["dialect"],
)
CASES = 6


@dataclass
class Choking(ScriptedPlatform):
    """Its adapter fails on one text while `choking`; it remembers when each text was shown."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(0))
    choking: bool = True
    tries: list[int] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        if self.choking and post.body.text == POISON:
            self.tries.append(self.clock.now())
            raise ValueError("a fault of ours")
        sent = await super().post(target, post, tag, reply_to, checkpoint, resume)
        self.at.setdefault(post.body.text, self.clock.now())
        return sent


def when(platform: Choking, words: str) -> int:
    """When the first text with these words was shown (µs)."""
    return next(at for text, at in platform.at.items() if words in text)


async def _desk(engine: Engine, sealer: Sealer) -> tuple[Casework, Choking, Choking, list[CaseId]]:
    """By the service's own rules: nothing is shortened here."""
    desk = await casework(engine, sealer, Rules(pacing=False))
    for name, before in desk.platforms.items():
        desk.platforms[name] = Choking(before.capabilities, clock=desk.clock)
    slack, telegram = desk.platforms["slack"], desk.platforms["telegram"]
    assert isinstance(slack, Choking)
    assert isinstance(telegram, Choking)
    cases = [await desk.open_case(1 + n) for n in range(CASES)]
    await desk.settle()
    return desk, slack, telegram, cases


async def _going_out(engine: Engine, sealer: Sealer, side: str, count: int) -> None:
    desk, slack, telegram, cases = await _desk(engine, sealer)
    there, here = (slack, telegram) if side == "dentist" else (telegram, slack)
    dice = random.Random(1)
    order: dict[CaseId, list[str]] = {case: [] for case in cases}
    for number in range(count):
        case = dice.choice(cases)
        text = f"line {number:05}"
        if number == count // 2:
            case, text = cases[0], POISON
            (row,) = await desk.rows("SELECT last_no FROM case_file WHERE id = 1001")
            no = row["last_no"] + 1
        order[case].append(text)
        await desk.says(case, side, text)
    await desk.says(cases[0], side, "after it")
    order[cases[0]].append("after it")
    began = desk.clock.now()
    await desk.settle(steps=10 * count)

    assert len(there.tries) == 3
    (parked,) = await desk.rows("SELECT id, attempts, error, settled_at FROM delivery WHERE state = 'failed'")
    assert (parked["attempts"], parked["error"]) == (3, "other")
    parked_at = int(parked["settled_at"])
    assert when(here, f"#{no} ") - began < TOLD_WITHIN  # something is said of it long before
    assert when(here, f"#{no} was not delivered: something went wrong on our side") - parked_at < TOLD_WITHIN
    assert when(slack, "A delivery in C-7K01 was parked") - parked_at < TOLD_WITHIN
    await _all_but_it(desk, there, order, side)
    (after,) = [one for one in there.shown if one.text == order[cases[0]][order[cases[0]].index(POISON) + 1]]
    assert after.heading.startswith(f"An earlier message (#{no}) was not delivered.")

    there.choking = False
    assert await desk.do(lambda unit: settle.retry(unit, parked["id"]))
    await desk.settle()
    (late,) = [one for one in there.shown if one.text == POISON]
    assert "sent late" in late.heading
    assert f"#{no}" in late.heading
    assert when(here, f"#{no} has now arrived")
    print(  # noqa: T201
        f"\npoison among {count} from the {side}: parked {(parked_at - began) / SECOND:.1f} s after it was said,"
        f" its sender told first after {(when(here, f'#{no} ') - began) / SECOND:.1f} s"
    )


async def _all_but_it(desk: Casework, there: Choking, order: dict[CaseId, list[str]], side: str) -> None:
    for case, texts in order.items():
        seat = await desk.seat(case, "specialist" if side == "dentist" else "dentist")
        here = [one for one in there.shown if (one.place.chat, one.place.topic) == (seat["chat"], seat["topic"])]
        shown = [one.text for one in here if one.text.startswith("line") or one.text in (POISON, "after it")]
        assert shown == [text for text in texts if text != POISON]


@WAYS
async def test_a_poison_delivery_among_300(engine: Engine, sealer: Sealer, side: str) -> None:
    await _going_out(engine, sealer, side, 300)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("side", ["dentist", "specialist"])
async def test_a_poison_delivery_among_10_000(engine: Engine, sealer: Sealer, side: str) -> None:
    await _going_out(engine, sealer, side, 10_000)


@pytest.mark.parametrize("how", ["another row's", "cut", "none"])
async def test_a_delivery_that_cannot_be_opened_is_parked_too(engine: Engine, sealer: Sealer, how: str) -> None:
    desk, slack, telegram, cases = await _desk(engine, sealer)
    await desk.says(cases[0], "dentist", POISON)
    await desk.says(cases[0], "dentist", "after it")
    await desk.says(cases[1], "dentist", "elsewhere")
    new = {"another row's": "(SELECT payload_sealed FROM delivery WHERE id = :other)", "cut": "X'00'", "none": "NULL"}
    sql = new[how] if engine.dialect == "sqlite" or how != "cut" else "'\\x00'"
    rows = await desk.rows("SELECT id FROM delivery WHERE message_id IS NOT NULL ORDER BY id")
    await desk.do(
        lambda unit: unit.tx.execute(
            f"UPDATE delivery SET payload_sealed = {sql} WHERE id = :id",
            {"id": rows[0]["id"], **({"other": rows[1]["id"]} if ":other" in sql else {})},
        )
    )
    await desk.settle()
    assert {"after it", "elsewhere"} <= {one.text for one in slack.shown}
    (parked,) = await desk.rows("SELECT id FROM delivery WHERE state = 'failed'")
    assert parked["id"] == rows[0]["id"]
    assert when(telegram, "#1 was not delivered")
    assert when(slack, "A delivery in C-7K01 was parked")


def _chokes(unit: Unit, event: InboundEvent) -> Reply | None:
    reply = handle(unit, event)
    if isinstance(event, MessageReceived) and event.body.text == POISON:
        raise ValueError("a fault of ours")
    return reply


async def _coming_in(engine: Engine, sealer: Sealer, side: str, count: int) -> None:
    desk, slack, telegram, cases = await _desk(engine, sealer)
    there, here = (slack, telegram) if side == "dentist" else (telegram, slack)
    there.choking = False
    rooms = {case: await desk.seat(case, side) for case in cases}
    dice = random.Random(1)
    order: dict[CaseId, list[str]] = {case: [] for case in cases}
    at = desk.clock.now()
    async with inbox_of(desk, _chokes) as worker:
        for number in range(1, count + 1):
            case, text = dice.choice(cases), f"line {number:05}"
            if number == count // 2:
                case, text = cases[0], POISON
            order[case].append(text)
            await worker.store([said_in(rooms[case], number, text, at=at + number * SECOND)])
        order[cases[0]].append("after it")
        await worker.store([said_in(rooms[cases[0]], count + 1, "after it", at=at + (count + 1) * SECOND)])
    began = desk.clock.now()
    await desk.settle(steps=10 * count)
    (parked,) = await desk.rows("SELECT id, attempts, error FROM inbox")
    assert (parked["attempts"], parked["error"]) == (3, "ValueError")
    assert when(here, POISON) - began < TOLD_WITHIN
    assert when(slack, "could not be handled and was parked") - began < TOLD_WITHIN
    await _all_but_it(desk, there, order, side)

    async with inbox_of(desk):
        await desk.do(lambda unit: operations.WRITES["outbox.retry"](unit, {"id": parked["id"]}))
    await desk.settle()
    (late,) = [one for one in there.shown if one.text == POISON]
    assert "sent " in late.heading
    assert await desk.units.look(lambda unit: inbox.dead(unit.tx)) == []


@WAYS
async def test_a_poison_update_among_300(engine: Engine, sealer: Sealer, side: str) -> None:
    await _coming_in(engine, sealer, side, 300)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("side", ["dentist", "specialist"])
async def test_a_poison_update_among_10_000(engine: Engine, sealer: Sealer, side: str) -> None:
    await _coming_in(engine, sealer, side, 10_000)
