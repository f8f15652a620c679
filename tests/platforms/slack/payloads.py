"""Payloads as Slack sends them, with what a test wants different, and how they are read."""

from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.events import (
    InboundEvent,
    MessageReceived,
)
from bot.platforms.slack.translate import SlackTranslator
from bot.platforms.slack.updates import raw_update

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


def reaction(**more: Any) -> Json:
    item = {"type": "message", "channel": "C0100", "ts": "1700000000.000200"}
    return {
        "type": "reaction_added",
        "user": "U0002",
        "reaction": "+1::skin-tone-2",
        "item": item,
        "event_ts": "5.000001",
    } | more


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
