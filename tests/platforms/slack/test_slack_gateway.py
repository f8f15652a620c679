"""Every way out of the port, on the real library against the fake Slack, and every fault it can meet."""

import asyncio
import json
import time

import pytest

from bot.domain.addresses import Account, Place
from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.outbound import Button, Post
from bot.domain.richtext import RichText, bold
from bot.platforms.slack.adapter import Slack
from bot.platforms.slack.gateway import MARKS
from bot.ports.gateway import Mark, Target
from bot.sandbox.faults import Kind
from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.platforms.slack.support import JOHAL, REID, Checkpoints, Files

NOW = int(time.time() * 1_000_000)


async def say(slack: Slack, target: Target, words: str = "UL4 is loose", tag: str = "d1", **more: str) -> str:
    post = Post(RichText(words), heading="Dr Asha Patel", notice="Dr Patel · C-7K3F: new message")
    sent = await slack.gateway.post(target, post, tag, more.get("reply_to"), Checkpoints(), "")
    assert sent.place == target.place
    return sent.native_id


# ----------------------------------------------------------------------------------------------------- posts
async def test_a_post_in_full(slack: Slack, fake: FakeSlack, target: Target, johal: Person) -> None:
    post = Post(
        RichText("Hold at ") + bold("7") + " until <0.2 mm",
        heading="Dr Asha Patel, dentist",
        footer="#14",
        notice="Dr Patel · C-7K3F: new message",
        buttons=((Button("Seen", "nonce"),),),
        mention=True,
    )
    await slack.gateway.post(target, post, "d1", None, Checkpoints(), "")
    message = await johal.sees("Hold at 7 until <0.2 mm")
    assert message.text == "Dr Patel · C-7K3F: new message"
    assert message.metadata == {"event_type": "chairside_delivery", "event_payload": {"id": "d1"}}
    seen = johal.seen[-1]
    assert seen.notifies
    assert seen.notice == "Dr Patel · C-7K3F: new message"
    assert johal.labels() == ["Seen"]
    assert fake.violations == []


async def test_without_mention_nobody_is_notified(slack: Slack, target: Target, johal: Person) -> None:
    await say(slack, target)
    assert not johal.seen[-1].notifies


async def test_replies_stand_in_thread_and_room(slack: Slack, target: Target, johal: Person) -> None:
    question = await johal.says("Which aligner?", target.place.chat)
    first = await say(slack, target, "Aligner 7", "d1", reply_to=question.ts)
    # An answer to a reply goes to the thread's parent, known from what was sent or asked from Slack.
    await say(slack, target, "Since Monday", "d2", reply_to=first)
    mine = await johal.says("Thanks", target.place.chat, thread_ts=question)
    await say(slack, target, "Welcome", "d3", reply_to=mine.ts)
    answers = johal.messages(target.place.chat)
    assert [one.thread_ts for one in answers] == [question.ts] * 3
    assert all(one.broadcast for one in answers)


async def test_a_reply_to_what_is_gone_is_sent_without_thread(slack: Slack, target: Target, johal: Person) -> None:
    question = await johal.says("Which aligner?", target.place.chat)
    await say(slack, target, "warm", "d1", reply_to=question.ts)
    await johal.deletes(question)
    await say(slack, target, "Aligner 7", "d2", reply_to=question.ts)  # remembered, but a tombstone or gone
    await say(slack, target, "Aligner 8", "d3", reply_to="1700000000.000100")
    assert (await johal.sees("Aligner 8")).thread_ts == ""
    assert await johal.sees("Aligner 7")


