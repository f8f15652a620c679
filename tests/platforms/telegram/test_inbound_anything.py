"""Whatever JSON comes, the translator does not raise; and what the fake sends it understands."""

import string

import orjson
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import (
    MessageReceived,
)
from bot.platforms.telegram.ids import Identity, place
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.platforms.telegram.wire import dumps
from bot.sandbox.telegram import FakeTelegram, Person
from tests.platforms.telegram.support import ASHA, BOT, event, private

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
