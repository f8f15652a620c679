"""People and the truth list: a conversation read as chat, and what Slack's own client would not let them do."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import CannotDoError, FakeSlack, FakeWorkspace, Limits, Person, Seen, What
from bot.sandbox.slack.world import Workspace
from bot.sandbox.wirelog import WireLog
from tests.sandbox.slack.support import JOHAL, SAM, App


@pytest.fixture(autouse=True)
def _unlimited(slack: FakeSlack) -> None:
    slack.settings.limits = Limits.off()


async def test_two_workspaces_in_conversation(
    slack: FakeSlack, workspace: FakeWorkspace, connect: Any, client: AsyncWebClient, room: str
) -> None:
    """A relay in ten lines, read as chat."""
    other = slack.add_workspace("T0009", "Elsewhere")
    shah = other.add_user("U0002", "Shah")  # ids are unique within a workspace only
    far = connect(other.bot_token)
    there = (await far.conversations_create(name="case-johal-7k3f", is_private=True))["channel"]["id"]
    await far.conversations_invite(channel=there, users=shah.id)
    johal = workspace.user(JOHAL)

    said = await johal.says("Does the IPR come first?", channel="patel")
    relayed = await far.chat_postMessage(channel=there, text=f"Dr Johal: {said.shown}")
    assert (await shah.sees("IPR come first", channel="johal")).ts == relayed["ts"]
    answer = await shah.says("After aligner 4.", channel="johal")
    await client.chat_postMessage(channel=room, text=f"Dr Shah: {answer.shown}", thread_ts=said.ts)
    seen = await johal.sees("After aligner 4", channel="patel")
    assert seen.thread_ts == said.ts

    assert slack.truth.who_saw("IPR come first") == {("T0001", JOHAL), ("T0009", shah.id)}
    assert slack.truth.texts("T0001", JOHAL) == ["Dr Shah: After aligner 4."]
    # one user id in two workspaces is two people
    assert {one.team for one in slack.truth.of(user=JOHAL, what=What.MESSAGE)} == {"T0001", "T0009"}
    await johal.sees_nothing_like("Dr Johal:")
    with pytest.raises(AssertionError, match="saw 'aligner 4'"):
        await johal.sees_nothing_like("aligner 4")


async def test_waiting_ends_with_what_is_in_sight(client: AsyncWebClient, room: str, johal: Person) -> None:
    await client.chat_postMessage(channel=room, text="Something else")
    with pytest.raises(AssertionError, match="does not see 'this'; in sight:\nSomething else"):
        await johal.sees("this", timeout=0.02)
    first = await johal.sees("Something")
    with pytest.raises(AssertionError):
        await johal.sees("Something", after=first, timeout=0.02)
    with pytest.raises(AssertionError, match="no channel 'nowhere'"):
        await johal.sees_channel("nowhere", timeout=0.02)


async def test_channels_are_named_by_id_name_or_part(client: AsyncWebClient, room: str, johal: Person) -> None:
    assert johal.channel("patel").id == johal.channel(room).id == johal.channel("case-patel-7k3f").id == room
    direct = (await johal.says("to the app")).channel
    assert johal.channel("DM").id == johal.channel(direct).id == direct
    with pytest.raises(CannotDoError, match="no channel 'nowhere'"):
        await johal.says("x", channel="nowhere")


async def test_what_the_client_would_not_allow(
    client: AsyncWebClient, room: str, johal: Person, sam: Person, workspace: FakeWorkspace
) -> None:
    sent = await client.chat_postMessage(channel=room, text="the desk's")
    desk = await johal.sees("the desk's")
    assert desk.ts == sent["ts"]
    with pytest.raises(CannotDoError):
        await johal.edits(desk, "mine now")
    with pytest.raises(CannotDoError):
        await johal.deletes(desk)
    with pytest.raises(CannotDoError):
        await sam.says("x", channel=room)
    with pytest.raises(CannotDoError):
        await johal.submits({})
    await client.conversations_archive(channel=room)
    with pytest.raises(CannotDoError, match="archived"):
        await johal.says("x", channel=room)
    workspace.deactivate(JOHAL)
    with pytest.raises(CannotDoError, match="deactivated"):
        await johal.says("x")


async def test_listeners_hear_each_change(client: AsyncWebClient, slack: FakeSlack, room: str, johal: Person) -> None:
    heard: list[Seen] = []
    stop = slack.truth.listen(heard.append)
    await client.chat_postMessage(channel=room, text="one")
    stop()
    await client.chat_postMessage(channel=room, text="two")
    assert [(one.what, one.text, one.user) for one in heard] == [(What.MESSAGE, "one", JOHAL)]


async def test_an_installed_manifest_decides(slack: FakeSlack) -> None:
    manifest = {
        "features": {
            "slash_commands": [{"command": "/case", "description": "x"}],
            "shortcuts": [{"name": "Take back", "type": "message", "callback_id": "take_back", "description": "x"}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    added = slack.add_workspace("T0005", manifest=manifest).data
    assert isinstance(added, Workspace)
    assert (added.scopes, added.commands, added.subscriptions) == (
        {"chat:write", "commands"},
        {"/case"},
        {"message.im"},
    )
    assert added.shortcuts[0].on_message


async def test_people_come_and_go(app: App, slack: FakeSlack, room: str, johal: Person, sam: Person) -> None:
    await johal.says("early", "patel")
    await johal.invites(SAM, "patel")
    assert [one.text for one in sam.saw(What.HISTORY)] == ["early"]
    await sam.leaves("patel")
    await johal.says("late", "patel")
    await slack.settled()
    assert slack.truth.who_saw("late") == {("T0001", JOHAL)}
    assert sam.channels == []


async def test_the_wire_log(tmp_path: Path, client: AsyncWebClient) -> None:
    log = tmp_path / "wire.jsonl"
    async with FakeSlack(wire_log=WireLog(log)) as logged:
        added = logged.add_workspace("T0001")
        added.add_user(JOHAL, "Amar Johal")
        there = AsyncWebClient(
            token=added.bot_token, base_url=logged.base_url, retry_handlers=[], session=client.session
        )
        await there.chat_postMessage(channel=JOHAL, text="Hello", blocks=[{"type": "divider"}])
        await there.api_call("auth.test", params={"token": added.bot_token})
        await there.files_upload_v2(channel=(await there.conversations_open(users=JOHAL))["channel"]["id"], file=b"x")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert lines[0] == {
        "platform": "slack",
        "method": "chat.postMessage",
        "args": {"channel": JOHAL, "text": "Hello", "blocks": [{"type": "divider"}]},
        "files": [],
    }
    assert [line["method"] for line in lines[1:]] == [
        "auth.test",
        "conversations.open",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    ]
    assert "xoxb" not in log.read_text()
