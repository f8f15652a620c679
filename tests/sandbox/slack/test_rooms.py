"""conversations.*, users.*, pins.* and reactions.* through the real client."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person, TokenState, What
from tests.sandbox.slack.support import JOHAL, SAM, Clock, code, refused


@pytest.fixture(autouse=True)
def _unlimited(slack: FakeSlack) -> None:
    slack.settings.limits = slack.settings.limits.off()


async def test_a_private_channel_from_first_to_last(
    client: AsyncWebClient, room: str, johal: Person, workspace: FakeWorkspace
) -> None:
    assert johal.channels == ["case-patel-7k3f"]
    members = (await client.conversations_members(channel=room))["members"]
    assert members == ["U0001BOT", JOHAL]
    await client.conversations_setTopic(channel=room, topic="AB · 14 Jun")
    await client.conversations_setPurpose(channel=room, purpose="One case")
    await client.conversations_rename(channel=room, name="case-patel-7k3f-2")
    info = (await client.conversations_info(channel=room, include_num_members=True))["channel"]
    assert (info["name"], info["topic"]["value"], info["num_members"]) == ("case-patel-7k3f-2", "AB · 14 Jun", 2)
    assert info["is_private"]
    await client.conversations_archive(channel=room)
    assert johal.channels == []
    listed = await client.conversations_list(types="private_channel", exclude_archived=True)
    assert listed["channels"] == []
    await client.conversations_unarchive(channel=room)
    await client.conversations_kick(channel=room, user=JOHAL)
    assert (await client.users_conversations(types="private_channel"))["channels"][0]["id"] == room
    assert johal.channels == []
    system = [one["subtype"] for one in (await client.conversations_history(channel=room))["messages"]]
    assert system == [
        "channel_leave",
        "channel_unarchive",
        "channel_archive",
        "channel_name",
        "channel_purpose",
        "channel_topic",
        "channel_join",
        "channel_join",
    ]


async def test_newcomers_see_what_was_written_before(client: AsyncWebClient, room: str, sam: Person) -> None:
    await client.chat_postMessage(channel=room, text="before")
    await client.conversations_invite(channel=room, users=SAM)
    assert [one.text for one in sam.saw(What.HISTORY)] == ["before"]
    assert not sam.saw(What.MESSAGE)


async def test_pages_hold_everything_once(client: AsyncWebClient, room: str) -> None:
    sent = [(await client.chat_postMessage(channel=room, text=str(n)))["ts"] for n in range(7)]
    found: list[str] = []
    async for page in await client.conversations_history(channel=room, limit=3):
        found += [one["ts"] for one in page["messages"]]
    assert found[:7] == sent[::-1]
    bounded = await client.conversations_history(channel=room, oldest=sent[1], latest=sent[4])
    assert [one["ts"] for one in bounded["messages"]] == [sent[3], sent[2]]
    inclusive = await client.conversations_history(channel=room, oldest=sent[1], latest=sent[4], inclusive=True)
    assert len(inclusive["messages"]) == 4
    thread = [sent[0]]
    for n in range(5):
        thread.append((await client.chat_postMessage(channel=room, text=f"r{n}", thread_ts=sent[0]))["ts"])
    found = []
    async for page in await client.conversations_replies(channel=room, ts=sent[0], limit=2):
        found += [one["ts"] for one in page["messages"]]
    assert found == thread
    users: list[str] = []
    async for page in await client.users_list(limit=2):
        users += [one["id"] for one in page["members"]]
    assert users == ["U0001BOT", JOHAL, SAM]


async def test_guests_are_told_apart(client: AsyncWebClient, room: str, workspace: FakeWorkspace) -> None:
    workspace.add_user("U0009", "Guest", is_ultra_restricted=True)
    await client.conversations_invite(channel=room, users="U0009")
    guest = (await client.users_info(user="U0009"))["user"]
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    other = (await client.conversations_create(name="case-other", is_private=True))["channel"]["id"]
    assert await code(client.conversations_invite(channel=other, users="U0009")) == "ura_max_channels"


async def test_marks(client: AsyncWebClient, room: str, johal: Person, workspace: FakeWorkspace) -> None:
    workspace.data.scopes.add("pins:read")
    theirs = await johal.says("Is this on track?", "patel")
    await client.reactions_add(channel=room, timestamp=theirs.ts, name="dove_of_peace")
    await johal.sees_reaction("dove_of_peace", on=theirs)
    got = (await client.reactions_get(channel=room, timestamp=theirs.ts))["message"]["reactions"]
    assert got == [{"name": "dove_of_peace", "users": ["U0001BOT"], "count": 1}]
    await client.reactions_remove(channel=room, timestamp=theirs.ts, name="dove_of_peace")
    card = await client.chat_postMessage(channel=room, text="The card")
    await client.pins_add(channel=room, timestamp=card["ts"])
    assert (await johal.sees_pinned("The card", "patel")).ts == card["ts"]
    assert [one["message"]["ts"] for one in (await client.pins_list(channel=room))["items"]] == [card["ts"]]
    await client.pins_remove(channel=room, timestamp=card["ts"])
    whats = [one.what for one in johal.seen][-4:]
    assert whats == [What.UNREACTION, What.MESSAGE, What.PIN, What.UNPIN]


@pytest.mark.illegal_traffic
class TestRefusals:
    """Requests Slack would refuse."""

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("", "invalid_name_required"),
            ("x" * 81, "invalid_name_maxlength"),
            ("Case-Patel", "invalid_name_specials"),
            ("case patel", "invalid_name_specials"),
            ("case.patel", "invalid_name_specials"),
            ("---", "invalid_name_punctuation"),
            ("case-patel-7k3f", "name_taken"),
            ("hidden", "name_taken"),
        ],
    )
    async def test_names(self, client: AsyncWebClient, room: str, sam: Person, name: str, error: str) -> None:
        await client.conversations_archive(channel=room)  # an archived name stays taken
        await sam.creates("hidden")  # and so does one the app cannot see
        assert await code(client.conversations_create(name=name, is_private=True)) == error
        other = await client.conversations_create(name="x" * 80, is_private=True)
        assert await code(client.conversations_rename(channel=other["channel"]["id"], name=name)) == error

    @pytest.mark.parametrize(
        ("users", "error"),
        [
            (JOHAL, "already_in_channel"),
            ("U0001BOT", "cant_invite_self"),
            ("U9999", "user_not_found"),
            ("U0008", "cant_invite"),
            (f"{SAM},U9999", "user_not_found"),
            (",", "no_user"),
        ],
    )
    async def test_invitations(
        self, client: AsyncWebClient, room: str, workspace: FakeWorkspace, users: str, error: str
    ) -> None:
        workspace.add_user("U0008", "Gone")
        workspace.deactivate("U0008")
        assert await code(client.conversations_invite(channel=room, users=users)) == error
        assert SAM not in workspace.data.channels[room].members  # all or nobody

    async def test_forced_invitation(self, client: AsyncWebClient, room: str, sam: Person) -> None:
        answer = await client.conversations_invite(channel=room, users=[SAM, "U9999"], force=True)
        assert answer["errors"][0]["error"] == "user_not_found"
        assert sam.channels == ["case-patel-7k3f"]

    async def test_what_the_app_is_not_in(self, client: AsyncWebClient, sam: Person) -> None:
        hidden = (await sam.creates("hidden")).id
        calls: list[Any] = [
            client.conversations_info(channel=hidden),
            client.conversations_members(channel=hidden),
            client.conversations_history(channel=hidden),
            client.conversations_archive(channel=hidden),
            client.conversations_invite(channel=hidden, users=JOHAL),
            client.conversations_setTopic(channel=hidden, topic="x"),
            client.pins_add(channel=hidden, timestamp="1.1"),
            client.reactions_add(channel=hidden, timestamp="1.1", name="eyes"),
            client.conversations_leave(channel=hidden),
        ]
        assert {await code(call) for call in calls} == {"channel_not_found"}

    async def test_archived(self, client: AsyncWebClient, room: str) -> None:
        await client.conversations_archive(channel=room)
        assert await code(client.conversations_archive(channel=room)) == "already_archived"
        assert await code(client.conversations_invite(channel=room, users=SAM)) == "is_archived"
        assert await code(client.conversations_setTopic(channel=room, topic="x")) == "is_archived"
        await client.conversations_unarchive(channel=room)
        assert await code(client.conversations_unarchive(channel=room)) == "not_archived"

    async def test_direct_messages_are_no_rooms(self, client: AsyncWebClient) -> None:
        direct = (await client.conversations_open(users=JOHAL))["channel"]["id"]
        assert await code(client.conversations_archive(channel=direct)) == "method_not_supported_for_channel_type"
        assert await code(client.conversations_rename(channel=direct, name="x")) == (
            "method_not_supported_for_channel_type"
        )

    async def test_opening(self, client: AsyncWebClient, workspace: FakeWorkspace) -> None:
        workspace.deactivate(SAM)
        assert await code(client.conversations_open(users=SAM)) == "user_disabled"
        assert await code(client.conversations_open(users="U9999")) == "user_not_found"
        body = await refused(client.conversations_open(users=[JOHAL, SAM]))
        assert (body["error"], body["needed"]) == ("missing_scope", "mpim:write")

    async def test_kicking_and_leaving(self, client: AsyncWebClient, room: str) -> None:
        assert await code(client.conversations_kick(channel=room, user="U0001BOT")) == "cant_kick_self"
        assert await code(client.conversations_kick(channel=room, user=SAM)) == "not_in_channel"
        await client.conversations_kick(channel=room, user=JOHAL)
        assert await code(client.conversations_leave(channel=room)) == "last_member"

    async def test_long_topic(self, client: AsyncWebClient, room: str) -> None:
        assert await code(client.conversations_setTopic(channel=room, topic="x" * 251)) == "too_long"

    async def test_marks(self, client: AsyncWebClient, room: str, workspace: FakeWorkspace) -> None:
        sent = (await client.chat_postMessage(channel=room, text="x"))["ts"]
        mark = {"channel": room, "timestamp": sent}
        assert await code(client.reactions_add(name="tick", **mark)) == "invalid_name"
        assert await code(client.reactions_remove(name="eyes", **mark)) == "no_reaction"
        await client.reactions_add(name="eyes", **mark)
        assert await code(client.reactions_add(name="eyes", **mark)) == "already_reacted"
        assert await code(client.reactions_add(name="eyes", channel=room, timestamp="x")) == "bad_timestamp"
        assert await code(client.reactions_add(name="eyes", channel=room, timestamp="1.1")) == "message_not_found"
        assert await code(client.pins_remove(**mark)) == "no_pin"
        await client.pins_add(**mark)
        assert await code(client.pins_add(**mark)) == "already_pinned"
        assert await code(client.pins_add(channel=room)) == "no_item_specified"
        assert (await refused(client.pins_list(channel=room)))["needed"] == "pins:read"

    async def test_reading(self, client: AsyncWebClient, room: str) -> None:
        assert await code(client.conversations_history(channel=room, cursor="nonsense")) == "invalid_cursor"
        assert await code(client.conversations_history(channel=room, limit=1001)) == "invalid_limit"
        assert await code(client.conversations_history(channel=room, oldest="soon")) == "invalid_ts_oldest"
        assert await code(client.conversations_replies(channel=room, ts="1.1")) == "thread_not_found"
        assert await code(client.conversations_list(types="everything")) == "invalid_types"
        assert (await refused(client.conversations_list()))["needed"] == "channels:read"
        assert await code(client.users_info(user="U9999")) == "user_not_found"


@pytest.mark.illegal_traffic
class TestTokens:
    """Who asks, and what they were granted."""

    async def test_scopes_are_told_and_kept(self, client: AsyncWebClient, room: str, workspace: FakeWorkspace) -> None:
        answer = await client.auth_test()
        assert answer["bot_id"] == "B0001"
        assert set(answer.headers["x-oauth-scopes"].split(",")) == workspace.data.scopes
        workspace.data.scopes.discard("chat:write")
        body = await refused(client.chat_postMessage(channel=room, text="x"))
        assert (body["error"], body["needed"]) == ("missing_scope", "chat:write")
        assert "chat:write" not in body["provided"].split(",")
        workspace.data.scopes -= {"groups:history"}
        assert (await refused(client.conversations_history(channel=room)))["needed"] == "groups:history"

    async def test_tokens(self, connect: Callable[..., AsyncWebClient], workspace: FakeWorkspace) -> None:
        assert await code(connect("xoxb-nobody").auth_test()) == "invalid_auth"
        assert await code(connect("").auth_test()) == "not_authed"
        app = connect(workspace.app_token)
        assert (await app.auth_test())["app_id"] == "A0001"
        assert await code(app.users_list()) == "not_allowed_token_type"
        call = connect(workspace.bot_token).apps_connections_open(app_token=workspace.bot_token)
        assert await code(call) == "not_allowed_token_type"
        for state in (TokenState.REVOKED, TokenState.INACTIVE):
            workspace.set_state(state)
            assert await code(connect(workspace.bot_token).auth_test()) == state.value

    async def test_workspaces_are_apart(
        self, slack: FakeSlack, connect: Callable[..., AsyncWebClient], room: str, clock: Clock
    ) -> None:
        other = slack.add_workspace("T0009", "Elsewhere")
        stranger = connect(other.bot_token)
        assert await code(stranger.chat_postMessage(channel=room, text="x")) == "channel_not_found"
        assert await code(stranger.conversations_info(channel=room)) == "channel_not_found"
        assert await code(stranger.users_info(user=JOHAL)) == "user_not_found"
        name = "case-patel-7k3f"  # names are unique within a workspace only
        assert (await stranger.conversations_create(name=name, is_private=True))["ok"]
