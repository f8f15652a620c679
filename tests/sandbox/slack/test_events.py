"""Events to a real bolt app, over Socket Mode and over signed HTTP alike."""

import random

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, FakeWorkspace, Person
from tests.sandbox.slack.support import JOHAL, SAM, App, code


@pytest.fixture(autouse=True)
def _unlimited(slack: FakeSlack) -> None:
    slack.settings.limits = slack.settings.limits.off()


async def test_a_persons_message(app: App, slack: FakeSlack, room: str, johal: Person) -> None:
    said = await johal.says("IPR <0.2 mm & <@U0003>?\nThanks", "patel")
    await slack.settled()
    event = app.events("message")[-1]
    assert (event["user"], event["ts"], event["team"]) == (JOHAL, said.ts, "T0001")
    assert (event["channel"], event["channel_type"]) == (room, "group")
    assert event["text"] == "IPR &lt;0.2 mm &amp; <@U0003>?\nThanks"
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "IPR <0.2 mm & "},
        {"type": "user", "user_id": SAM},
        {"type": "text", "text": "?\nThanks"},
    ]
    assert event["client_msg_id"]
    body = app.heard[-1]
    assert (body["team_id"], body["authorizations"][0]["user_id"]) == ("T0001", "U0001BOT")


async def test_direct_messages_and_replies(app: App, slack: FakeSlack, johal: Person) -> None:
    first = await johal.says("Hello")
    await johal.says("Still there?", thread_ts=first)
    await slack.settled()
    events = app.events("message")
    assert [one["channel_type"] for one in events] == ["im", "im"]
    assert (events[1]["thread_ts"], events[1]["parent_user_id"]) == (first.ts, JOHAL)


async def test_changes(app: App, slack: FakeSlack, room: str, johal: Person) -> None:
    said = await johal.says("7 mm", "patel")
    await johal.edits("7 mm", "0.7 mm")
    await johal.unfurls(said)
    await johal.reacts(said, "eyes")
    await johal.unreacts(said, "eyes")
    await johal.deletes(said)
    await slack.settled()
    edit, preview = app.events("message", "message_changed")
    assert (edit["message"]["text"], edit["previous_message"]["text"]) == ("0.7 mm", "7 mm")
    assert edit["message"]["edited"]["user"] == JOHAL
    assert edit["message"]["ts"] == said.ts != edit["ts"]
    assert preview["message"]["text"] == preview["previous_message"]["text"]
    assert preview["message"]["edited"] == edit["message"]["edited"]
    assert preview["message"]["attachments"]
    assert app.events("reaction_added")[0]["item"] == {"type": "message", "channel": room, "ts": said.ts}
    assert app.events("reaction_removed")
    gone = app.events("message", "message_deleted")[0]
    assert (gone["deleted_ts"], gone["previous_message"]["text"]) == (said.ts, "0.7 mm")


async def test_a_threads_parent_leaves_a_tombstone(app: App, slack: FakeSlack, room: str, johal: Person) -> None:
    said = await johal.says("parent", "patel")
    await johal.says("reply", "patel", thread_ts=said.ts)
    await johal.deletes(said)
    await slack.settled()
    changed = app.events("message", "message_changed")[0]["message"]
    assert (changed["subtype"], changed["user"]) == ("tombstone", "USLACKBOT")


async def test_own_posts_come_back(app: App, slack: FakeSlack, room: str, client: AsyncWebClient) -> None:
    sent = await client.chat_postMessage(channel=room, text="from the desk")
    await client.chat_update(channel=room, ts=sent["ts"], text="from the desk, again")
    await slack.settled()
    own = app.events("message")[-2:]
    assert (own[0]["bot_id"], own[0]["app_id"], own[0]["user"]) == ("B0001", "A0001", "U0001BOT")
    assert "subtype" not in own[0]
    assert own[1]["message"]["bot_id"] == "B0001"


