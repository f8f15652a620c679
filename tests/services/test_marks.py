"""Delivered marks: one at a time beside the sending; few are all put, many are not allowed to pile up."""

from __future__ import annotations

import asyncio

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent
from bot.ports.gateway import Mark, Target
from bot.services.settle import Marked
from bot.workers.marks import BEHIND, Marks
from tests.support.casework import Casework
from tests.support.platforms import ScriptedPlatform

OWNER = Account("telegram", "", "700001")


def marked(chat: str, native: str) -> Marked:
    return Marked(Place("telegram", "", chat), OWNER, native)


async def put_all(marks: Marks, platform: ScriptedPlatform, last: str) -> None:
    running = asyncio.create_task(marks.run())
    async with asyncio.timeout(10):
        while last not in platform.marks:  # noqa: ASYNC110 - put by another task of this loop
            await asyncio.sleep(0)
    running.cancel()


async def test_a_few_are_all_put_and_the_chats_take_turns(desk: Casework) -> None:
    marks = Marks(desk.units, desk.platforms)
    for chat, native in (("a", "1"), ("a", "2"), ("a", "3"), ("b", "4")):
        marks.put(marked(chat, native))
    await put_all(marks, desk.platforms["telegram"], "3")
    assert desk.platforms["telegram"].marks == ["1", "4", "2", "3"]


async def test_far_behind_a_chats_newest_stands_for_all_of_it(desk: Casework) -> None:
    marks = Marks(desk.units, desk.platforms)
    for number in range(BEHIND + 9):
        marks.put(marked("a", f"a{number}"))
    marks.put(marked("b", "b"))
    newest = f"a{BEHIND + 8}"
    await put_all(marks, desk.platforms["telegram"], newest)
    put = desk.platforms["telegram"].marks
    assert "b" in put or len(put) < BEHIND
    assert "a0" not in put
    assert len(put) < BEHIND


async def test_one_that_comes_late_or_fails_is_let_go_and_the_next_is_put(desk: Casework) -> None:
    class Failing(ScriptedPlatform):
        async def mark(self, target: Target, native_id: str, mark: Mark) -> None:
            if native_id == "bad":
                raise NotSent("flood", 1.0)
            await super().mark(target, native_id, mark)

    platform = Failing(desk.platforms["telegram"].capabilities)
    marks = Marks(desk.units, {"telegram": platform})
    marks.put(marked("a", "late"))
    desk.clock.advance(desk.units.rules.mark_within + 1)
    marks.put(marked("a", "bad"))
    marks.put(marked("a", "good"))
    await put_all(marks, platform, "good")
    assert platform.marks == ["good"]


async def test_no_more_marks_than_the_platform_admits(desk: Casework) -> None:
    marks = Marks(desk.units, desk.platforms)
    platform = desk.platforms["telegram"]
    burst, rate = platform.capabilities.mark_burst, platform.capabilities.mark_rate
    for number in range(burst + 3):
        marks.put(marked(f"chat {number}", str(number)))
    running = asyncio.create_task(marks.run())
    async with asyncio.timeout(10):
        while len(platform.marks) < burst:  # noqa: ASYNC110 - put by another task of this loop
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert len(platform.marks) == burst
        desk.clock.advance(round(1_000_000 / rate) + 1)
        while len(platform.marks) < burst + 1:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    running.cancel()
    assert len(platform.marks) == burst + 1
