"""chat.* through the real client: what is shown, and every refusal."""

import json
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person, What
from tests.sandbox.slack.support import JOHAL, SAM, code, refused

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Aligner 12 of 24"}}
DELIVERY = {"event_type": "chairside_delivery", "event_payload": {"id": "d-1"}}


@pytest.fixture(autouse=True)
def _unlimited(slack: FakeSlack) -> None:
    slack.settings.limits = slack.settings.limits.off()


async def test_a_post_is_seen_and_found_again(
    client: AsyncWebClient, room: str, johal: Person, sam: Person, slack: FakeSlack
) -> None:
    sent = await client.chat_postMessage(
        channel=room, text="Dr Patel: new message", blocks=[SECTION], metadata=DELIVERY
    )
    assert sent["message"]["bot_id"] == "B0001"
    seen = await johal.sees("Aligner 12 of 24", "patel")
    assert seen.ts == sent["ts"]
    sight = johal.saw(What.MESSAGE)[0]
    assert (sight.text, sight.notice) == ("Aligner 12 of 24", "Dr Patel: new message")
    assert not sam.seen
    plain = await client.conversations_history(channel=room)
    assert "metadata" not in plain["messages"][0]
    full = await client.conversations_history(channel=room, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == DELIVERY
    await client.chat_postMessage(channel=room, text="again", metadata=DELIVERY)
    assert slack.truth.deliveries("id") == {"d-1": 2}
    assert slack.truth.duplicates("id") == {"d-1": 2}


async def test_metadata_needs_its_scope(client: AsyncWebClient, room: str, workspace: FakeWorkspace) -> None:
    await client.chat_postMessage(channel=room, text="x", metadata=DELIVERY)
    workspace.data.scopes.discard("metadata.message:read")
    full = await client.conversations_history(channel=room, include_all_metadata=True)
    assert "metadata" not in full["messages"][0]


async def test_threads(client: AsyncWebClient, room: str, johal: Person) -> None:
    question = await johal.says("Does IPR come before?", "patel")
    answer = await client.chat_postMessage(channel=room, text="After.", thread_ts=question.ts)
    assert answer["message"]["parent_user_id"] == JOHAL
    history = await client.conversations_history(channel=room)
    assert answer["ts"] not in [one["ts"] for one in history["messages"]]
    thread = await client.conversations_replies(channel=room, ts=question.ts)
    assert [one["ts"] for one in thread["messages"]] == [question.ts, answer["ts"]]
    assert johal.saw(What.MESSAGE)[-1].notifies  # a reply in a thread one started


async def test_mentions_and_direct_messages_notify(client: AsyncWebClient, room: str, johal: Person) -> None:
    await client.chat_postMessage(channel=room, text="quiet")
    await client.chat_postMessage(channel=room, text=f"<@{JOHAL}> look")
    mention = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
        {"type": "user", "user_id": JOHAL}]}]}  # fmt: skip
    await client.chat_postMessage(channel=room, text="look", blocks=[mention])
    await client.chat_postMessage(channel=JOHAL, text="direct")
    assert [one.notifies for one in johal.saw(What.MESSAGE)] == [False, True, True, True]


async def test_posting_to_a_person_opens_their_direct_message(client: AsyncWebClient, johal: Person) -> None:
    sent = await client.chat_postMessage(channel=JOHAL, text="Hello")
    opened = await client.conversations_open(users=JOHAL, return_im=True)
    assert opened["channel"]["id"] == sent["channel"]
    assert opened["already_open"]
    assert opened["channel"]["user"] == JOHAL
    await johal.sees("Hello", "DM")


async def test_a_deactivated_person_is_posted_to_without_complaint(
    client: AsyncWebClient, workspace: FakeWorkspace, johal: Person
) -> None:
    await client.chat_postMessage(channel=JOHAL, text="before")
    workspace.deactivate(JOHAL)
    await client.chat_postMessage(channel=JOHAL, text="after")
    assert [one.text for one in johal.saw(What.MESSAGE)] == ["before"]
    assert (await client.users_info(user=JOHAL))["user"]["deleted"]


async def test_update_delete_and_ephemeral(client: AsyncWebClient, room: str, johal: Person) -> None:
    sent = await client.chat_postMessage(channel=room, text="one", blocks=[SECTION])
    await client.chat_update(channel=room, ts=sent["ts"], text="two")
    changed = (await client.conversations_history(channel=room))["messages"][0]
    assert changed["text"] == "two"
    assert "blocks" not in changed
    assert changed["edited"]["user"] == "U0001BOT"
    await client.chat_delete(channel=room, ts=sent["ts"])
    await johal.sees_no_more("two")
    assert [one.what for one in johal.seen if one.ts == sent["ts"]] == [What.MESSAGE, What.EDIT, What.DELETION]
    await client.chat_postEphemeral(channel=room, user=JOHAL, text="only you")
    await johal.sees_ephemeral("only you", "patel")
    assert all(one.get("text") != "only you" for one in (await client.conversations_history(channel=room))["messages"])


async def test_permalink(client: AsyncWebClient, room: str) -> None:
    sent = await client.chat_postMessage(channel=room, text="one")
    found = await client.chat_getPermalink(channel=room, message_ts=sent["ts"])
    assert found["permalink"] == f"https://riverside-ortho.slack.com/archives/{room}/p{sent['ts'].replace('.', '')}"


