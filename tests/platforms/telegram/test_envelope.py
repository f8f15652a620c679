"""Keys and queues: what makes an update a repeat, and which updates wait for each other."""

import pytest

from bot.platforms.telegram.envelope import Envelope, seal
from bot.platforms.telegram.wire import loads
from tests.platforms.telegram.support import ASHA, BOT, group, private, topic


def sealed(number: int = 9, **update: object) -> Envelope:
    return seal(BOT, {"update_id": number} | update)


def test_a_message_has_two_keys() -> None:
    envelope = sealed(message=topic(text="x"))
    assert envelope.raw.keys == (f"update:{BOT}:9", f"message:{BOT}:{ASHA}:5")
    assert (envelope.id, envelope.query, envelope.sound) == (9, "", True)
    assert (envelope.raw.platform, envelope.raw.workspace) == ("telegram", "")


def test_the_same_message_under_another_update_id_is_a_repeat() -> None:
    one, two = sealed(9, message=private(text="x")), sealed(10, message=private(text="x"))
    assert set(one.raw.keys) & set(two.raw.keys)


def test_another_bots_messages_are_others() -> None:
    # A private chat has the person's id and counts messages per bot: a new bot begins at 1 again.
    update = {"update_id": 9, "message": private(text="x")}
    assert not set(seal(BOT, update).raw.keys) & set(seal(BOT + 1, update).raw.keys)


def test_edits_in_one_second_are_not_repeats_of_each_other() -> None:
    first = sealed(9, edited_message=private(text="2 mm", edit_date=100))
    second = sealed(10, edited_message=private(text="3 mm", edit_date=100))
    again = sealed(11, edited_message=private(text="3 mm", edit_date=100))
    original = sealed(8, message=private(text="2 mm"))
    assert not set(first.raw.keys) & set(second.raw.keys)
    assert set(second.raw.keys) & set(again.raw.keys)
    assert not set(original.raw.keys) & set(first.raw.keys)


def test_queues() -> None:
    pressed = {"id": "77", "from": {"id": ASHA}, "message": topic(text="Draft"), "data": "x"}
    assert sealed(message=topic(text="x")).raw.queue == f"telegram||{ASHA}|77"
    assert sealed(edited_message=topic(text="x")).raw.queue == f"telegram||{ASHA}|77"
    assert sealed(callback_query=pressed).raw.queue == f"telegram||{ASHA}|77"
    assert sealed(message=private(text="x")).raw.queue == f"telegram||{ASHA}|"
    assert sealed(message=group(text="x", message_thread_id=3)).raw.queue == "telegram||-200|"
    assert sealed(my_chat_member={"chat": {"id": ASHA}}).raw.queue == f"telegram||{ASHA}|"
    assert sealed(message_reaction={"chat": {"id": ASHA}, "message_id": 5}).raw.queue == f"telegram||{ASHA}|"


def test_a_press_waits_for_its_answer() -> None:
    pressed = {"id": "77", "from": {"id": ASHA}, "message": topic(text="Draft"), "data": "x"}
    envelope = sealed(callback_query=pressed)
    assert (envelope.query, envelope.sound, envelope.raw.keys) == ("77", True, (f"update:{BOT}:9",))
    inline = sealed(callback_query={"id": "78", "from": {"id": ASHA}, "inline_message_id": "x"})
    assert (inline.query, inline.sound) == ("78", True)


@pytest.mark.parametrize(
    ("update", "number"),
    [
        (None, None),
        (7, None),
        ("text", None),
        ([], None),
        ({}, None),
        ({"update_id": "9"}, None),
        ({"update_id": True}, None),
        ({"update_id": 9}, 9),
        ({"update_id": 9, "message": "x"}, 9),
        ({"update_id": 9, "message": {}}, 9),
        ({"update_id": 9, "message": {"chat": 5, "message_id": "x"}}, 9),
        ({"update_id": 9, "poll": {"id": "1"}}, 9),
    ],
)
def test_the_malformed_are_kept(update: object, number: int | None) -> None:
    envelope = seal(BOT, update)
    assert (envelope.id, envelope.sound) == (number, False)
    assert len(envelope.raw.keys) == 1
    assert loads(envelope.raw.body) == update


def test_bodies_keep_lone_surrogates_and_survive_depth() -> None:
    odd = {"update_id": 9, "message": private(text="\ud83d")}
    assert loads(seal(BOT, odd).raw.body) == odd
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert seal(BOT, {"update_id": 9, "message": {"chat": {"id": 1}, "deep": deep}}).id == 9
    while deep:  # taken apart by hand: freeing it all at once would recurse too
        deep = deep[0]  # type: ignore[assignment]
