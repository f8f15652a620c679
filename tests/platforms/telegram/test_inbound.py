"""Updates as events. Most are built by hand to the specification; some come from the fake, as people make them."""

import string
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import Account
from bot.domain.events import (
    ButtonPressed,
    ChatMigrated,
    CommandReceived,
    FileKind,
    InboundFile,
    MessageEdited,
    MessageReceived,
    Origin,
    ReachabilityChanged,
    Reacted,
    RoomChange,
    RoomChanged,
)
from bot.domain.richtext import RichText, bold
from bot.platforms.telegram.ids import Identity, account, place
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.platforms.telegram.wire import dumps
from bot.ports.inbound import Translator
from bot.sandbox.telegram import FakeTelegram, Person
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


def test_is_a_translator() -> None:
    port: Translator = TelegramTranslator(Identity(BOT))
    assert port.translate(b"not JSON", live=False) is None
    assert port.translate(b"[1]", live=False) is None
    assert port.translate(b'{"update_id":1}', live=False) is None


# -- messages -------------------------------------------------------------------------------------------------------


def test_text() -> None:
    assert said(text="Hello") == MessageReceived(DIRECT, "5", RichText("Hello"))


def test_entities_count_in_utf16() -> None:
    found = message(text="😀 UL4 ok", entities=[{"type": "bold", "offset": 3, "length": 3}])
    assert found.body == RichText("😀 ") + bold("UL4") + " ok"


def test_text_in_a_topic() -> None:
    found = event("message", topic(text="Hello"))
    assert found == MessageReceived(IN_TOPIC, "5", RichText("Hello"))


def test_a_thread_that_is_no_topic() -> None:
    # Replies in groups carry a message_thread_id too.
    found = message(text="Hello", message_thread_id=77)
    assert found.origin.place == place(ASHA)


def test_a_reply() -> None:
    assert message(text="yes", reply_to_message=private(message_id=3, text="?")).reply_to == "3"
    assert message(text="yes", external_reply={"origin": {}}).reply_to is None


def test_the_root_of_a_topic_is_no_reply() -> None:
    root = topic(message_id=77, forum_topic_created={"name": "C-7K3F", "icon_color": 7322096})
    assert event("message", topic(text="x", reply_to_message=root)) == MessageReceived(IN_TOPIC, "5", RichText("x"))
    bare = topic(message_id=77)
    assert event("message", topic(text="x", reply_to_message=bare)) == MessageReceived(IN_TOPIC, "5", RichText("x"))
    other = topic(message_id=80, text="?")
    answer = event("message", topic(text="x", reply_to_message=other))
    assert isinstance(answer, MessageReceived)
    assert answer.reply_to == "80"


def test_groups_are_never_direct() -> None:
    found = event("message", group(text="Hello"))
    assert isinstance(found, MessageReceived)
    assert found.origin == Origin(place(-200), account(ASHA), AT)
    anonymous = event("message", group(text="Hello", sender_chat={"id": -200, "type": "group"}))
    assert isinstance(anonymous, MessageReceived)
    assert anonymous.origin.sender is None


def test_forwarded_messages_are_messages() -> None:
    origin = {"type": "hidden_user", "sender_user_name": "somebody", "date": 1}
    assert message(text="Hello", forward_origin=origin, forward_date=1, forward_sender_name="x").refused is None


@pytest.mark.parametrize(
    "payload",
    [
        private(text="x", chat={"id": -100, "type": "channel", "title": "c"}),
        private(text="x", chat={"id": ASHA, "type": "something new"}),
        private(text="x", **{"from": {"id": BOT, "is_bot": True, "first_name": "Chairside"}}),
        group(text="x", **{"from": {"id": 9, "is_bot": True, "first_name": "Other"}}),
        private(),
        private(text=""),
        private(text=17),
        {"message_id": 5},
        private(text="x", message_id="5"),
    ],
)
def test_what_concerns_nobody(payload: dict[str, object]) -> None:
    assert event("message", payload) is None


def test_without_a_sender_there_is_no_account() -> None:
    payload = private(text="x")
    del payload["from"]
    found = event("message", payload)
    assert isinstance(found, MessageReceived)
    assert found.origin.sender is None


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post", "poll", "inline_query", "something_new"])
def test_other_updates(kind: str) -> None:
    assert event(kind, private(text="x")) is None