@pytest.mark.illegal_traffic
class TestRefusals:
    """Requests Slack would refuse."""

    @pytest.mark.parametrize(
        ("args", "error"),
        [
            ({"text": "x" * 40_001}, "msg_too_long"),
            ({"text": ""}, "no_text"),
            ({"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
            ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
            ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
            ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
            ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
            ({"text": "x", "metadata": {"event_type": "t", "event_payload": []}}, "invalid_metadata_schema"),
            (
                {"text": "x", "metadata": {"event_type": "t", "event_payload": {"x": "x" * 20_000}}},
                "metadata_too_large",
            ),
            ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
            ({"text": "x", "as_user": True}, "as_user_not_supported"),
            ({"text": "x", "username": "Dr Johal"}, "missing_scope"),
            ({"text": "x", "icon_emoji": ":tooth:"}, "missing_scope"),
            ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
            ({"text": "x", "thread_ts": "1800000000.999999"}, "cannot_reply_to_message"),
            ({"text": "x", "nonsense": 1}, "invalid_arguments"),
            ({"text": 5}, "invalid_arguments"),
            ({"text": "x", "unfurl_links": "maybe"}, "invalid_arguments"),
            ({"text": "x", "channel": "C999999999"}, "channel_not_found"),
            ({"text": "x", "channel": "#case-patel-7k3f"}, "channel_not_found"),
        ],
    )
    async def test_post(
        self, client: AsyncWebClient, room: str, args: dict[str, Any], error: str, slack: FakeSlack
    ) -> None:
        await client.chat_postMessage(channel=room, text="a legal one passes")
        assert await code(client.api_call("chat.postMessage", json={"channel": room, **args})) == error
        if error != "channel_not_found":
            assert len(slack.violations) == (0 if error == "cannot_reply_to_message" else 1)

    async def test_required_argument(self, client: AsyncWebClient) -> None:
        body = await refused(client.api_call("chat.postMessage", json={"text": "x"}))
        assert body["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]

    async def test_blocks_payload_near_13000(self, client: AsyncWebClient, room: str) -> None:
        blocks = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}] * 4
        await client.chat_postMessage(channel=room, text="x", blocks=blocks)
        assert await code(client.chat_postMessage(channel=room, text="x", blocks=blocks + [SECTION] * 20)) == (
            "msg_blocks_too_long"
        )

    async def test_longest_text(self, client: AsyncWebClient, room: str) -> None:
        sent = await client.chat_postMessage(channel=room, text="x" * 40_000)
        await client.chat_update(channel=room, ts=sent["ts"], text="x" * 4_000)
        assert await code(client.chat_update(channel=room, ts=sent["ts"], text="x" * 4_001)) == "msg_too_long"

    async def test_others_messages_are_theirs(self, client: AsyncWebClient, room: str, johal: Person) -> None:
        theirs = await johal.says("mine", "patel")
        assert await code(client.chat_update(channel=room, ts=theirs.ts, text="x")) == "cant_update_message"
        assert await code(client.chat_delete(channel=room, ts=theirs.ts)) == "cant_delete_message"
        assert await code(client.chat_update(channel=room, ts="1.000001", text="x")) == "message_not_found"
        assert await code(client.chat_delete(channel=room, ts="1.000001")) == "message_not_found"

    async def test_replying_to_a_reply(self, client: AsyncWebClient, room: str) -> None:
        parent = await client.chat_postMessage(channel=room, text="parent")
        reply = await client.chat_postMessage(channel=room, text="reply", thread_ts=parent["ts"])
        call = client.chat_postMessage(channel=room, text="x", thread_ts=reply["ts"])
        assert await code(call) == "cannot_reply_to_message"

    async def test_membership(self, client: AsyncWebClient, room: str, workspace: FakeWorkspace, johal: Person) -> None:
        await johal.removes("U0001BOT", "patel")
        assert await code(client.chat_postMessage(channel=room, text="x")) == "channel_not_found"
        workspace.data.scopes.add("channels:read")
        public = await johal.creates("general-chat", private=False)
        assert await code(client.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"

    async def test_archived(self, client: AsyncWebClient, room: str) -> None:
        sent = await client.chat_postMessage(channel=room, text="x")
        await client.conversations_archive(channel=room)
        assert await code(client.chat_postMessage(channel=room, text="x")) == "is_archived"
        assert await code(client.chat_update(channel=room, ts=sent["ts"], text="y")) == "is_inactive"

    async def test_ephemeral_only_to_members(self, client: AsyncWebClient, room: str) -> None:
        assert await code(client.chat_postEphemeral(channel=room, user=SAM, text="x")) == "user_not_in_channel"

    async def test_no_scheduled_messages(self, client: AsyncWebClient, room: str) -> None:
        call = client.chat_scheduleMessage(channel=room, post_at=1_900_000_000, text="x")
        assert await code(call) == "unknown_method"

    async def test_json_needs_a_method_that_reads_it(self, client: AsyncWebClient, room: str) -> None:
        call = client.api_call("chat.getPermalink", json={"channel": room, "message_ts": "1.1"})
        assert await code(call) == "invalid_post_type"

    async def test_arguments_also_travel_as_a_form(self, client: AsyncWebClient, room: str) -> None:
        form = {"channel": room, "text": "x", "blocks": json.dumps([SECTION]), "unfurl_links": "false"}
        assert (await client.api_call("chat.postMessage", data=form))["ok"]
