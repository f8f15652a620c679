"""A room that is held waits for no event: it is looked at by the hour, opened when right, made anew when gone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.addresses import Place
from bot.domain.errors import NotSent, Reason, Refused
from bot.domain.events import Origin, RoomChange, RoomChanged
from bot.domain.ids import CaseId
from bot.domain.rules import HOUR, MINUTE
from bot.workers.rooms import RoomWorker
from handlers import room_changes
from tests.support.casework import Casework


async def _opened(desk: Casework) -> CaseId:
    case = await desk.open_case()
    await desk.settle()
    return case


async def _look(desk: Casework) -> int:
    return await RoomWorker(desk.units, desk.platforms).turn()


async def _incidents(desk: Casework, kind: str) -> list[bool]:
    """Of each incident of a kind, whether it is still open."""
    rows = await desk.rows("SELECT kind, closed_at FROM incident ORDER BY id")
    return [row["closed_at"] is None for row in rows if row["kind"] == kind]


async def _happens(desk: Casework, case: CaseId, change: RoomChange) -> None:
    seat = await desk.seat(case, "specialist")
    place = Place(seat["platform"], seat["workspace"], seat["chat"], seat["topic"])
    event = RoomChanged(Origin(place, None, desk.clock.now()), change)
    await desk.do(lambda unit: room_changes.changed(unit, event))


async def test_a_guest_who_goes_unseen_is_found_out_within_the_hour(desk: Casework) -> None:
    case = await _opened(desk)
    slack = desk.platforms["slack"]
    slack.members_error = Refused(Reason.WRONG_MEMBERS, "others_present")
    await desk.says(case, "dentist", "Does this look right?")
    await desk.settle()
    assert (await desk.seat(case, "specialist"))["state"] == "held"
    desk.clock.advance(HOUR - MINUTE)
    assert await _look(desk) == 0
    for _ in range(3):
        desk.clock.advance(HOUR)
        assert await _look(desk) == 1
        assert await _look(desk) == 0
        await desk.settle()
    assert await _incidents(desk, "wrong_members") == [True]  # told once
    assert [one.text for one in slack.shown].count("Does this look right?") == 0
    slack.members_error = None
    desk.clock.advance(HOUR)
    await _look(desk)
    await desk.settle()
    assert (await desk.seat(case, "specialist"))["state"] == "open"
    assert await _incidents(desk, "wrong_members") == [False]
    assert [one.text for one in slack.shown].count("Does this look right?") == 1


@pytest.mark.parametrize("told", [True, False], ids=["told", "found_out"])
async def test_a_deleted_channel_is_made_anew(desk: Casework, told: bool) -> None:
    case = await _opened(desk)
    slack = desk.platforms["slack"]
    former = (await desk.seat(case, "specialist"))["chat"]
    slack.gone.add(former)
    if told:
        await _happens(desk, case, RoomChange.DELETED)
    else:
        slack.fates.append(Refused(Reason.ROOM_GONE, "channel_not_found"))
    await desk.says(case, "dentist", "Does this look right?")
    await desk.settle()
    if not told:
        assert (await desk.seat(case, "specialist"))["state"] == "held"
        desk.clock.advance(MINUTE)
        assert await _look(desk) == 1
        await desk.settle()
    seat = await desk.seat(case, "specialist")
    assert seat["state"] == "open"
    assert seat["chat"] not in ("", former)
    texts = slack.texts(seat["chat"])
    assert "Does this look right?" in texts
    assert [one for one in texts if "closed or deleted, so here it is again" in one]
    assert [one for one in texts if "What you type here goes to" in one]
    assert await _incidents(desk, "room_lost") == ([] if told else [False])


async def test_an_archived_channel_stays_held_until_it_is_back(desk: Casework, monkeypatch: Any) -> None:
    case = await _opened(desk)
    slack = desk.platforms["slack"]
    await _happens(desk, case, RoomChange.ARCHIVED)
    former = (await desk.seat(case, "specialist"))["chat"]

    async def archived(target: object) -> bool:
        raise Refused(Reason.ROOM_GONE, "is_archived")

    with monkeypatch.context() as patch:
        patch.setattr(slack, "check_room", archived)
        desk.clock.advance(HOUR)
        assert await _look(desk) == 1
        assert (await desk.seat(case, "specialist"))["state"] == "held"
    desk.clock.advance(HOUR)
    await _look(desk)
    seat = await desk.seat(case, "specialist")
    assert (seat["state"], seat["chat"]) == ("open", former)


async def test_a_platform_that_is_down_changes_nothing(desk: Casework) -> None:
    case = await _opened(desk)
    await _happens(desk, case, RoomChange.BOT_REMOVED)
    desk.platforms["slack"].members_error = NotSent("down")
    desk.clock.advance(HOUR)
    assert await _look(desk) == 1
    assert (await desk.seat(case, "specialist"))["state"] == "held"
    assert await _look(desk) == 0


async def test_a_clock_put_back_puts_no_look_off(desk: Casework) -> None:
    case = await _opened(desk)
    await _happens(desk, case, RoomChange.BOT_REMOVED)
    desk.clock.advance(-3 * HOUR)
    assert await _look(desk) == 1


async def test_a_channel_deleted_while_it_is_made_is_made_again(desk: Casework) -> None:
    """What an earlier try committed is of no use any more: the next but one begins afresh."""
    slack = desk.platforms["slack"]
    case = await desk.open_case()
    await desk.do(lambda unit: unit.tx.execute("UPDATE seat SET resume = 'id:C9' WHERE side = 'specialist'"))
    slack.fates.append(Refused(Reason.ROOM_GONE, "channel_not_found"))
    await desk.settle()
    seat = await desk.seat(case, "specialist")
    assert (seat["state"], seat["chat"]) == ("open", "C1")
