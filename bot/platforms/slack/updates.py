"""A payload as it came, as a `RawUpdate`: which kind it is, what identifies it for good, and whose queue it joins."""

from __future__ import annotations

from typing import Final

from bot.platforms.slack.ids import PLATFORM, Json, mapping, team_of, text
from bot.platforms.slack.jsontext import dumps
from bot.ports.inbound import RawUpdate

RECEIVED: Final = "chairside_received"
"""Our own key in stored interactive payloads, which carry no time: when they came (µs)."""

COMMAND: Final = "slash_command"
LIVE: Final = frozenset({COMMAND, "block_actions", "view_submission", "message_action"})
"""Payloads answered directly, while their trigger lives."""
EVENT: Final = "event_callback"


def kind_of(body: Json) -> str:
    """The payload's kind: `event_callback`, `block_actions` …, or `slash_command`, which Slack does not name."""
    if kind := text(body, "type"):
        return kind
    return COMMAND if text(body, "command") else ""


def raw_update(body: Json, received: int) -> RawUpdate:
    """An event or interactive payload, ready to be committed."""
    team = team_of(body)
    if kind_of(body) != EVENT:
        body = {**body, RECEIVED: received}
    return RawUpdate(PLATFORM, team, _keys(body, team), _queue(body, team), dumps(body))


def channel_of(body: Json) -> str:
    """The channel a payload is about; "" for views and for events of the whole workspace."""
    event = mapping(body, "event")
    return (
        text(event, "channel")
        or text(event, "item", "channel")
        or text(event, "channel", "id")
        or text(body, "channel_id")
        or text(body, "channel", "id")
        or text(body, "container", "channel_id")
    )


def _keys(body: Json, team: str) -> tuple[str, ...]:
    if kind_of(body) != EVENT:
        trigger = text(body, "trigger_id")
        return (f"{PLATFORM}:trigger:{team}:{trigger}",) if trigger else ()
    event = mapping(body, "event")
    keys = []
    if event_id := text(body, "event_id"):
        keys.append(f"{PLATFORM}:event:{team}:{event_id}")
    if text(event, "type") == "message" and (rest := _message_key(event)):
        keys.append(f"{PLATFORM}:message:{team}:{text(event, 'channel')}:{rest}")
    return tuple(keys)


def _message_key(event: Json) -> str:
    match text(event, "subtype"):
        case "message_changed":
            # `edited.ts` counts whole seconds: two edits within one differ only by the event's own time.
            message, at = mapping(event, "message"), text(event, "event_ts") or text(event, "ts")
            return f"{text(message, 'ts')}:edited:{text(message, 'edited', 'ts')}:{at}"
        case "message_deleted":
            return f"{text(event, 'deleted_ts')}:deleted"
        case _:
            return text(event, "ts")


def queue_of(team: str, channel: str) -> str:
    """The queue of a channel's updates."""
    return f"{PLATFORM}|{team}|{channel}"


def _queue(body: Json, team: str) -> str:
    if channel := channel_of(body):
        return queue_of(team, channel)
    user = text(body, "user", "id") or text(body, "event", "user") or text(body, "user_id")
    return f"{PLATFORM}|{team}|{user}"