def test_a_date_beyond_all_dates_is_none() -> None:
    for odd in (-5, 10**30, "tomorrow", None, True):
        assert message(text="x", date=odd).origin.at == 0


def test_odd_entities_cost_no_words() -> None:
    for odd in ("bold", [7], [{"type": "bold"}], [{"type": "bold", "offset": -9, "length": 10**9}], {"a": 1}, None):
        assert message(text="UL4", entities=odd).body.text == "UL4"


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    body = b'{"update_id":1,"message":' + orjson.dumps(private(text="TEXT")).replace(b"TEXT", b"a\\ud83db") + b"}"
    found = TelegramTranslator(Identity(BOT)).translate(body, live=False)
    assert isinstance(found, MessageReceived)
    assert found.body.text == "a\ufffdb"


# -- files ----------------------------------------------------------------------------------------------------------

SIZES = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 900},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 90_000},
    {"file_id": "middle", "file_unique_id": "m", "width": 320, "height": 213, "file_size": 9_000},
]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"photo": SIZES}, InboundFile("large|l", "photo_5.jpg", FileKind.PHOTO, "image/jpeg", 90_000)),
        (
            {"document": FILE | {"file_name": "scan.stl", "mime_type": "model/stl"}},
            InboundFile("AgAC|AQAD", "scan.stl", FileKind.DOCUMENT, "model/stl", 1234),
        ),
        (
            {"document": FILE},
            InboundFile("AgAC|AQAD", "document", FileKind.DOCUMENT, "application/octet-stream", 1234),
        ),
        (
            {"voice": FILE | {"duration": 9, "mime_type": "audio/ogg"}},
            InboundFile("AgAC|AQAD", "voice.ogg", FileKind.VOICE, "audio/ogg", 1234, 9),
        ),
        (
            {"audio": FILE | {"duration": 9, "file_name": "a.mp3"}},
            InboundFile("AgAC|AQAD", "a.mp3", FileKind.AUDIO, "audio/mpeg", 1234, 9),
        ),
        (
            {"video": FILE | {"duration": 9, "width": 1, "height": 1}},
            InboundFile("AgAC|AQAD", "video.mp4", FileKind.VIDEO, "video/mp4", 1234, 9),
        ),
        (
            {"video_note": FILE | {"duration": 9, "length": 240}},
            InboundFile("AgAC|AQAD", "video_note.mp4", FileKind.VIDEO, "video/mp4", 1234, 9),
        ),
        (
            {"animation": FILE | {"duration": 2}, "document": FILE | {"file_id": "twin"}},
            InboundFile("AgAC|AQAD", "animation.mp4", FileKind.ANIMATION, "video/mp4", 1234, 2),
        ),
        (
            {"sticker": FILE | {"is_animated": False, "is_video": False}},
            InboundFile("AgAC|AQAD", "sticker.webp", FileKind.STICKER, "image/webp", 1234),
        ),
        (
            {"sticker": FILE | {"is_animated": True, "is_video": False}},
            InboundFile("AgAC|AQAD", "sticker.tgs", FileKind.STICKER, "application/x-tgsticker", 1234),
        ),
        (
            {"sticker": FILE | {"is_animated": False, "is_video": True}},
            InboundFile("AgAC|AQAD", "sticker.webm", FileKind.STICKER, "video/webm", 1234),
        ),
        (
            {"voice": {"file_id": "AgAC", "duration": "9", "file_size": "x"}},
            InboundFile("AgAC|", "voice.ogg", FileKind.VOICE, "audio/ogg", None),
        ),
    ],
)
def test_files(fields: dict[str, object], expected: InboundFile) -> None:
    found = message(**fields)
    assert found.files == (expected,)
    assert (found.body, found.refused) == (RichText(""), None)


def test_captions_and_albums() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 5}]
    found = message(
        photo=SIZES, caption="front", caption_entities=entities, media_group_id="13", has_media_spoiler=True
    )
    assert (found.body, found.album, len(found.files)) == (bold("front"), "13", 1)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"contact": {"phone_number": "1", "first_name": "x"}}, "contact"),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, "location"),
        ({"venue": {"title": "x"}, "location": {"latitude": 1.0, "longitude": 1.0}}, "venue"),
        ({"poll": {"id": "1"}}, "poll"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice"),
        ({"story": {"id": 1}}, "story"),
        ({"paid_media": {"star_count": 1}, "caption": "buy"}, "paid_media"),
        ({"game": {"title": "x"}}, "game"),
        ({"invoice": {"title": "x"}}, "invoice"),
        ({"giveaway": {}}, "giveaway"),
        ({"checklist": {"title": "x", "tasks": []}}, "checklist"),
        ({"hologram": {"file_id": "x"}}, "unknown"),
    ],
)
def test_what_we_cannot_carry_is_named(fields: dict[str, object], name: str) -> None:
    found = message(**fields)
    assert (found.refused, found.files) == (name, ())


