"""A withdrawal while a claim is open: no words go of which their author was told that nobody has seen them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.ids import CaseId
from bot.services import corrections, dispatch, wrong_case
from bot.services.heads import Heads
from bot.services.unit import Unit
from storage import deliveries, messages
from tests.support.casework import PATEL, Casework

WORDS = "Words of somebody else"


class Halted:
    """A claim that stops before or after it commits what it takes, on a thread of its own, until it is let go."""

    def __init__(self, desk: Casework, patch: pytest.MonkeyPatch, *, saved: bool) -> None:
        self.desk = desk
        self._there, self._go = threading.Event(), threading.Event()
        save = Heads.save

        def halting(heads: Heads) -> None:
            if saved:
                save(heads)
            self._there.set()
            assert self._go.wait(20)
            if not saved:
                save(heads)

        patch.setattr(Heads, "save", halting)
        self._claiming = asyncio.create_task(desk.do(lambda unit: dispatch.claim(unit, "w", 8)))
        self._restore = lambda: patch.setattr(Heads, "save", save)

    async def race(self, work: Callable[[Unit], Any]) -> Any:
        """Do something while the claim is open, let it go a moment later, and send what it took."""
        await asyncio.to_thread(self._there.wait, 20)
        racing = asyncio.create_task(self.desk.do(work))
        await asyncio.wait([racing], timeout=0.5)
        self._go.set()
        claimed = await self._claiming
        result = await racing
        self._restore()
        worker = self.desk.worker()
        for claim in claimed.claims:
            await worker._deliver(claim)
        await self.desk.settle()
        return result


async def said(desk: Casework) -> tuple[CaseId, int]:
    case = await desk.open_case()
    await desk.settle()
    await desk.says(case, "dentist", "hello")
    await desk.settle()
    message = await desk.says(case, "dentist", WORDS)
    desk.clock.advance(10_000_000)
    return case, message


async def row_of(desk: Casework, message: int) -> dict[str, Any]:
    row = await desk.units.look(lambda unit: messages.get(unit.tx, message))
    assert row is not None
    return row


def stands(desk: Casework) -> bool:
    return any(one.text == WORDS and not one.deleted for one in desk.platforms["slack"].shown)


def told(desk: Casework) -> list[str]:
    return [one.text for one in desk.platforms["telegram"].shown]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("saved", [False, True])
async def test_a_withdrawal_is_not_lost_to_a_claim(
    desk: Casework, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    _, message = await said(desk)
    row = await row_of(desk, message)
    halted = Halted(desk, monkeypatch, saved=saved)
    assert await halted.race(lambda unit: corrections.withdraw(unit, row))
    assert not stands(desk)
    assert "#2 is withdrawn. It may have been seen before it was removed." in told(desk)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_move_says_that_it_was_seen(desk: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    other = await desk.open_case(2)
    _, message = await said(desk)
    halted = Halted(desk, monkeypatch, saved=True)
    assert await halted.race(lambda unit: wrong_case.move(unit, message, other, PATEL)) is None
    assert not any("Nobody had seen it here." in one for one in told(desk))


async def test_what_is_void_does_not_leave(desk: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever voids a delivery after it was taken: its request does not go, and it stays void."""
    _, message = await said(desk)
    save = Heads.save
    void = {row["id"] for row in await desk.rows(f"SELECT id FROM delivery WHERE message_id = {message}")}

    def after_all(heads: Heads) -> None:
        for row in deliveries.of_message(heads.unit.tx, message):
            deliveries.mark_void(heads.unit.tx, row["id"], heads.unit.now, "withdrawn")
        save(heads)

    monkeypatch.setattr(Heads, "save", after_all)
    claimed = await desk.do(lambda unit: dispatch.claim(unit, "w", 8))
    assert void
    assert not void & {one.delivery for one in claimed.claims}
    states = await desk.rows(f"SELECT DISTINCT state FROM delivery WHERE message_id = {message}")
    assert [one["state"] for one in states] == ["void"]