async def test_membership_and_archiving(
    app: App, slack: FakeSlack, workspace: FakeWorkspace, room: str, johal: Person
) -> None:
    await johal.invites(SAM, "patel")
    await workspace.user(SAM).leaves("patel")
    slack.courier.switches.muted.add("member_left_channel")
    await johal.invites(SAM, "patel")
    await workspace.user(SAM).leaves("patel")
    await johal.renames("patel", "case-patel-new")
    await johal.archives("patel")
    await johal.archives(room, on=False)
    await johal.removes("U0001BOT", "patel")
    await johal.says("The app does not hear this", "patel")
    await slack.settled()
    joined = [one for one in app.events("member_joined_channel") if one["user"] == SAM]
    assert [one["inviter"] for one in joined] == [JOHAL, JOHAL]
    assert len(app.events("member_left_channel")) == 1
    assert app.events("group_rename")[0]["channel"]["name"] == "case-patel-new"
    assert app.events("group_archive")[0]["channel"] == room
    assert app.events("group_unarchive")
    assert app.events("group_left")[0]["actor_id"] == JOHAL
    assert not [one for one in app.events("message") if "does not hear" in one["text"]]


async def test_home_and_revocation(
    app: App, slack: FakeSlack, workspace: FakeWorkspace, johal: Person, client: AsyncWebClient
) -> None:
    await johal.opens_home()
    await slack.settled()
    assert app.events("app_home_opened")[0]["tab"] == "home"
    workspace.revoke()
    await slack.settled()
    assert app.events("tokens_revoked")[0]["tokens"]["bot"] == ["U0001BOT"]
    assert app.events("app_uninstalled")
    assert await code(client.auth_test()) == "token_revoked"


async def test_subscriptions_and_scopes_decide(
    app: App, slack: FakeSlack, workspace: FakeWorkspace, room: str, johal: Person
) -> None:
    workspace.data.subscriptions = {"message.im"}
    said = await johal.says("not heard", "patel")
    await johal.says("heard", "DM")
    workspace.data.subscriptions = None
    workspace.data.scopes -= {"reactions:read"}
    await johal.reacts(said, "eyes")
    await slack.settled()
    assert [one["text"] for one in app.events("message") if "client_msg_id" in one] == ["heard"]
    assert not app.events("reaction_added")


async def test_doubles_and_disorder(app: App, slack: FakeSlack, room: str, johal: Person) -> None:
    slack.courier.switches.copies = 3
    await johal.says("thrice", "patel")
    await slack.settled()
    assert len({one["event_id"] for one in app.heard if one["event"].get("text") == "thrice"}) == 1
    slack.courier.switches.fresh_ids = True
    await johal.says("anew", "patel")
    await slack.settled()
    assert len({one["event_id"] for one in app.heard if one["event"].get("text") == "anew"}) == 3
    slack.courier.switches.copies = 1
    slack.courier.hold()
    for n in range(6):
        await johal.says(f"n{n}", "patel")
    await slack.settled()
    assert not [one for one in app.events("message") if one["text"].startswith("n")]
    slack.courier.release(random.Random(1).shuffle)
    await slack.settled()
    order = [one["text"] for one in app.events("message") if one["text"].startswith("n")]
    assert sorted(order) == [f"n{n}" for n in range(6)] != order


async def test_seeded_doubles_and_swaps(app: App, slack: FakeSlack, room: str, johal: Person) -> None:
    slack.faults.inbound.duplicate = 0.5
    slack.faults.inbound.reorder = 0.5
    for n in range(20):
        await johal.says(f"n{n:02}", "patel")
    wanted = {f"n{n:02}" for n in range(20)}
    await app.until(lambda: wanted <= {one["text"] for one in app.events("message")})
    await slack.settled()
    order = [one["text"] for one in app.events("message") if one["text"].startswith("n")]
    assert len(order) > 20
    assert order != sorted(order)


async def test_the_order_of_one_channel_is_kept(app: App, slack: FakeSlack, room: str, johal: Person) -> None:
    for n in range(30):
        await johal.says(f"n{n:02}", "patel")
    await slack.settled()
    order = [one["text"] for one in app.events("message") if one["text"].startswith("n")]
    assert order == sorted(order)
    assert len(order) == 30
