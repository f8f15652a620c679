"""Updates as events. Most are built by hand to the specification; some come from the fake, as people make them."""

from typing import Any

import orjson
import pytest

from bot.domain.events import (
    FileKind,
    InboundFile,
    MessageReceived,
    Origin,
)
from bot.domain.richtext import RichText, bold
from bot.platforms.telegram.ids import Identity, account, place
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.ports.inbound import Translator
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


def test_a_reply_to_a_part_and_to_what_is_elsewhere() -> None:
    asked = private(message_id=3, text="UL4 or UR5?")
    part = {"text": "UR5", "position": 7}
    assert message(text="this", reply_to_message=asked, quote={**part, "is_manual": True}).quoted == "UR5"
    assert message(text="this", reply_to_message=asked, quote=part).quoted == ""
    assert not message(text="this", reply_to_message=asked).elsewhere
    assert message(text="this", external_reply={"origin": {}}, quote=part).elsewhere


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
