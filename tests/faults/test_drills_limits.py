"""Drill: one chat answers 429 nine times in ten. It waits as long as it is told; nobody else waits with it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import NotSent
from bot.domain.ids import CaseId, PersonId
from bot.domain.outbound import Post
from bot.domain.rules import MINUTE, SECOND
from bot.ports.clock import ManualClock
from bot.ports.gateway import Checkpoint, Sent, Target
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.casework import JOHAL, PATEL, SHAH, Casework, casework
from tests.support.platforms import ScriptedPlatform
from tests.support.traffic import more_dentists

FIGURE = 5.0
"""Seconds within which 95 of 100 messages of every other case arrive."""
OTHERS = 12


@dataclass
class Crowded(ScriptedPlatform):
    """Refuses what goes to one chat, most of the time, and tells how long to wait."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(0))
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    chat: str = ""
    refusing: bool = True
    attempts: list[tuple[int, int]] = field(default_factory=list)
    """When (µs) something was tried in that chat, and how long it was told to wait (µs, 0 when it went through)."""
    at: dict[str, int] = field(default_factory=dict)

    def _knock(self, target: Target) -> None:
        if target.place.chat != self.chat:
            return
        if not self.refusing or self.dice.random() >= 0.9:
            self.attempts.append((self.clock.now(), 0))
            return
        wait = self.dice.choice((1, 3, 3, 7, 30))
        self.attempts.append((self.clock.now(), wait * SECOND))
        raise NotSent("429", float(wait), paced=True)

    async def post(
        self, target: Target, post: Post, tag: str, reply_to: str | None, checkpoint: Checkpoint, resume: str
    ) -> Sent:
        self._knock(target)
        sent = await super().post(target, post, tag, reply_to, checkpoint, resume)
        self.at.setdefault(post.body.text, self.clock.now())
        return sent

    async def edit(self, target: Target, native_id: str, post: Post) -> None:
        self._knock(target)
        await super().edit(target, native_id, post)

    async def pin(self, target: Target, native_id: str) -> None:
        self._knock(target)
        await super().pin(target, native_id)


@dataclass
class Day:
    """A day at the practice: who says what when, by the moved clock."""

    desk: Casework
    crowded: Crowded
    quiet: Crowded
    said: dict[str, int] = field(default_factory=dict)

    async def goes_on(self, until: int) -> None:
        """Send whatever may go until then."""
        worker = self.desk.worker()
        while self.desk.clock.now() < until:
            wait = await worker.turn()
            step = until - self.desk.clock.now() if wait is None else max(1, round(wait * SECOND))
            self.desk.clock.set(min(until, self.desk.clock.now() + step))

    async def says(self, case: CaseId, side: str, text: str) -> None:
        self.said[text] = self.desk.clock.now()
        await self.desk.says(case, side, text)


async def _day(engine: Engine, sealer: Sealer, platform: str) -> tuple[Day, list[CaseId], list[CaseId], str]:
    """Cases whose messages end in the crowded chat, and others; the side that writes into it."""
    desk = await casework(engine, sealer)
    for name, before in desk.platforms.items():
        desk.platforms[name] = Crowded(before.capabilities, clock=desk.clock)
    crowded, quiet = desk.platforms[platform], desk.platforms["slack" if platform == "telegram" else "telegram"]
    assert isinstance(crowded, Crowded)
    assert isinstance(quiet, Crowded)
    await desk.do(lambda unit: more_dentists(unit, OTHERS))
    # One chat of a dentist in Telegram holds the topics of all their cases: several lanes, one limit.
    busy = [await desk.open_case(1 + n, PATEL, JOHAL) for n in range(3 if platform == "telegram" else 1)]
    calm = [await desk.open_case(10 + n, PersonId(100 + n), SHAH) for n in range(OTHERS)]
    await desk.settle(steps=4000)
    side = "dentist" if platform == "telegram" else "specialist"
    crowded.chat = (await desk.seat(busy[0], side))["chat"]
    return Day(desk, crowded, quiet), busy, calm, "specialist" if side == "dentist" else "dentist"


async def _crowd(engine: Engine, sealer: Sealer, platform: str, minutes: int) -> None:
    day, busy, calm, side = await _day(engine, sealer, platform)
    dice = random.Random(2)
    end = day.desk.clock.now() + minutes * MINUTE
    number = 0
    while day.desk.clock.now() < end:
        number += 1
        await day.says(dice.choice(busy), side, f"busy {number:05}")
        talking = dice.choice(calm), dice.choice(("dentist", "specialist"))
        for line in range(dice.randrange(1, 5)):
            await day.says(*talking, f"calm {number:05} {line}")
        await day.goes_on(day.desk.clock.now() + dice.randrange(8 * SECOND))
    day.crowded.refusing = False
    await day.desk.settle(steps=6000)

    both = {**day.crowded.at, **day.quiet.at}
    assert day.said.keys() <= both.keys(), "lost"
    for case in busy:
        seat = await day.desk.seat(case, "dentist" if side == "specialist" else "specialist")
        here = [one for one in day.crowded.shown if (one.place.chat, one.place.topic) == (seat["chat"], seat["topic"])]
        words = [one.text for one in here if one.text.startswith("busy")]
        assert words == sorted(set(words))
    waits = sorted(both[text] - at for text, at in day.said.items() if text.startswith("calm"))
    p95 = waits[int(len(waits) * 0.95)] / SECOND
    refused = [(at, wait) for at, wait in day.crowded.attempts if wait]
    early = _too_early(day.crowded.attempts)
    print(  # noqa: T201
        f"\n{platform}, {minutes} min: {len(refused)} of {len(day.crowded.attempts)} attempts refused,"
        f" {len(early)} too early; others p95 {p95:.2f} s, longest {waits[-1] / SECOND:.2f} s"
    )
    assert len(refused) > 5 * minutes
    assert early == []
    assert p95 < FIGURE


def _too_early(attempts: list[tuple[int, int]]) -> list[int]:
    """When something was tried although the chat had been told to wait; what left with the first aside."""
    first = next(at for at, wait in attempts if wait)
    until, early = 0, []
    for at, wait in attempts:
        if at < until and at != first:
            early.append(at)
        if wait:
            until = max(until, at + wait)
    return early


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_crowded_chat_waits_alone(engine: Engine, sealer: Sealer, platform: str) -> None:
    await _crowd(engine, sealer, platform, 1)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_ten_minutes_of_a_crowded_chat(engine: Engine, sealer: Sealer, platform: str) -> None:
    await _crowd(engine, sealer, platform, 10)