async def test_edit_delete_pin_mark(slack: Slack, target: Target, johal: Person) -> None:
    ts = await say(slack, target, "first")
    await slack.gateway.edit(target, ts, Post(RichText("second"), notice="changed"))
    await slack.gateway.edit(target, ts, Post(RichText("second"), notice="changed"))
    assert (await johal.sees("second")).text == "changed"
    await slack.gateway.pin(target, ts)
    await slack.gateway.pin(target, ts)
    assert [one.ts for one in johal.pinned(target.place.chat)] == [ts]
    mine = await johal.says("hello", target.place.chat)
    await slack.gateway.mark(target, mine.ts, Mark.DELIVERED)
    await slack.gateway.mark(target, mine.ts, Mark.DELIVERED)
    assert list(mine.reactions) == ["incoming_envelope"]
    await slack.gateway.delete(target, ts)
    await slack.gateway.delete(target, ts)
    assert johal.messages(target.place.chat) == []


def test_the_mark_cannot_be_read_as_consent() -> None:
    assert not any(word in MARKS[Mark.DELIVERED] for word in ("+1", "thumb", "ok", "check", "hand", "tick", "100"))


async def test_editing_what_is_gone(slack: Slack, target: Target) -> None:
    with pytest.raises(Refused) as caught:
        await slack.gateway.edit(target, "1700000000.000100", Post(RichText("x")))
    assert caught.value.reason is Reason.TARGET_GONE


async def test_direct_chat(slack: Slack, workspace: FakeWorkspace, reid: Person) -> None:
    place = await slack.gateway.direct(REID)
    assert place == await slack.gateway.direct(REID)
    await slack.gateway.check_members(Target(place, REID))
    await say(slack, Target(place, REID), "Two are stuck")
    assert (await reid.sees("Two are stuck", "DM")).text == "Dr Patel · C-7K3F: new message"


# ------------------------------------------------------------------------------------------ faults of a post
async def test_refused_connection_is_not_sent(slack: Slack, fake: FakeSlack, target: Target) -> None:
    await fake.down()
    with pytest.raises((NotSent, Unknown)):
        await say(slack, target)  # the kept connection may have broken with the request under way
    with pytest.raises(NotSent):
        await say(slack, target)
    await fake.up()
    await say(slack, target)
    assert fake.truth.deliveries("id") == {"d1": 1}


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.ERROR_AFTER, Kind.DISCONNECT])
async def test_a_lost_answer_is_unknown_and_found(slack: Slack, fake: FakeSlack, target: Target, kind: Kind) -> None:
    fake.faults.add(kind, method="chat.postMessage")
    with pytest.raises(Unknown):
        await say(slack, target)
    found = await slack.gateway.find(target, "d1", NOW, "")
    assert found is not None
    assert found.place == target.place
    assert found.native_id in fake.workspace("T0001").data.channels[target.place.chat].messages
    assert fake.truth.deliveries("id") == {"d1": 1}


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.ERROR_BEFORE, Kind.HTML])
async def test_what_never_happened_is_unknown_and_not_found(
    slack: Slack, fake: FakeSlack, target: Target, kind: Kind
) -> None:
    fake.faults.add(kind, method="chat.postMessage")
    with pytest.raises(Unknown):
        await say(slack, target)
    assert await slack.gateway.find(target, "d1", NOW, "") is None


async def test_accepted_late_is_found_after_the_grace(slack: Slack, fake: FakeSlack, target: Target) -> None:
    fake.faults.add(Kind.ACCEPT_LATE, method="chat.postMessage", seconds=0.3)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await say(slack, target)
    assert await slack.gateway.find(target, "d1", NOW, "") is None
    await fake.faults.idle()
    assert await slack.gateway.find(target, "d1", NOW, "") is not None


async def test_a_429_says_how_long_to_wait(slack: Slack, fake: FakeSlack, target: Target) -> None:
    fake.faults.add(Kind.RATE_LIMIT, method="chat.postMessage", retry_after=7)
    with pytest.raises(NotSent) as caught:
        await say(slack, target)
    assert (caught.value.retry_after, caught.value.paced) == (7.0, True)
    await say(slack, target)
    assert fake.truth.deliveries("id") == {"d1": 1}


