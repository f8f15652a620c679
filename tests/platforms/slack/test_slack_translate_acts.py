"""Reactions, rooms, commands, buttons and forms of Slack in neutral shape."""

from typing import Any

import pytest

from bot.domain.addresses import Account
from bot.domain.events import (
    AccessRevoked,
    ButtonPressed,
    CommandReceived,
    FormSubmitted,
    HomeOpened,
    Reacted,
    RoomChange,
    RoomChanged,
    ShortcutInvoked,
)
from tests.platforms.slack.payloads import (
    JOHAL,
    ROOM,
    Json,
    event,
    pressed,
    reaction,
    read,
    slash,
)


# ------------------------------------------------------------------------------------- reactions and rooms
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
        actions=[{"type": "button", "action_id": "h0.0", "value": "nonce"}],
    )
    asked = read(home)
    assert isinstance(asked, ButtonPressed)
    assert (asked.token, asked.origin.direct, asked.origin.place.chat) == ("nonce", True, "")


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
