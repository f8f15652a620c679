"""Commands, edits, presses, reactions and rooms as events."""

from typing import Any

import pytest

from bot.domain.addresses import Account
from bot.domain.events import (
    ButtonPressed,
    ChatMigrated,
    CommandReceived,
    MessageEdited,
    MessageReceived,
    Origin,
    ReachabilityChanged,
    Reacted,
    RoomChange,
    RoomChanged,
)
from bot.domain.richtext import RichText
from bot.platforms.telegram.ids import account, place
from tests.platforms.telegram.support import ASHA, BOT, event, group, private, said, topic

AT = 1_790_000_000_000_000
DIRECT = Origin(place(ASHA), account(ASHA), AT, direct=True)
IN_TOPIC = Origin(place(ASHA, 77), account(ASHA), AT)
FILE = {"file_id": "AgAC", "file_unique_id": "AQAD", "file_size": 1234}


def command(length: int, offset: int = 0) -> list[dict[str, object]]:
    return [{"type": "bot_command", "offset": offset, "length": length}]


def message(**fields: Any) -> MessageReceived:
    found = said(**fields)
    assert isinstance(found, MessageReceived)
    return found


SIZES = [{"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 90_000}]


# -- commands -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length", "name", "args", "known"),
    [
        ("/new", 4, "new", "", True),
        ("/NEW", 4, "new", "", True),
        ("/cases", 6, "list", "", True),
        ("/start s3cr3t_CODE-1", 6, "link", "s3cr3t_CODE-1", True),
        ("/start", 6, "link", "", True),
        ("/withdraw@chairside_bot 14", 23, "withdraw", "14", True),
        ("/withdraw@Chairside_Bot   14 ", 23, "withdraw", "14", True),
        ("/note two\nlines 😀", 5, "note", "two\nlines 😀", True),
        ("/approve 3", 8, "approve", "3", True),
        ("/nwe please", 4, "nwe", "please", False),
        ("/stuck", 6, "stuck", "", True),
        ("/invite patel", 7, "invite", "patel", False),  # Slack only
        ("/list", 5, "list", "", False),  # written /cases here
        ("/new@other_bot", 14, "new@other_bot", "", False),  # nobody else would answer in her own chat
    ],
)
def test_commands(text: str, length: int, name: str, args: str, known: bool) -> None:
    found = said(text=text, entities=command(length))
    assert found == CommandReceived(DIRECT, name, args, known, "5")


def test_a_command_in_a_topic_as_a_reply() -> None:
    payload = topic(text="/withdraw", entities=command(9), reply_to_message=topic(message_id=80, text="oops"))
    assert event("message", payload) == CommandReceived(IN_TOPIC, "withdraw", "", True, "5", "80")


def test_commands_in_groups_are_ours_or_nobodys() -> None:
    ours = event("message", group(text="/new@chairside_bot", entities=command(18)))
    assert isinstance(ours, CommandReceived)
    assert not ours.origin.direct
    assert event("message", group(text="/new@other_bot", entities=command(14))) is None
    unknown_yet = event("message", group(text="/new@other_bot", entities=command(14)), username="")
    assert isinstance(unknown_yet, CommandReceived)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (" /new", command(4, 1)),
        ("\u00a0/new", command(4, 1)),
        ("see /new", command(4, 4)),
        ("/новый", []),
        ("/new", []),
        ("/", command(1)),
        ("new", command(3)),
    ],
)
def test_text_that_only_looks_like_a_command(text: str, entities: list[dict[str, object]]) -> None:
    assert message(text=text, entities=entities).body.text == text


def test_a_caption_is_never_a_command() -> None:
    found = message(photo=SIZES, caption="/withdraw", caption_entities=command(9))
    assert (found.body.text, len(found.files)) == ("/withdraw", 1)


# -- everything else ------------------------------------------------------------------------------------------------


def test_edits() -> None:
    found = event("edited_message", private(text="2 mm", edit_date=1_790_000_060))
    assert found == MessageEdited(
        Origin(place(ASHA), account(ASHA), AT + 60_000_000, direct=True), "5", RichText("2 mm")
    )
    caption = event("edited_message", topic(photo=SIZES, caption="new", edit_date=1))
    assert isinstance(caption, MessageEdited)
    assert caption.body.text == "new"
    removed = event("edited_message", private(photo=SIZES, edit_date=1))
    assert isinstance(removed, MessageEdited)
    assert removed.body.text == ""
    assert event("edited_message", private(location={"latitude": 1.0, "longitude": 2.0}, edit_date=1)) is None


def press(**fields: object) -> dict[str, object]:
    user = {"id": ASHA, "is_bot": False, "first_name": "Asha"}
    return {"id": "4382", "from": user, "chat_instance": "1", "data": "nonce", "message": topic(text="Draft")} | fields


