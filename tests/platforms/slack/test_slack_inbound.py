"""What people do reaches the inbox before Slack hears "ok", in both modes."""

import json

import pytest

from bot.domain.addresses import Place
from bot.domain.events import (
    AccessRevoked,
    HomeOpened,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    RoomChange,
    RoomChanged,
)
from bot.domain.outbound import FormField, OpenForm, Post, Widget
from bot.domain.richtext import RichText
from bot.platforms.slack.adapter import Slack
from bot.ports.gateway import Mark, Target
from bot.ports.history import Outages
from bot.sandbox.faults import Inbound
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.conftest import Serve
from tests.platforms.slack.support import JOHAL, REID, Checkpoints, StoredInbox, arrived

FORM = OpenForm(
    "nonce-1",
    "New case",
    "Send",
    (FormField("pseudonym", Widget.TEXT, "Pseudonym"), FormField("consent", Widget.TICK, "Consent")),
)


@pytest.fixture
def inbox() -> StoredInbox:
    return StoredInbox()


@pytest.fixture
async def slack(serve: Serve, inbox: StoredInbox) -> Slack:
    return await serve(inbox)


# ---------------------------------------------------------------------------------------------------- events
async def test_what_people_do(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person, reid: Person
) -> None:
    room = target.place.chat
    message = await johal.says("Hold at 7 until <0.2 mm", room)
    found = await arrived(inbox, MessageReceived)
    assert found.body.text == "Hold at 7 until <0.2 mm"
    assert found.origin.place == target.place
    assert found.origin.sender == JOHAL
    reply = await johal.says("since Monday", room, thread_ts=message)
    assert (await arrived(inbox, MessageReceived, 2)).reply_to == message.ts
    await johal.edits(message, "Hold at 8")
    assert (await arrived(inbox, MessageEdited)).body.text == "Hold at 8"
    await johal.unfurls(message)
    await johal.deletes(reply)
    assert (await arrived(inbox, MessageDeleted)).message_id == reply.ts
    await johal.reacts(message, "+1")
    assert (await arrived(inbox, Reacted)).emoji == "👍"
    await johal.uploads(b"x" * 100, "front.jpg", room)
    assert (await arrived(inbox, MessageReceived, 3)).files[0].name == "front.jpg"
    await johal.says("for you only")
    assert (await arrived(inbox, MessageReceived, 4)).origin.direct
    await johal.opens_home()
    await arrived(inbox, HomeOpened)
    await fake.settled()
    # A preview that comes after an edit looks like one: it tells the same words, which handlers compare.
    assert {one.body.text for one in inbox.of(MessageEdited)} == {"Hold at 8"}
    assert fake.violations == []


def changes(inbox: StoredInbox) -> list[RoomChanged]:
    return inbox.of(RoomChanged)


async def test_rooms_that_change(
    slack: Slack, target: Target, inbox: StoredInbox, workspace: FakeWorkspace, johal: Person
) -> None:
    room = target.place.chat
    await slack.gateway.check_members(target)
    await johal.invites(REID.user, room)
    await inbox.until(lambda: (RoomChange.MEMBER_JOINED, REID) in [(c.change, c.account) for c in changes(inbox)])
    with pytest.raises(Exception, match="others_present"):
        await slack.gateway.check_members(target)  # the event has put an end to the kept look
    await johal.removes(REID.user, room)
    await inbox.until(lambda: RoomChange.MEMBER_LEFT in [one.change for one in changes(inbox)])
    await johal.archives(room)
    await inbox.until(lambda: RoomChange.ARCHIVED in [one.change for one in changes(inbox)])
    await johal.archives(room, on=False)
    await inbox.until(lambda: RoomChange.UNARCHIVED in [one.change for one in changes(inbox)])
    await johal.removes(workspace.data.bot_user, room)
    await inbox.until(lambda: RoomChange.BOT_REMOVED in [one.change for one in changes(inbox)])


async def test_what_we_do_never_comes_back(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    mine = await johal.says("hello", target.place.chat)
    await arrived(inbox, MessageReceived)
    sent = await slack.gateway.post(target, Post(RichText("hi")), "d1", None, Checkpoints(), "")
    await slack.gateway.edit(target, sent.native_id, Post(RichText("hello")))
    await slack.gateway.delete(target, sent.native_id)
    await slack.gateway.mark(target, mine.ts, Mark.DELIVERED)
    await fake.settled()
    assert len(inbox.of(MessageReceived)) == 1
    assert not inbox.of(MessageEdited) + inbox.of(MessageDeleted) + inbox.of(Reacted)
    stored = [json.loads(update.body)["event"] for update in inbox.updates]
    assert sent.native_id not in json.dumps(stored)  # not even kept


async def test_nothing_is_acknowledged_that_is_not_stored(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    fake.settings.event_retries = (0.05, 0.05, 0.05)
    fake.settings.ack_seconds = 0.3
    inbox.broken = True
    await johal.says("UL4 is loose", target.place.chat)
    await inbox.until(lambda: inbox.offered >= 2)
    inbox.broken = False
    found = await arrived(inbox, MessageReceived)
    assert found.body.text == "UL4 is loose"
    await fake.settled()


async def test_a_room_is_read_again_only_where_slack_had_to_repeat(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    asked: list[str] = []

    async def lost(team: str) -> None:
        raise AssertionError(team)

    slack._outages = Outages(lost, lambda team, chat: asked.append(chat) if chat else None)
    await johal.says("UL4 is loose", target.place.chat)
    await arrived(inbox, MessageReceived)
    await fake.settled()
    assert asked == []
    fake.settings.event_retries = (0.05, 0.05, 0.05)
    fake.settings.ack_seconds = 0.3
    inbox.broken, before = True, inbox.offered
    await johal.says("UL5 too", target.place.chat)
    await inbox.until(lambda: inbox.offered >= before + 2)
    inbox.broken = False
    await fake.settled()
    assert set(asked) == {target.place.chat}


async def test_repeats_and_shuffles_collapse(
    slack: Slack, target: Target, inbox: StoredInbox, fake: FakeSlack, johal: Person
) -> None:
    fake.faults.inbound = Inbound(duplicate=0.7, reorder=0.3)
    # A double within the same second has the same signature: over HTTP it is refused, and comes again signed anew.
    fake.settings.event_retries = (1.1, 1.1, 1.1)
    for number in range(30):
        await johal.says(f"message {number}", target.place.chat)
    await fake.settled()
    await inbox.until(lambda: len(inbox.of(MessageReceived)) >= 30)
    assert sorted(one.body.text for one in inbox.of(MessageReceived)) == sorted(f"message {n}" for n in range(30))


async def test_a_revoked_token_is_told(
    slack: Slack, inbox: StoredInbox, workspace: FakeWorkspace, target: Target
) -> None:
    workspace.revoke()
    assert (await arrived(inbox, AccessRevoked)).origin.place == Place("slack", "T0001", "")
