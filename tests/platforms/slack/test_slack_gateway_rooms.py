"""Rooms on Slack: made, taken up again, checked and closed, on the real library against the fake."""

import time

import pytest

from bot.domain.addresses import Account
from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.outbound import Post
from bot.domain.richtext import RichText
from bot.platforms.slack.adapter import Slack
from bot.ports.gateway import Target
from bot.sandbox.faults import Kind
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.support import JOHAL, REID, Checkpoints

NOW = int(time.time() * 1_000_000)


async def say(slack: Slack, target: Target, words: str = "UL4 is loose", tag: str = "d1", **more: str) -> str:
    post = Post(RichText(words), heading="Dr Asha Patel", notice="Dr Patel · C-7K3F: new message")
    sent = await slack.gateway.post(target, post, tag, more.get("reply_to"), Checkpoints(), "")
    assert sent.place == target.place
    return sent.native_id


async def test_a_room(slack: Slack, workspace: FakeWorkspace, johal: Person, reid: Person) -> None:
    kept = Checkpoints()
    room = await slack.gateway.open_room(JOHAL, "Case Patel 7K3F!", "AB · 14 Jun", kept, "")
    channel = workspace.data.channels[room.place.chat]
    assert (channel.name, channel.topic, channel.kind.value) == ("case-patel-7k3f", "AB · 14 Jun", "group")
    assert set(channel.members) == {workspace.data.bot_user, JOHAL.user}
    assert kept.kept == ["name:case-patel-7k3f", f"id:{room.place.chat}"]
    assert johal.channels == ["case-patel-7k3f"]
    assert reid.channels == []


async def test_a_taken_name_gets_a_counter(slack: Slack, workspace: FakeWorkspace, reid: Person) -> None:
    await reid.creates("case-patel-7k3f")
    kept = Checkpoints()
    room = await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "t", kept, "")
    assert workspace.data.channels[room.place.chat].name == "case-patel-7k3f-2"
    assert kept.kept[1] == "name:case-patel-7k3f-2"


@pytest.mark.parametrize("step", ["conversations.create", "conversations.invite", "conversations.setTopic"])
@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.DROP_BEFORE, Kind.ERROR_AFTER])
async def test_a_room_whose_making_was_in_doubt_is_taken_up_again(
    slack: Slack, workspace: FakeWorkspace, fake: FakeSlack, step: str, kind: Kind
) -> None:
    kept = Checkpoints()
    fake.faults.add(kind, method=step)
    with pytest.raises((Unknown, NotSent)):
        await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "t", kept, "")
    room = await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "t", kept, kept.last)
    assert [one.name for one in workspace.data.channels.values()] == ["case-patel-7k3f"]
    assert workspace.data.channels[room.place.chat].topic == "t"


async def test_another_persons_channel_is_never_taken_over(
    slack: Slack, workspace: FakeWorkspace, johal: Person, reid: Person
) -> None:
    theirs = await johal.creates("case-patel-7k3f")
    await johal.invites(workspace.data.bot_user, theirs)
    room = await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "t", Checkpoints(), "name:case-patel-7k3f")
    assert room.place.chat != theirs.id
    crowded = await slack.gateway.open_room(JOHAL, "case-a", "t", Checkpoints(), "")
    await johal.invites(REID.user, crowded.place.chat)
    again = await slack.gateway.open_room(JOHAL, "case-a", "t", Checkpoints(), "name:case-a")
    assert again.place.chat != crowded.place.chat


