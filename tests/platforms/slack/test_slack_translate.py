"""Slack's JSON in neutral shape: captured shapes of every payload we read, and noise that must not break it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import Account, Place
from bot.domain.events import (
    AccessRevoked,
    ButtonPressed,
    CommandReceived,
    FileKind,
    FormSubmitted,
    HomeOpened,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    RoomChange,
    RoomChanged,
    ShortcutInvoked,
)
from bot.platforms.slack.ids import Identity, micros, stamp
from bot.platforms.slack.translate import SlackTranslator
from bot.platforms.slack.updates import RECEIVED, raw_update

Json = dict[str, Any]
TRANSLATOR = SlackTranslator()
JOHAL = Account("slack", "T0001", "U0002")
ROOM = Place("slack", "T0001", "C0100")


def event(inner: Json, **more: Any) -> Json:
    return {
        "token": "x",
        "team_id": "T0001",
        "api_app_id": "A0001",
        "type": "event_callback",
        "event_id": "Ev01",
        "event_time": 1700000000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T0001",
                "user_id": "U0BOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "event": inner,
    } | more


def message(**more: Any) -> Json:
    base: Json = {
        "type": "message",
        "user": "U0002",
        "team": "T0001",
        "ts": "1700000000.000200",
        "event_ts": "1700000000.000200",
        "channel": "C0100",
        "channel_type": "group",
        "text": "Hold at 7",
    }
    return base | more


def read(body: Json, *, live: bool = False, translator: SlackTranslator = TRANSLATOR) -> InboundEvent | None:
    return translator.translate(raw_update(body, 1_700_000_009_000_000).body, live=live)


def received(**more: Any) -> MessageReceived:
    found = read(event(message(**more)))
    assert isinstance(found, MessageReceived)
    return found


# ------------------------------------------------------------------------------------------------ messages
def test_message() -> None:
    found = received()
    assert found.message_id == "1700000000.000200"
    assert found.body.text == "Hold at 7"
    assert found.origin.sender == JOHAL
    assert found.origin.place == ROOM
    assert found.origin.at == 1_700_000_000_000_200
    assert (found.reply_to, found.files, found.refused) == (None, (), None)
    assert not found.origin.live
    assert not found.origin.direct


def test_blocks_win_over_text_and_text_is_unescaped() -> None:
    rich = [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "<0.2 mm", "style": {"bold": True}}],
                }
            ],
        }
    ]
    found = received(blocks=rich, text="*&lt;0.2 mm*")
    assert found.body.text == "<0.2 mm"
    assert [span.kind for span in found.body.spans] == ["bold"]
    assert received(text="&lt;0.2 mm &amp; UL4").body.text == "<0.2 mm & UL4"


def test_text_like_a_command_is_text() -> None:
    assert received(text="/case close").body.text == "/case close"


def test_direct_message() -> None:
    assert received(channel="D0001", channel_type="im").origin.direct


def test_thread_reply_and_parent() -> None:
    assert received(thread_ts="1699999999.000100").reply_to == "1699999999.000100"
    assert received(thread_ts="1700000000.000200").reply_to is None
    assert received(thread_ts="1699999999.000100", subtype="thread_broadcast").reply_to == "1699999999.000100"


def test_files() -> None:
    found = received(
        subtype="file_share",
        text="",
        files=[
            {"id": "F1", "name": "upper.stl", "mimetype": "model/stl", "mode": "hosted", "size": 10_000_084},
            {"id": "F2", "name": "front.jpg", "mimetype": "image/jpeg", "mode": "hosted", "size": 5},
            {"id": "F3", "name": "a.m4a", "mimetype": "audio/mp4", "subtype": "slack_audio", "duration_ms": 4600},
            {"id": "F4", "title": "clip", "mimetype": "video/mp4", "subtype": "slack_video", "duration_ms": None},
            {"id": "F5", "name": "x.gif", "mimetype": "image/gif"},
            {"id": "F6", "name": "x.mp3", "mimetype": "audio/mpeg"},
        ],
    )
    assert [(file.ref, file.kind) for file in found.files] == [
        ("F1", FileKind.DOCUMENT),
        ("F2", FileKind.PHOTO),
        ("F3", FileKind.VOICE),
        ("F4", FileKind.VIDEO),
        ("F5", FileKind.ANIMATION),
        ("F6", FileKind.AUDIO),
    ]
    assert found.files[0].size == 10_000_084
    assert found.files[2].seconds == 5
    assert found.files[3].name == "clip"
    assert found.refused is None


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"id": "F1", "mode": "external", "url_private": "https://evil.example/x"}, "file kept outside Slack"),
        ({"id": "F1", "mode": "remote"}, "file kept outside Slack"),
        ({"id": "F1", "mode": "hosted", "is_external": True}, "file kept outside Slack"),
        ({"id": "F1", "mode": "tombstone"}, "deleted file"),
        ({"id": "F1", "mode": "hidden_by_limit"}, "deleted file"),
        ({"id": "F1", "file_access": "file_not_found"}, "deleted file"),
    ],
)
def test_files_we_cannot_carry_are_named(file: Json, reason: str) -> None:
    found = received(subtype="file_share", files=[file, {"id": "F2", "mode": "hosted"}])
    assert [one.ref for one in found.files] == ["F2"]
    assert found.refused == reason


def test_shared_message_is_named() -> None:
    assert received(text="", attachments=[{"is_share": True, "text": "quoted"}]).refused == "forwarded message"
    assert received(text="", attachments=[{"is_msg_unfurl": True}]).refused == "forwarded message"
    assert received(text="see https://x", attachments=[{"is_msg_unfurl": True}]).refused is None


def test_other_apps_and_foreign_people_are_events() -> None:
    assert received(user=None, bot_id="B0OTHER", subtype="bot_message").origin.sender == Account(
        "slack", "T0001", "B0OTHER"
    )
    assert received(team="T0999", user_team="T0999").origin.sender == Account("slack", "T0999", "U0002")


def test_an_unknown_subtype_with_an_author_is_a_message() -> None:
    assert received(subtype="brand_new_kind").body.text == "Hold at 7"


@pytest.mark.parametrize("subtype", ["channel_join", "group_topic", "pinned_item", "message_replied", "tombstone"])
def test_slacks_own_notices_are_not_messages(subtype: str) -> None:
    assert read(event(message(subtype=subtype))) is None


OWN = [{"user": "U0BOT"}, {"bot_id": "B0BOT", "app_id": "A0001"}, {"user": None, "bot_profile": {"app_id": "A0001"}}]


@pytest.mark.parametrize("author", OWN)
def test_own_posts_are_dropped_by_id(author: Json) -> None:
    mine = message(**author)
    assert read(event(mine)) is None
    changed = {"type": "message", "subtype": "message_changed", "channel": "C0100", "ts": "1", "message": mine}
    assert read(event(changed)) is None
    deleted = {"type": "message", "subtype": "message_deleted", "channel": "C0100", "deleted_ts": "1"}
    assert read(event(deleted | {"previous_message": mine})) is None


def test_own_posts_are_known_without_authorisations_too() -> None:
    body = event(message(user=None, bot_id="B0BOT"), authorizations=[], api_app_id="")
    assert isinstance(read(body), MessageReceived)
    knows = SlackTranslator({"T0001": Identity("T0001", "U0BOT", "B0BOT")}.get)
    assert read(body, translator=knows) is None


def test_nothing_is_own_by_name_or_empty_ids() -> None:
    assert isinstance(read(event(message(username="Chairside", app_id=""), api_app_id="")), MessageReceived)


# ----------------------------------------------------------------------------------------- edits, deletions
def changed(inner: Json, before: Json | None = None) -> InboundEvent | None:
    return read(
        event(
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "channel": "C0100",
                "ts": "1700000100.000300",
                "event_ts": "1700000100.000300",
                "message": inner,
                "previous_message": before or message(),
            }
        )
    )


def test_edit() -> None:
    found = changed(message(text="Hold at 8", edited={"user": "U0002", "ts": "1700000100.000000"}))
    assert isinstance(found, MessageEdited)
    assert (found.message_id, found.body.text) == ("1700000000.000200", "Hold at 8")
    assert found.origin.at == 1_700_000_100_000_000  # `edited.ts`: history knows no event
    assert found.origin.sender == JOHAL


def test_unfurls_and_changes_by_nobody_are_no_edits() -> None:
    assert changed(message(attachments=[{"from_url": "https://x"}])) is None
    assert changed(message(edited={"user": "U0666", "ts": "1"})) is None


def test_deletion_and_thread_tombstone() -> None:
    plain = read(
        event(
            {
                "type": "message",
                "subtype": "message_deleted",
                "channel": "C0100",
                "deleted_ts": "1700000000.000200",
                "ts": "1700000200.000100",
                "previous_message": message(),
            }
        )
    )
    assert isinstance(plain, MessageDeleted)
    assert (plain.message_id, plain.origin.sender) == ("1700000000.000200", JOHAL)
    stone = changed(
        {"subtype": "tombstone", "ts": "1700000000.000200", "user": "USLACKBOT", "text": "This was deleted."}
    )
    assert isinstance(stone, MessageDeleted)
    assert (stone.message_id, stone.origin.sender) == ("1700000000.000200", JOHAL)


# ------------------------------------------------------------------------------------- reactions and rooms
def reaction(**more: Any) -> Json:
    item = {"type": "message", "channel": "C0100", "ts": "1700000000.000200"}
    return {
        "type": "reaction_added",
        "user": "U0002",
        "reaction": "+1::skin-tone-2",
        "item": item,
        "event_ts": "5.000001",
    } | more


def test_reactions() -> None:
    found = read(event(reaction()))
    assert isinstance(found, Reacted)
    assert (found.emoji, found.removed, found.message_id) == ("👍", False, "1700000000.000200")
    assert found.origin.place == ROOM
    gone = read(event(reaction(type="reaction_removed", reaction="party-parrot")))
    assert isinstance(gone, Reacted)
    assert (gone.emoji, gone.removed) == (":party-parrot:", True)
    assert read(event(reaction(user="U0BOT"))) is None
    assert read(event(reaction(item={"type": "file", "file": "F1"}))) is None


@pytest.mark.parametrize(
    ("inner", "change", "who"),
    [
        ({"type": "member_joined_channel", "user": "U9", "team": "T0001"}, RoomChange.MEMBER_JOINED, "U9"),
        ({"type": "member_left_channel", "user": "U0002"}, RoomChange.MEMBER_LEFT, "U0002"),
        ({"type": "member_left_channel", "user": "U0BOT"}, RoomChange.BOT_REMOVED, None),
        ({"type": "member_joined_channel", "user": "U0BOT"}, RoomChange.BOT_ADDED, None),
        ({"type": "group_left"}, RoomChange.BOT_REMOVED, None),
        ({"type": "channel_left"}, RoomChange.BOT_REMOVED, None),
        ({"type": "group_archive", "user": "U9"}, RoomChange.ARCHIVED, None),
        ({"type": "channel_archive", "user": "U9"}, RoomChange.ARCHIVED, None),
        ({"type": "group_deleted"}, RoomChange.DELETED, None),
        ({"type": "group_unarchive"}, RoomChange.UNARCHIVED, None),
    ],
)
def test_rooms(inner: Json, change: RoomChange, who: str | None) -> None:
    found = read(event({"channel": "C0100", "event_ts": "5.000001"} | inner))
    assert isinstance(found, RoomChanged)
    assert (found.change, found.origin.place, found.origin.at) == (change, ROOM, 5_000_001)
    assert found.account == (Account("slack", "T0001", who) if who else None)


def test_what_does_not_concern_us() -> None:
    for inner in (
        {"type": "group_rename", "channel": {"id": "C1", "name": "x"}},
        {"type": "app_home_opened", "user": "U0002", "channel": "D1", "tab": "messages"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}},
        {"type": "emoji_changed"},
        {},
    ):
        assert read(event(inner)) is None
    assert read({"type": "view_closed", "view": {}}) is None
    assert read({"type": "app_rate_limited"}) is None


def test_home_and_revocation() -> None:
    found = read(event({"type": "app_home_opened", "user": "U0002", "channel": "D1", "tab": "home"}))
    assert isinstance(found, HomeOpened)
    assert found.origin.direct
    assert found.origin.sender == JOHAL
    gone = read(event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}))
    assert isinstance(gone, AccessRevoked)
    assert (gone.reason, gone.origin.place.workspace) == ("tokens_revoked", "T0001")
    assert isinstance(read(event({"type": "app_uninstalled"})), AccessRevoked)


# ---------------------------------------------------------------------------------------------- interaction
def slash(text: str, **more: Any) -> Json:
    return {
        "command": "/case",
        "text": text,
        "user_id": "U0002",
        "team_id": "T0001",
        "channel_id": "C0100",
        "trigger_id": "1.2.abc",
        "response_url": "https://hooks.slack.com/x",
    } | more


def command(text: str, **more: Any) -> CommandReceived:
    found = read(slash(text, **more), live=True)
    assert isinstance(found, CommandReceived)
    return found


def test_commands() -> None:
    found = command("withdraw 12")
    assert (found.name, found.args, found.known) == ("withdraw", "12", True)
    assert found.origin.live
    assert (found.origin.place, found.origin.sender) == (ROOM, JOHAL)
    assert found.origin.at == 1_700_000_009_000_000
    assert (command("").name, command("   ").name) == ("help", "help")
    assert command("STATUS").name == "status"
    odd = command("Statsu now")
    assert (odd.name, odd.args, odd.known) == ("Statsu", "now", False)
    assert command("note  1 &lt; 2 &amp;amp; payload\nnext").args == "1 < 2 &amp; payload\nnext"
    assert command("help", channel_id="D1").origin.direct
    assert read(slash("help", command="/other")) is None


def pressed(**more: Any) -> Json:
    return {
        "type": "block_actions",
        "user": {"id": "U0002", "team_id": "T0001"},
        "team": {"id": "T0001"},
        "channel": {"id": "C0100"},
        "container": {"type": "message", "message_ts": "1700000000.000200", "channel_id": "C0100"},
        "trigger_id": "1.2.abc",
        "actions": [{"type": "button", "action_id": "b0.0", "value": "nonce", "action_ts": "1700000005.000001"}],
    } | more


def test_buttons() -> None:
    found = read(pressed(), live=True)
    assert isinstance(found, ButtonPressed)
    assert (found.token, found.message_id, found.origin.place) == ("nonce", "1700000000.000200", ROOM)
    assert found.origin.at == 1_700_000_005_000_001
    assert not found.origin.direct
    assert read(pressed(actions=[{"type": "button", "action_id": "b0.0", "url": "https://x"}])) is None
    home = pressed(
        channel=None,
        container={"type": "view", "view_id": "V1"},
        actions=[{"type": "button", "action_id": "command:new", "value": "new"}],
    )
    asked = read(home)
    assert isinstance(asked, CommandReceived)
    assert (asked.name, asked.origin.direct, asked.origin.place.chat) == ("new", True, "")


def test_forms() -> None:
    values = {
        "name": {"text": {"type": "plain_text_input", "value": "AB"}},
        "words": {"long_text": {"type": "plain_text_input", "value": None}},
        "system": {"choice": {"type": "static_select", "selected_option": {"value": "other"}}},
        "urgency": {"choice": {"type": "radio_buttons", "selected_option": None}},
        "history": {"choices": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        "many": {"choices": {"type": "multi_static_select", "selected_options": []}},
        "date": {"date": {"type": "datepicker", "selected_date": "2026-06-14"}},
        "consent": {"tick": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
        "unticked": {"tick": {"type": "checkboxes", "selected_options": []}},
    }
    view = {"callback_id": "form", "private_metadata": "nonce", "state": {"values": values}}
    body = {"type": "view_submission", "team": {"id": "T0001"}, "user": {"id": "U0002"}, "view": view}
    found = read(body, live=True)
    assert isinstance(found, FormSubmitted)
    assert found.token == "nonce"
    assert found.values == {
        "name": "AB",
        "words": "",
        "system": "other",
        "urgency": "",
        "history": ("a", "b"),
        "many": (),
        "date": "2026-06-14",
        "consent": "yes",
        "unticked": "",
    }
    assert found.origin.sender == JOHAL
    assert read(body | {"view": view | {"callback_id": "note"}}) is None
    assert read(body | {"view": view | {"private_metadata": ""}}) is None


def test_shortcuts() -> None:
    body = {
        "type": "message_action",
        "callback_id": "urgent",
        "team": {"id": "T0001"},
        "user": {"id": "U0002", "team_id": "T0001"},
        "channel": {"id": "C0100", "name": "x"},
        "message_ts": "1700000000.000200",
        "action_ts": "1700000005.000001",
        "message": {"ts": "1700000000.000200"},
    }
    found = read(body, live=True)
    assert isinstance(found, ShortcutInvoked)
    assert (found.name, found.message_id) == ("urgent", "1700000000.000200")
    assert found.origin.at == 1_700_000_005_000_001
    assert read(body | {"callback_id": "delete_everything"}) is None


# --------------------------------------------------------------------------------------------------- updates
def test_keys_and_queues() -> None:
    plain = raw_update(event(message()), 1)
    assert plain.keys == ("slack:event:T0001:Ev01", "slack:message:T0001:C0100:1700000000.000200")
    assert plain.queue == "slack|T0001|C0100"
    assert plain.workspace == "T0001"
    assert RECEIVED not in json.loads(plain.body)
    again = raw_update(event(message(), event_id="Ev02"), 2)
    assert set(plain.keys) & set(again.keys)
    assert raw_update(event(reaction()), 1).queue == "slack|T0001|C0100"
    home = raw_update(event({"type": "app_home_opened", "user": "U0002", "tab": "home"}), 1)
    assert home.queue == "slack|T0001|U0002"
    assert raw_update(slash("help"), 1).keys == ("slack:trigger:T0001:1.2.abc",)
    view = {"type": "view_submission", "team": {"id": "T0001"}, "user": {"id": "U0002"}, "trigger_id": "9"}
    assert raw_update(view, 1).queue == "slack|T0001|U0002"


def test_two_edits_within_a_second_are_two_and_each_repeat_is_one() -> None:
    def edit(event_id: str, at: str) -> frozenset[str]:
        inner = message(edited={"user": "U0002", "ts": "1700000100.000000"})
        outer = {"type": "message", "subtype": "message_changed", "channel": "C0100", "event_ts": at, "message": inner}
        return frozenset(raw_update(event(outer, event_id=event_id), 1).keys)

    assert edit("Ev1", "1700000100.000300") & edit("Ev2", "1700000100.000300")
    assert not edit("Ev1", "1700000100.000300") & edit("Ev2", "1700000100.000400")
    gone = {"type": "message", "subtype": "message_deleted", "channel": "C0100", "deleted_ts": "1700000000.000200"}
    deleted = set(raw_update(event(gone, event_id="Ev3"), 1).keys)
    assert not deleted & set(raw_update(event(message()), 1).keys)


def test_workspace_is_the_authorised_one() -> None:
    shared = event(message(), team_id="T0999")
    assert raw_update(shared, 1).workspace == "T0001"


def test_lone_surrogates_do_not_reach_the_store() -> None:
    body = raw_update(event(message(text="a\ud800b")), 1).body
    assert json.loads(body.decode("utf-8"))["event"]["text"] == "a?b"
    assert isinstance(TRANSLATOR.translate(body, live=False), MessageReceived)


@given(st.integers(min_value=0, max_value=4_000_000_000_000_000))
def test_stamps_come_back(at: int) -> None:
    assert micros(stamp(at)) == at


# ---------------------------------------------------------------------------------------------------- noise
SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "message", "U0002", "1.5", "D1"]) | st.text()
)
NOISE = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
SHAPES = [
    event(message(files=[{"id": "F1"}], attachments=[{}], thread_ts="1")),
    event(reaction()),
    event({"type": "message", "subtype": "message_changed", "message": message(edited={}), "previous_message": {}}),
    event({"type": "message", "subtype": "message_deleted", "previous_message": {}}),
    event({"type": "member_left_channel"}),
    event({"type": "tokens_revoked", "tokens": {}}),
    event({"type": "group_archive"}),
    slash("x"),
    pressed(),
    {
        "type": "view_submission",
        "view": {"callback_id": "form", "private_metadata": "n", "state": {"values": {"a": {"b": {}}}}},
    },
    {"type": "message_action", "callback_id": "urgent"},
]


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found += paths(child, (*here, key))
    return found


@given(st.data())
def test_odd_but_valid_json_never_raises(data: st.DataObject) -> None:
    body: Any = json.loads(json.dumps(data.draw(st.sampled_from(SHAPES))))
    for _ in range(data.draw(st.integers(0, 3))):
        choices = paths(body)
        path = data.draw(st.sampled_from(choices)) if choices else ()
        target = body
        for key in path[:-1]:
            target = target[key]
        if path:
            target[path[-1]] = data.draw(NOISE)
    read(body, live=data.draw(st.booleans()))


@given(st.binary(max_size=40) | NOISE.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_never_raises(body: bytes) -> None:
    TRANSLATOR.translate(body, live=True)
