"""Keys of Slack's updates, and noise that must not break their translation."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import (
    MessageReceived,
)
from bot.platforms.slack.ids import micros, stamp
from bot.platforms.slack.updates import RECEIVED, raw_update
from tests.platforms.slack.payloads import (
    TRANSLATOR,
    event,
    message,
    pressed,
    reaction,
    read,
    slash,
)


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