async def test_a_room_is_not_open_until_only_its_person_is_in_it(
    slack: Slack, workspace: FakeWorkspace, johal: Person
) -> None:
    async def intrude(resume: str) -> None:
        if resume.startswith("id:"):
            channel = workspace.data.channels[resume.removeprefix("id:")]
            workspace.team.membership.join(channel, REID.user)

    with pytest.raises(Refused) as caught:
        await slack.gateway.open_room(JOHAL, "case-patel-7k3f", "t", Checkpoints(after=intrude), "")
    assert (caught.value.reason, caught.value.detail) == (Reason.WRONG_MEMBERS, "others_present")


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("gone", Reason.NO_SUCH_PERSON),
        ("U7777", Reason.NO_SUCH_PERSON),
        ("guest", Reason.WRONG_MEMBERS),
        ("one-channel guest", Reason.WRONG_MEMBERS),
    ],
)
async def test_guests_leavers_and_strangers_get_no_room(
    slack: Slack, workspace: FakeWorkspace, who: str, reason: Reason
) -> None:
    workspace.add_user("U0010", "Gone")
    workspace.deactivate("U0010")
    workspace.add_user("U0011", "Guest", is_restricted=True)
    workspace.add_user("U0012", "Guest Two", is_ultra_restricted=True)
    user = {"gone": "U0010", "guest": "U0011", "one-channel guest": "U0012"}.get(who, who)
    with pytest.raises(Refused) as caught:
        await slack.gateway.open_room(Account("slack", "T0001", user), "case-x", "t", Checkpoints(), "")
    assert caught.value.reason is reason
    assert workspace.data.channels == {}


async def test_members_are_checked_and_the_look_is_kept(
    slack: Slack, workspace: FakeWorkspace, fake: FakeSlack, target: Target, johal: Person
) -> None:
    await slack.gateway.check_members(target)
    fake.faults.add(Kind.ERROR_BEFORE, method="*", times=None)
    await slack.gateway.check_members(target)  # from the cache
    fake.faults.clear()
    workspace.team.membership.join(workspace.data.channels[target.place.chat], REID.user)
    slack.gateway.forget_members(target.place)
    with pytest.raises(Refused) as caught:
        await slack.gateway.check_members(target)
    assert (caught.value.reason, caught.value.detail) == (Reason.WRONG_MEMBERS, "others_present")
    await johal.removes(REID.user, target.place.chat)
    await slack.gateway.check_members(target)
    slack.gateway.forget_members(target.place)
    await johal.leaves(target.place.chat)
    with pytest.raises(Refused) as caught:
        await slack.gateway.check_members(target)
    assert caught.value.detail == "owner_missing"


async def test_a_look_at_a_room_says_whether_it_serves(
    slack: Slack, workspace: FakeWorkspace, target: Target, johal: Person
) -> None:
    room = target.place.chat
    assert await slack.gateway.check_room(target)
    await johal.archives(room)
    with pytest.raises(Refused) as caught:
        await slack.gateway.check_room(target)
    assert (caught.value.reason, caught.value.detail) == (Reason.ROOM_GONE, "is_archived")
    await johal.archives(room, on=False)
    workspace.team.membership.join(workspace.data.channels[room], REID.user)  # no older look at the members counts
    with pytest.raises(Refused) as caught:
        await slack.gateway.check_room(target)
    assert caught.value.detail == "others_present"
    await johal.removes(REID.user, room)
    assert await slack.gateway.check_room(target)
    await johal.deletes_channel(room)
    assert not await slack.gateway.check_room(target)


async def test_a_look_at_the_members_that_fails_is_not_sent(slack: Slack, fake: FakeSlack, target: Target) -> None:
    for kind in (Kind.DROP_AFTER, Kind.ERROR_BEFORE, Kind.HTML):
        fake.faults.add(kind, method="conversations.members")
        with pytest.raises(NotSent):
            await slack.gateway.check_members(target)


async def test_rename_and_close(slack: Slack, workspace: FakeWorkspace, target: Target, reid: Person) -> None:
    await reid.creates("case-shah-7k3f")
    await slack.gateway.rename_room(target, "AB · " + "x" * 300, "case-shah-7k3f")
    channel = workspace.data.channels[target.place.chat]
    assert len(channel.topic) == 250
    assert channel.name == "case-shah-7k3f-2"
    await slack.gateway.rename_room(target, "AB", "case-shah-7k3f")  # again: no third name
    assert (channel.name, channel.topic) == ("case-shah-7k3f-2", "AB")
    await slack.gateway.close_room(target)
    await slack.gateway.close_room(target)
    assert channel.archived
