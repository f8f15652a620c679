"""Rooms read again, against the fake with its limits on: everything once, oldest first, no 429, nothing illegal."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.addresses import Place
from bot.domain.errors import Refused
from bot.domain.events import MessageDeleted, MessageEdited, MessageReceived
from bot.platforms.slack import history
from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.ids import micros
from bot.platforms.slack.translate import SlackTranslator
from bot.ports.history import Known, Missed, Wanted
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.world import Channel
from tests.platforms.slack.support import JOHAL


@pytest.fixture
async def room(workspace: FakeWorkspace, johal: Person) -> Channel:
    channel = await johal.creates("case-patel-7k3f")
    await johal.invites(workspace.data.bot_user, channel)
    return channel


def wanted(room: Channel, since: str = "0.0", *known: Known) -> Wanted:
    return Wanted(Place("slack", "T0001", room.id), JOHAL, micros(since), known)


def told(missed: Missed) -> list[str]:
    """What the updates say, in order."""
    events = [SlackTranslator().translate(update.body, live=False) for update in missed.updates]
    words = []
    for event in events:
        assert isinstance(event, MessageReceived | MessageEdited | MessageDeleted)
        assert event.origin.sender == JOHAL
        words.append("gone" if isinstance(event, MessageDeleted) else event.body.text)
    return words


async def test_pages_and_threads_oldest_first(
    fake: FakeSlack, slack: Slack, room: Channel, johal: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 3)
    said = [await johal.says(f"line {number}", room) for number in range(8)]
    await johal.says("below line 2", room, said[2])
    await johal.says("line 8", room)
    missed = await slack.history.read(wanted(room))
    assert told(missed) == [*(f"line {number}" for number in range(8)), "below line 2", "line 8"]
    assert missed.until == micros(johal.newest("line 8").ts)  # type: ignore[union-attr]
    assert missed.updates[0].keys == (f"slack:message:T0001:{room.id}:{said[0].ts}",)
    again = await slack.history.read(wanted(room, said[-1].ts))
    assert set(told(again)) >= {"line 8"}
    assert fake.violations == []


async def test_edits_and_deletions_of_what_is_known(slack: Slack, room: Channel, johal: Person) -> None:
    first = await johal.says("stands", room)
    edited = await johal.says("old words", room)
    gone = await johal.says("goes", room)
    parent = await johal.says("parent", room)
    await johal.says("reply", room, parent)
    reply = await johal.says("reply that goes", room, parent)
    kept = await johal.says("reply that stays", room, parent)
    known = [Known(one.ts) for one in (first, edited, gone, parent)] + [Known(one.ts, 0, True) for one in (reply, kept)]
    await johal.edits(edited, "new words")
    for one in (gone, reply, parent):
        await johal.deletes(one)
    missed = await slack.history.read(wanted(room, kept.ts, *known))
    words = told(missed)
    assert words[-4:] == ["new words", "gone", "gone", "gone"]
    keys = {key for update in missed.updates[-3:] for key in update.keys}
    assert keys == {f"slack:message:T0001:{room.id}:{one.ts}:deleted" for one in (gone, reply, parent)}
    heard = micros(str(edited.edited["ts"])) if edited.edited else 0
    quiet = await slack.history.read(wanted(room, kept.ts, Known(edited.ts, heard)))
    assert "new words" not in [words for words in told(quiet) if words == "new words"][1:]


async def test_where_nothing_older_stands_nobody_deleted_anything(slack: Slack, room: Channel, johal: Person) -> None:
    old = await johal.says("kept for a day only", room)
    for message in room.standing():
        message.deleted = True
    await johal.says("new", room)
    missed = await slack.history.read(wanted(room, old.ts, Known(old.ts)))
    assert told(missed) == ["new"]


async def test_it_stays_within_the_limits(fake: FakeSlack, slack: Slack, room: Channel, johal: Person) -> None:
    fake.settings.limits = Limits()
    await johal.says("line", room)
    await slack.history.read(wanted(room))  # who we are is known from here on
    before = len(fake.faults.hits)
    await asyncio.gather(*(slack.history.read(wanted(room)) for _ in range(14)))
    assert len(fake.faults.hits) == before
    assert fake.violations == []


async def test_a_room_that_is_not_ours_is_refused(slack: Slack, johal: Person) -> None:
    with pytest.raises(Refused):
        await slack.history.read(wanted(await johal.creates("elsewhere")))