async def test_html_with_200_is_unknown(slack: Slack, fake: FakeSlack, target: Target) -> None:
    fake.faults.add(Kind.HTML, method="chat.postMessage", status=200)
    with pytest.raises(Unknown):
        await say(slack, target)


async def test_find_pages_and_trusts_only_its_own(slack: Slack, target: Target, fake: FakeSlack, johal: Person) -> None:
    forged = {"event_type": "chairside_delivery", "event_payload": {"id": "d9"}}
    room = fake.workspace("T0001").data.channels[target.place.chat]
    rooms = fake.workspace("T0001").team.rooms
    rooms.post(room, JOHAL.user, "forged", metadata=forged)
    first = await say(slack, target, "the one", "d1")
    for number in range(250):
        rooms.post(room, JOHAL.user, f"chatter {number}")
    found = await slack.gateway.find(target, "d1", NOW, "")
    assert found is not None
    assert found.native_id == first
    assert await slack.gateway.find(target, "d9", NOW, "") is None
    assert await slack.gateway.find(target, "d1", NOW + 3600 * 1_000_000, "") is None


async def test_broadcast_replies_are_found(slack: Slack, target: Target, fake: FakeSlack, johal: Person) -> None:
    question = await johal.says("Which?", target.place.chat)
    fake.faults.add(Kind.DROP_AFTER, method="chat.postMessage")
    with pytest.raises(Unknown):
        await say(slack, target, "This", "d1", reply_to=question.ts)
    assert await slack.gateway.find(target, "d1", NOW, "") is not None


async def test_a_busy_thread_look_up_does_not_hold_the_answer_back(
    slack: Slack, target: Target, fake: FakeSlack, johal: Person
) -> None:
    question = await johal.says("Which?", target.place.chat)
    fake.faults.add(Kind.RATE_LIMIT, method="conversations.replies")
    await say(slack, target, "This", "d1", reply_to=question.ts)
    assert (await johal.sees("This")).thread_ts == ""


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [("archive", Reason.ROOM_GONE), ("remove", Reason.ROOM_GONE), ("revoke", Reason.ACCESS_REVOKED)],
)
async def test_rooms_and_tokens_that_are_gone(
    slack: Slack, workspace: FakeWorkspace, target: Target, johal: Person, break_it: str, reason: Reason
) -> None:
    if break_it == "archive":
        await johal.archives(target.place.chat)
    elif break_it == "remove":
        await johal.removes(workspace.data.bot_user, target.place.chat)
    else:
        workspace.revoke()
    with pytest.raises(Refused) as caught:
        await say(slack, target)
    assert caught.value.reason in (reason, Reason.BOT_REMOVED)


async def test_a_workspace_that_is_not_ours(slack: Slack, workspace: FakeWorkspace) -> None:
    with pytest.raises(Refused) as caught:
        await say(slack, Target(Place("slack", "T9999", "C1"), Account("slack", "T9999", "U1")))
    assert caught.value.reason is Reason.ACCESS_REVOKED


async def test_a_workspace_not_identified_yet_is_not_sent(slack: Slack, fake: FakeSlack) -> None:
    await fake.down()
    with pytest.raises(NotSent):
        await say(slack, Target(Place("slack", "T0001", "C1"), JOHAL))


# ----------------------------------------------------------------------------------------------------- logs
async def test_no_token_and_no_words_in_errors(slack: Slack, fake: FakeSlack, target: Target) -> None:
    fake.faults.add(Kind.DROP_AFTER, method="chat.postMessage")
    with pytest.raises(Unknown) as caught:
        await say(slack, target, "UL4 is loose")
    shown = json.dumps([str(caught.value), repr(caught.value), caught.value.detail])
    assert "xox" not in shown
    assert "UL4" not in shown
    assert caught.value.__suppress_context__


async def test_everything_sent_was_legal(slack: Slack, fake: FakeSlack, target: Target, files: Files) -> None:
    await say(slack, target)
    await slack.gateway.check_members(target)
    assert fake.violations == []
