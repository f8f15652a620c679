"""What history shows as the events that would have told of it: the same keys, so that nothing counts twice."""

from __future__ import annotations

from bot.domain.addresses import Place
from bot.platforms.slack.events import translate_event
from bot.platforms.slack.ids import Identity, Json, text
from bot.platforms.slack.updates import EVENT, raw_update
from bot.ports.inbound import RawUpdate


def said(place: Place, me: Identity, message: Json) -> RawUpdate | None:
    """A message as it stands; None for our own and for what Slack writes by itself."""
    return _update(place, me, {**message, "type": "message", "event_ts": text(message, "ts")})


def edited(place: Place, me: Identity, message: Json) -> RawUpdate | None:
    """A message whose author changed it; None for anybody else's change and for our own messages."""
    at = text(message, "edited", "ts")
    event = {"type": "message", "subtype": "message_changed", "hidden": True, "message": message}
    return _update(place, me, {**event, "ts": at, "event_ts": at})


def deleted(place: Place, me: Identity, author: str, ts: str) -> RawUpdate:
    """A message of `author` that stands there no more."""
    event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": ts}
    body = _body(place, me, {**event, "previous_message": {"user": author, "ts": ts}, "ts": ts, "event_ts": ts})
    return raw_update(body, 0)


def _update(place: Place, me: Identity, event: Json) -> RawUpdate | None:
    body = _body(place, me, event)
    return None if translate_event(body, me) is None else raw_update(body, 0)


def _body(place: Place, me: Identity, event: Json) -> Json:
    return {
        "type": EVENT,
        "team_id": place.workspace,
        "authorizations": [{"team_id": place.workspace, "user_id": me.user, "is_bot": True}],
        "event": {**event, "channel": place.chat, "channel_type": "group"},
    }
