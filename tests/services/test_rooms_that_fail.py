"""Rooms that cannot be made, or do not last: never a flood of new ones, never a seat that waits for ever unseen."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.errors import Reason, Refused
from tests.support.casework import Casework


async def test_topics_that_never_last_give_way_to_the_private_chat(desk: Casework, monkeypatch: Any) -> None:
    """A release of Telegram once made topics that took no message: one is tried anew, not one a second."""
    case = await desk.open_case()
    await desk.settle()
    telegram = desk.platforms["telegram"]
    before = len(telegram.rooms)
    post = telegram.post

    async def no_topic_serves(target: Any, *rest: Any) -> Any:
        if target.place.topic:
            raise Refused(Reason.ROOM_GONE, "message_thread_not_found")
        return await post(target, *rest)

    monkeypatch.setattr(telegram, "post", no_topic_serves)
    await desk.says(case, "specialist", "Hold the aligner, please")
    await desk.settle()
    assert len(telegram.rooms) - before == 1
    (shown,) = [one for one in telegram.shown if one.text == "Hold the aligner, please"]
    assert (shown.place.topic, "C-7K01" in shown.heading) == ("", True)
    await desk.says(case, "specialist", "Thank you")
    await desk.settle()
    assert len(telegram.rooms) - before == 1
    assert "Thank you" in telegram.texts("700001")


async def test_two_topics_deleted_one_after_the_other_are_both_made_anew(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    telegram = desk.platforms["telegram"]
    before = len(telegram.rooms)
    for words in ("one", "two"):
        telegram.fates.append(Refused(Reason.ROOM_GONE))
        await desk.says(case, "specialist", words)
        await desk.settle()
    assert len(telegram.rooms) - before == 2
    assert (await desk.seat(case, "dentist"))["topic"] == str(len(telegram.rooms))


@pytest.mark.parametrize("reason", [Reason.WRONG_MEMBERS, Reason.ROOM_GONE, Reason.OTHER, Reason.BAD_CONTENT])
async def test_a_room_that_cannot_be_opened_is_told_and_tried_again(desk: Casework, reason: Reason) -> None:
    """Slack shows a member late, or is asked to mend it: what waits goes once the room is right, and not before."""
    slack = desk.platforms["slack"]
    slack.room_fates.extend([Refused(reason, "owner_missing")] * 3)
    case = await desk.open_case()
    await desk.says(case, "dentist", "Does this look right?")
    await desk.settle()
    (incident,) = await desk.rows("SELECT kind, subject, closed_at FROM incident")
    kind = "wrong_members" if reason is Reason.WRONG_MEMBERS else "room_lost"
    assert (incident["kind"], incident["subject"]) == (kind, "C-7K01")
    assert incident["closed_at"] is not None
    (shown,) = [one for one in slack.shown if one.text == "Does this look right?"]
    assert shown.place.chat == (await desk.seat(case, "specialist"))["chat"] != ""
