"""The Events API in neutral shape: messages, edits, deletions, reactions, who comes and goes."""

from __future__ import annotations

from typing import Any, Final

from bot.domain.addresses import Account
from bot.domain.events import (
    AccessRevoked,
    HomeOpened,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
    Reacted,
    RoomChange,
    RoomChanged,
)
from bot.domain.richtext import RichText
from bot.platforms.slack.attachments import files_of, refused_part
from bot.platforms.slack.emoji import as_text
from bot.platforms.slack.ids import (
    Identity,
    Json,
    account,
    is_direct,
    is_own,
    mapping,
    micros,
    place,
    team_of,
    text,
)
from bot.platforms.slack.richtext import from_blocks

_NOTICES: Final = (
    "assistant_app_thread bot_add bot_remove bot_enable bot_disable channel_archive channel_canvas_updated "
    "channel_convert_to_private channel_convert_to_public channel_join channel_leave channel_name "
    "channel_posting_permissions channel_purpose channel_topic channel_unarchive document_mention ekm_access_denied "
    "group_archive group_join group_leave group_name group_purpose group_topic group_unarchive huddle_thread "
    "message_replied pinned_item unpinned_item reminder_add reminder_delete reply_broadcast sh_room_created "
    "sh_room_shared tombstone app_conversation_join app_conversation_leave joiner_notification "
    "joiner_notification_for_inviter"
)
NOTICES: Final = frozenset(_NOTICES.split())
"""Subtypes that Slack writes by itself. One that is not here and has an author is taken for a message: none is lost."""

_ROOM: Final = {
    "channel_archive": RoomChange.ARCHIVED,
    "group_archive": RoomChange.ARCHIVED,
    "channel_deleted": RoomChange.DELETED,
    "group_deleted": RoomChange.DELETED,
    "channel_unarchive": RoomChange.UNARCHIVED,
    "group_unarchive": RoomChange.UNARCHIVED,
    "channel_left": RoomChange.BOT_REMOVED,
    "group_left": RoomChange.BOT_REMOVED,
}


def is_echo(body: Json, known: Identity | None = None) -> bool:
    """The event is a message, edit, deletion or reaction of our own, come back: never an event, so never a loop."""
    event = mapping(body, "event")
    if text(event, "type") not in ("message", "reaction_added", "reaction_removed"):
        return False
    authors = (event, mapping(event, "message"), mapping(event, "previous_message"))
    return is_own(body, authors, known)


def opens_home(event: Json) -> bool:
    """Somebody looks at the app's home page, and not at its messages."""
    return text(event, "type") == "app_home_opened" and text(event, "tab") == "home"


def translate_event(body: Json, known: Identity | None = None) -> InboundEvent | None:
    """The neutral event of an Events API payload."""
    event, team = mapping(body, "event"), team_of(body)
    kind = text(event, "type")
    if is_echo(body, known):
        return None
    match kind:
        case "message":
            return _message(event, team)
        case "reaction_added" | "reaction_removed":
            if text(event, "item", "type") != "message":
                return None
            where = text(event, "item", "channel")
            origin = _origin(team, where, text(event, "user"), team, text(event, "event_ts"))
            emoji = as_text(text(event, "reaction"))
            return Reacted(origin, text(event, "item", "ts"), emoji, removed=kind == "reaction_removed")
        case "member_joined_channel" | "member_left_channel":
            return _member(body, event, team, known)
        case "app_home_opened":
            if not opens_home(event):
                return None
            origin = _origin(team, text(event, "channel"), text(event, "user"), team, text(event, "event_ts"))
            return HomeOpened(origin)
        case "tokens_revoked":
            return _revoked(event, team, kind) if mapping(event, "tokens").get("bot") else None
        case "app_uninstalled":
            return _revoked(event, team, kind)
        case _ if kind in _ROOM:
            where = text(event, "channel") or text(event, "channel", "id")
            return RoomChanged(_origin(team, where, "", team, text(event, "event_ts")), _ROOM[kind])
        case _:
            return None


def _message(event: Json, team: str) -> InboundEvent | None:
    where, subtype = text(event, "channel"), text(event, "subtype")
    message, before = mapping(event, "message"), mapping(event, "previous_message")
    if subtype == "message_deleted":
        return _deleted(event, before, team, text(event, "deleted_ts"))
    if subtype == "message_changed":
        if text(message, "subtype") == "tombstone":
            # What is left of a deleted message that has replies.
            return _deleted(event, before or message, team, text(message, "ts"))
        return _edited(event, message, before, team)
    if subtype in NOTICES:
        return None
    author = text(event, "user") or text(event, "bot_id")
    ts, thread = text(event, "ts"), text(event, "thread_ts")
    if not author or not ts:
        return None
    return MessageReceived(
        _origin(team, where, author, _team_of_author(event, team), ts),
        ts,
        _body(event),
        reply_to=thread if thread and thread != ts else None,
        files=files_of(event),
        refused=refused_part(event),
    )


def _edited(event: Json, message: Json, before: Json, team: str) -> MessageEdited | None:
    edited, author = text(message, "edited", "user"), text(message, "user")
    stand = {one.lasting for one in files_of(message)}
    gone = tuple(one.lasting for one in files_of(before) if one.lasting not in stand)
    # Unfurls and file previews change a message too, but nobody has edited it then.
    if not author or (edited != author and not gone) or text(message, "subtype") in NOTICES:
        return None
    ts = text(message, "ts")
    at = text(message, "edited", "ts") or text(event, "event_ts")  # as history tells it, which knows no event
    origin = _origin(team, text(event, "channel"), author, _team_of_author(message, team), at)
    return MessageEdited(origin, ts, _body(message), gone=gone) if ts else None


def _deleted(event: Json, before: Json, team: str, ts: str) -> MessageDeleted | None:
    author = text(before, "user") or text(before, "bot_id")
    at = text(event, "event_ts") or text(event, "ts")
    origin = _origin(team, text(event, "channel"), author, _team_of_author(before, team), at)
    return MessageDeleted(origin, ts) if ts else None


def _member(body: Json, event: Json, team: str, known: Identity | None) -> RoomChanged | None:
    joined = text(event, "type") == "member_joined_channel"
    origin = _origin(team, text(event, "channel"), "", team, text(event, "event_ts"))
    if is_own(body, [event], known):
        return RoomChanged(origin, RoomChange.BOT_ADDED if joined else RoomChange.BOT_REMOVED)
    change = RoomChange.MEMBER_JOINED if joined else RoomChange.MEMBER_LEFT
    return RoomChanged(origin, change, account(text(event, "team") or team, text(event, "user")))


def _revoked(event: Json, team: str, reason: str) -> AccessRevoked:
    return AccessRevoked(_origin(team, "", "", team, text(event, "event_ts")), reason)


def _team_of_author(message: Json, team: str) -> str:
    """The author's own workspace: another one in a shared channel, and then nobody we know."""
    return text(message, "user_team") or text(message, "source_team") or text(message, "team") or team


def _origin(team: str, channel: str, user: str, user_team: str, ts: str) -> Origin:
    sender: Account | None = account(user_team, user) if user else None
    return Origin(place(team, channel), sender, micros(ts), direct=is_direct(channel))


def _body(message: Json) -> RichText:
    given: Any = message.get("blocks")
    return from_blocks(given if isinstance(given, list) else [], text(message, "text"))
