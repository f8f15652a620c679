"""A bot at its limit: its chats take turns in the order they became ready, and nobody else's messages wait for it."""

from __future__ import annotations

import dataclasses

from bot.domain.ids import CaseId
from bot.services import dispatch
from bot.services.unit import Unit
from storage import lanes
from tests.support.casework import Casework

GAP = round(1_000_000 / 29)
"""Between two sends of the bot to Telegram, once its burst is used up (µs)."""


async def busy(desk: Casework, cases: int) -> list[CaseId]:
    """Open cases; the bot on Telegram has just sent as much as it may, and the next goes after one gap."""
    made = [await desk.open_case(number + 1) for number in range(cases)]
    await desk.settle()
    desk.clock.advance(60_000_000)

    def spend(unit: Unit) -> None:
        lanes.pace(unit.tx, "telegram", "", "")
        lanes.set_tat(unit.tx, "telegram", "", "", unit.now + 20 * GAP)

    await desk.do(spend)
    return made


def said(desk: Casework, platform: str) -> list[str]:
    return [one.text for one in desk.platforms[platform].shown if " · #" in one.heading]


async def test_chats_take_turns_however_much_one_of_them_has(desk: Casework) -> None:
    first, second, third = await busy(desk, 3)
    await desk.says(first, "specialist", "first, one")
    await desk.says(first, "specialist", "first, two")
    await desk.says(second, "specialist", "second")
    await desk.says(third, "specialist", "third")
    await desk.settle()
    assert said(desk, "telegram") == ["first, one", "second", "third", "first, two"]


async def test_a_bot_at_its_limit_holds_up_no_other_and_is_looked_at_when_it_opens(desk: Casework) -> None:
    case, *others = await busy(desk, 3)
    for one in (case, *others):
        await desk.says(one, "specialist", "to Telegram")
    await desk.says(case, "dentist", "to Slack")
    # one place only: the lanes of the full bot, ready before, do not take it
    found = await desk.do(lambda unit: dispatch.claim(unit, "first", 1))
    assert [claim.owner.platform for claim in found.claims] == ["slack"]
    found = await desk.do(lambda unit: dispatch.claim(unit, "second", 8))
    assert {claim.owner.platform for claim in found.claims} <= {"slack"}
    (bot,) = await desk.rows("SELECT tat FROM chat_pace WHERE platform = 'telegram' AND chat = ''")
    assert found.next_at == bot["tat"] - 19 * GAP


async def test_what_a_bot_sends_is_counted_with_the_claims_that_take_it(desk: Casework) -> None:
    case, *others = await busy(desk, 3)
    desk.clock.advance(60_000_000)
    for one in (case, *others):
        await desk.says(one, "specialist", "to Telegram")
    found = await desk.do(lambda unit: dispatch.claim(unit, "first", 8))
    assert sum(claim.owner.platform == "telegram" for claim in found.claims) == 3
    (bot,) = await desk.rows("SELECT tat FROM chat_pace WHERE platform = 'telegram' AND chat = ''")
    assert bot["tat"] == desk.clock.now() + 3 * GAP


async def test_only_so_many_sends_of_a_bot_are_under_way_at_once(desk: Casework) -> None:
    """However long they are held up on the way, together with the burst they are no more than Telegram takes."""
    case, *others = await busy(desk, 3)
    desk.clock.advance(60_000_000)
    desk.units.rules = dataclasses.replace(desk.units.rules, pacing=True)
    for one in (case, *others):
        await desk.says(one, "specialist", "to Telegram")
    bot = ("telegram", "")
    found = await desk.do(lambda unit: dispatch.claim(unit, "first", 8, [bot] * 9))
    assert [claim.owner.platform for claim in found.claims].count("telegram") == 1
    found = await desk.do(lambda unit: dispatch.claim(unit, "first", 8, [bot] * 10))
    assert not [claim for claim in found.claims if claim.owner.platform == "telegram"]
    found = await desk.do(lambda unit: dispatch.claim(unit, "first", 8, [bot] * 2))
    assert [claim.owner.platform for claim in found.claims].count("telegram") == 2