def test_a_live_photo_is_carried_as_a_photo_and_says_what_is_missing() -> None:
    found = message(photo=SIZES, live_photo=FILE | {"photo": SIZES, "duration": 2, "width": 1, "height": 1})
    assert (len(found.files), found.refused) == (1, "live_photo")


@pytest.mark.parametrize(
    "name",
    ["pinned_message", "new_chat_members", "forum_topic_created", "forum_topic_closed", "write_access_allowed",
     "chat_background_set", "migrate_from_chat_id", "web_app_data", "users_shared"],
)  # fmt: skip
def test_service_messages(name: str) -> None:
    assert event("message", topic(**{name: {"a": 1}})) is None


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
        ("/stuck", 6, "stuck", "", False),  # Slack only
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


@pytest.mark.parametrize(
    ("old", "new", "shown", "removed"),
    [
        ([], [emoji("👍")], "👍", False),
        ([emoji("👍")], [], "👍", True),
        ([emoji("👍")], [emoji("❤")], "❤", False),
        ([], [{"type": "custom_emoji", "custom_emoji_id": "5"}], "", False),
        ([], [{"type": "paid"}], "⭐", False),
    ],
)
def test_reactions(old: list[dict[str, object]], new: list[dict[str, object]], shown: str, removed: bool) -> None:
    # No topic is named, so it is never known to be outside one.
    origin = Origin(place(ASHA), account(ASHA), AT)
    assert event("message_reaction", reaction(old, new)) == Reacted(origin, "9", shown, removed)


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


# -- whatever else may come -----------------------------------------------------------------------------------------

NAMES = st.sampled_from([
    "message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "chat", "from", "user",
    "text", "entities", "date", "id", "type", "message_id", "photo", "reply_to_message", "new_chat_member",
    "new_reaction", "old_reaction", "is_topic_message", "message_thread_id", "data", "offset", "length", "file_id",
])  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(string.printable)
    | st.sampled_from(["private", "bot_command", "kicked", "emoji", "/new"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8),
    max_leaves=40,
)


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_nothing_raises(update: dict[str, object]) -> None:
    TelegramTranslator(Identity(BOT, "chairside_bot")).translate(dumps(update), live=True)


@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_nothing_in_a_message_raises(fields: dict[str, object]) -> None:
    for kind in ("message", "edited_message"):
        event(kind, private(**fields))


async def test_what_the_fake_sends_is_understood(telegram: FakeTelegram, asha: Person) -> None:
    queue = telegram.bot().queue
    queue.allow(["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"])
    room = await asha.opens_topic("C-7K3F")
    hello = await asha.says("Hello", topic=room)
    await asha.says("Again", reply_to=hello)
    await asha.edits(hello, "Hello!")
    await asha.sends_album([b"1" * 50, b"2" * 50], "both", topic=room)
    await asha.sends_voice(b"OggS", seconds=7)
    await asha.sends_other({"contact": {"phone_number": "1", "first_name": "x"}})
    await asha.says("/status", topic=room)
    asha.sends_press(hello, "nonce")
    await asha.reacts(hello, "👍")
    await asha.renames_topic(room, "mine")
    await asha.blocks()
    translator = TelegramTranslator(Identity(BOT, "chairside_bot"))
    events = [translator.translate(orjson.dumps(one.raw), live=True) for one in queue.pending]
    assert [type(one).__name__ for one in events] == [
        "NoneType",  # the topic's own service message
        "MessageReceived",
        "MessageReceived",
        "MessageEdited",
        "MessageReceived",
        "MessageReceived",
        "MessageReceived",
        "MessageReceived",
        "CommandReceived",
        "ButtonPressed",
        "Reacted",
        "RoomChanged",
        "ReachabilityChanged",
    ]
    first, again = events[1], events[2]
    assert isinstance(first, MessageReceived)
    assert isinstance(again, MessageReceived)
    assert (first.reply_to, again.reply_to) == (None, str(hello.message_id))
    assert first.origin.place == place(ASHA, room.id)
