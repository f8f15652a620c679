"""Slack's messages, edits and deletions in neutral shape: captured shapes of every payload we read."""

import pytest

from bot.domain.addresses import Account
from bot.domain.events import (
    FileKind,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
)
from bot.platforms.slack.ids import Identity
from bot.platforms.slack.translate import SlackTranslator
from tests.platforms.slack.payloads import JOHAL, ROOM, Json, event, message, read, received


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
