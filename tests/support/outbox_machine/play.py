"""One run: workers that claim and send with the product's own code, one step at a time, and may die at any of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.domain.errors import NotSent
from bot.services import dispatch, parcels
from bot.services.claims import Claim
from bot.services.unit import Unit
from bot.workers.outbox import OutboxWorker
from tests.support.outbox_machine.gate import REQUEST, Call, Gate, answered
from tests.support.outbox_machine.oracle import Breach, Oracle
from tests.support.outbox_machine.world import CAPABILITIES, Stage

T = TypeVar("T")
Row = dict[str, Any]
CALM = 30 * 60_000_000
"""Once everything works again, all that can go has gone within this time (µs)."""


@dataclass(eq=False)
class Hand:
    """One claim in one worker's hands."""

    worker: str
    claim: Claim
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    call: Call | None = None


class Play:
    """`true` is the time that has really passed, `back` by how much the clock was put back in all (µs)."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.desk = stage.desk()
        self.true = self.back = 0
        self.hands: list[Hand] = []
        self.under_way: list[Call] = []
        """Requests that may still take effect, their workers dead or alive."""
        self.gates = {name: Gate(one, self._asked, self._seen) for name, one in CAPABILITIES.items()}
        self.oracle = Oracle(self.desk.rows, self.gates)
        self.sound = True

    def run(self, work: Any) -> Any:
        """Run to the end."""
        return self.stage.run(work)

    # --------------------------------------------------------------------------------------------------- one step

    def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work, and a look."""
        made: T = self.run(self.desk.units.do(work))
        self.desk.clock.advance(1_000)
        self.true += 1_000
        self.look()
        return made

    def look(self) -> None:
        """Judge how things stand now; after a breach nothing is looked at any more."""
        self.under_way = [one for one in self.under_way if one.effect == "pending"]
        self.sound = False
        self.oracle.look([one for one in self.under_way if one.kind == "post"])
        self.sound = True

    def end(self, *, settle: bool) -> None:
        """Let everything go out if asked, look, and close."""
        try:
            if self.sound and settle:
                self.calm()
        finally:
            for hand in self.hands:
                self._kill(hand)
            self.stage.close(self.desk)

    # ------------------------------------------------------------------------------------------------------ workers

    def _asked(self, call: Call) -> None:
        task = asyncio.current_task()
        hand = next(one for one in self.hands if one.task is task)
        call.began = self.true
        others = [one.call for one in self.hands if one is not hand and one.claim.lane == hand.claim.lane]
        pending = [one for one in others if one is not None and one.effect == "pending" and one.writes]
        if call.writes and pending:
            self.oracle.tell(f"two requests of one lane at once: {hand.claim} while {pending}")
        if call.writes:
            self.oracle.leaves(hand.claim, call, self.true)
        hand.call = call
        self.under_way.append(call)
        hand.asked.set()

    def _seen(self, one: Any) -> None:
        self.oracle.seen(one)

    def claim(self, worker: str, limit: int) -> None:
        """A worker claims, and its requests leave."""
        claimed = self.run(self.desk.units.do(lambda unit: dispatch.claim(unit, worker, limit)))
        sender = OutboxWorker(self.desk.units, self.gates, worker)
        for claim in claimed.claims:
            self.oracle.claimed(claim, [one.claim for one in self.hands])
            hand = Hand(worker, claim)
            self.hands.append(hand)
            hand.task = self.stage.loop.create_task(sender._deliver(claim))
            self._go_on(hand)
        self.run(self.desk.units.do(parcels.tell_waiting))
        self.look()

    def _go_on(self, hand: Hand) -> None:
        self.run(self._until_asked(hand))
        if hand.task is not None and hand.task.done():
            self.hands.remove(hand)
            hand.task.result()

    @staticmethod
    async def _until_asked(hand: Hand) -> None:
        assert hand.task is not None
        waiter = asyncio.ensure_future(hand.asked.wait())
        await asyncio.wait({hand.task, waiter}, return_when=asyncio.FIRST_COMPLETED)
        waiter.cancel()
        with suppress(asyncio.CancelledError):
            await waiter

    def answer(self, hand: Hand, fate: Callable[[Call], None]) -> None:
        """Something becomes of a request, and its worker goes on to its next one or to the end."""
        call = hand.call
        assert call is not None
        fate(call)
        error = call.reply.exception() if call.reply.done() else None
        if isinstance(error, NotSent) and error.paced:
            self.oracle.told_to_wait(hand.claim, call, self.true, error.retry_after or 0.0)
        hand.call = None
        hand.asked.clear()
        self._go_on(hand)
        self.look()

    def crash(self, worker: str, effects: int) -> None:
        """A process dies: nothing it holds is settled, but its requests may have left, or be under way."""
        for number, hand in enumerate([one for one in self.hands if one.worker == worker]):
            if hand.call is not None and (effects >> number) & 1:
                hand.call.take_effect()
            self._kill(hand)
        self.hands = [one for one in self.hands if one.worker != worker]
        self.look()

    def _kill(self, hand: Hand) -> None:
        if hand.task is not None:
            hand.task.cancel()
            self.run(asyncio.wait({hand.task}))

    # --------------------------------------------------------------------------------------------------------- time

    def pass_time(self, micros: int, effects: int = 0) -> None:
        """Time passes. What is under way takes effect meanwhile or never will, one bit of `effects` each."""
        self.true += micros
        self.desk.clock.advance(micros)
        for number, call in enumerate(self.under_way):
            if self.true - call.began >= REQUEST:
                if (effects >> number) & 1:
                    call.take_effect()
                else:
                    call.come_to_nothing()
        self.look()

    def put_back(self, micros: int) -> None:
        """The clock is put back; no time passes."""
        self.desk.clock.advance(-micros)
        self.back += micros
        self.look()

    # ---------------------------------------------------------------------------------------------------------- calm

    def turn(self, worker: str) -> None:
        """One worker finishes what it holds and can claim, and everything works."""
        self.claim(worker, 8)
        while mine := [one for one in self.hands if one.worker == worker]:
            self.answer(mine[0], answered)

    def calm(self) -> None:
        """Everything works again: what is queued goes, within a time that people would call soon."""
        for hand in list(self.hands):
            while hand in self.hands:
                self.answer(hand, answered)
        self.pass_time(REQUEST, 0x5555)
        until = self.true + CALM + (self.back if self.oracle.waits else 0)  # a 429's end is a moment of the clock
        for _ in range(400):
            self.turn("calm")
            row = self.desk.rows("SELECT MIN(ready_at) AS at FROM lane WHERE ready_at IS NOT NULL")[0]
            if row["at"] is None:
                break
            self.pass_time(max(int(row["at"]) - self.desk.clock.now(), 1_000))
        if self.true > until:
            still = self.desk.rows("SELECT * FROM lane WHERE ready_at IS NOT NULL")
            raise Breach(f"what was queued took hours to go: {still}")
        self.pass_time(REQUEST)
        self.oracle.at_rest()