@pytest.mark.parametrize("live", [True, False])
def test_presses(live: bool) -> None:
    origin = Origin(place(ASHA, 77), account(ASHA), 0, live=live)
    assert event("callback_query", press(), live=live) == ButtonPressed(origin, "nonce", "5")
    direct = event("callback_query", press(message=private(text="x")), live=live)
    assert isinstance(direct, ButtonPressed)
    assert direct.origin.direct


def test_a_press_on_a_message_that_is_gone() -> None:
    gone = {"chat": {"id": ASHA, "type": "private"}, "message_id": 9, "date": 0}
    found = event("callback_query", press(message=gone), live=True)
    assert isinstance(found, ButtonPressed)
    assert (found.origin.place, found.token, found.message_id) == (place(ASHA), "nonce", "9")


def test_a_press_without_a_message_or_data() -> None:
    payload = press(inline_message_id="1")
    del payload["message"]
    assert event("callback_query", payload) is None
    found = event("callback_query", press(data=None, game_short_name="x"))
    assert isinstance(found, ButtonPressed)
    assert found.token == ""


def membership(new: str, chat: dict[str, object]) -> dict[str, object]:
    user = {"id": ASHA, "is_bot": False, "first_name": "Asha"}
    bot = {"id": BOT, "is_bot": True, "first_name": "Chairside"}
    return {
        "chat": chat,
        "from": user,
        "date": 1_790_000_000,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": new, "user": bot, "until_date": 0},
    }


def test_blocked_and_let_in_again() -> None:
    chat: dict[str, object] = {"id": ASHA, "type": "private", "first_name": "Asha"}
    assert event("my_chat_member", membership("kicked", chat)) == ReachabilityChanged(DIRECT, reachable=False)
    assert event("my_chat_member", membership("member", chat)) == ReachabilityChanged(DIRECT, reachable=True)


def test_put_out_of_a_group_says_nothing_of_a_person() -> None:
    chat: dict[str, object] = {"id": -200, "type": "group", "title": "x"}
    origin = Origin(place(-200), account(ASHA), AT)
    assert event("my_chat_member", membership("left", chat)) == RoomChanged(origin, RoomChange.BOT_REMOVED)
    assert event("my_chat_member", membership("member", chat)) is None


def reaction(old: list[dict[str, object]], new: list[dict[str, object]], **fields: object) -> dict[str, object]:
    change: dict[str, object] = {
        "chat": {"id": ASHA, "type": "private"},
        "message_id": 9,
        "user": {"id": ASHA, "is_bot": False, "first_name": "Asha"},
        "date": 1_790_000_000,
        "old_reaction": old,
        "new_reaction": new,
    }
    return change | fields


def emoji(character: str) -> dict[str, object]:
    return {"type": "emoji", "emoji": character}


OTHER_PICTURE = {"type": "custom_emoji", "custom_emoji_id": "6"}


@pytest.mark.parametrize(
    ("old", "new", "shown", "removed"),
    [
        ([], [emoji("👍")], "👍", False),
        ([emoji("👍")], [], "👍", True),
        ([emoji("👍")], [emoji("❤")], "❤", False),
        ([], [{"type": "custom_emoji", "custom_emoji_id": "5"}], "", False),
        ([OTHER_PICTURE], [{"type": "custom_emoji", "custom_emoji_id": "5"}], "", False),
        ([], [{"type": "paid"}], "⭐", False),
    ],
)
def test_reactions(old: list[dict[str, object]], new: list[dict[str, object]], shown: str, removed: bool) -> None:
    # No topic is named, so it is never known to be outside one.
    origin = Origin(place(ASHA), account(ASHA), AT)
    former = "👍" if old == [emoji("👍")] and new else ""
    assert event("message_reaction", reaction(old, new)) == Reacted(origin, "9", shown, removed, former)


def test_reactions_of_nobody() -> None:
    assert event("message_reaction", reaction([emoji("👍")], [emoji("👍")])) is None
    assert event("message_reaction", reaction([], [emoji("👍")], user={"id": 9, "is_bot": True})) is None
    assert event("message_reaction", reaction([], [emoji("👍")], user=None, actor_chat={"id": -1})) is None


def test_a_topic_renamed_by_its_person() -> None:
    renamed = topic(forum_topic_edited={"name": "mine"})
    assert event("message", renamed) == RoomChanged(
        IN_TOPIC, RoomChange.TOPIC_RENAMED, Account("telegram", "", "700001")
    )
    assert event("message", topic(forum_topic_edited={"icon_custom_emoji_id": "5"})) is None
    by_us = topic(forum_topic_edited={"name": "ours"}, **{"from": {"id": BOT, "is_bot": True}})
    assert event("message", by_us) is None


def test_a_group_that_got_a_new_id() -> None:
    payload = group(migrate_to_chat_id=-1_000_000_000_200)
    origin = Origin(place(-200), account(ASHA), AT)
    assert event("message", payload) == ChatMigrated(origin, "-1000000000200")
