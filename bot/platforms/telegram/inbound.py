"""Telegram's updates as neutral events: pure, total, and kept apart from how they arrived."""

from __future__ import annotations

import structlog

from bot.domain.commands import BY_TELEGRAM
from bot.domain.events import (
    ButtonPressed,
    ChatMigrated,
    CommandReceived,
    InboundEvent,
    MessageEdited,
    MessageReceived,
    Origin,
    ReachabilityChanged,
    Reacted,
    RoomChange,
    RoomChanged,
)
from bot.domain.richtext import RichText
from bot.platforms.telegram.content import files, has_words, is_service, refused
from bot.platforms.telegram.ids import Identity
from bot.platforms.telegram.richtext import from_message
from bot.platforms.telegram.shapes import (
    Json,
    child,
    integer,
    is_bot,
    is_private,
    items,
    microseconds,
    person_of,
    place_of,
    string,
)
from bot.platforms.telegram.wire import loads

_ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
_log = structlog.get_logger(__name__)


class TelegramTranslator:
    """Translates for one bot; `identity` tells which `/command@name` is meant for us."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def translate(self, body: bytes, *, live: bool) -> InboundEvent | None:
        """The event, or None for what does not concern us; an odd update is logged by its id and is None."""
        update: object = None
        try:
            update = loads(body)
            return self._update(update, live) if isinstance(update, dict) else None
        except _ODD as error:
            number = integer(update, "update_id") if isinstance(update, dict) else None
            _log.warning("telegram_update_odd", update=number, error=type(error).__name__)
            return None

    def _update(self, update: Json, live: bool) -> InboundEvent | None:
        if (message := child(update, "message")) is not None:
            return self._message(message)
        if (message := child(update, "edited_message")) is not None:
            return self._edited(message)
        if (query := child(update, "callback_query")) is not None:
            return _pressed(query, live)
        if (change := child(update, "my_chat_member")) is not None:
            return _membership(change)
        if (reaction := child(update, "message_reaction")) is not None:
            return _reaction(reaction)
        return None

    def _message(self, message: Json) -> InboundEvent | None:
        origin = _origin(message, "date")
        number = integer(message, "message_id")
        if origin is None or number is None:
            return None
        moved = integer(message, "migrate_to_chat_id")
        if moved is not None:  # Telegram's own word, whoever it names as its sender
            return ChatMigrated(origin, str(moved))
        if is_bot(message):
            return None
        if is_service(message):
            return _service(origin, message)
        typed = _typed(message)
        if typed is not None:
            return self._command(origin, message, typed)
        carried, missing = files(message), refused(message)
        if not carried and not missing and not has_words(message):
            return None
        return MessageReceived(
            origin=origin,
            message_id=str(number),
            body=_body(message),
            reply_to=_reply_to(message),
            files=carried,
            album=string(message, "media_group_id") or None,
            refused=missing,
            forwarded=child(message, "forward_origin") is not None,
            quoted=_quoted(message),
            elsewhere=child(message, "external_reply") is not None,
        )

    def _edited(self, message: Json) -> InboundEvent | None:
        origin = _origin(message, "edit_date")
        number = integer(message, "message_id")
        # A live location is edited every few seconds, a poll with each vote: no words of a person.
        if origin is None or number is None or is_bot(message) or is_service(message):
            return None
        carried = files(message)
        if not has_words(message) and not carried:
            return None
        return MessageEdited(origin, str(number), _body(message), carried, quoted=_quoted(message))

    def _command(self, origin: Origin, message: Json, typed: tuple[str, str]) -> CommandReceived | None:
        word, args = typed
        name, at, bot = word.partition("@")
        ours = not at or not self._identity.username or bot.lower() == self._identity.username.lower()
        if not ours and not is_private(message):
            return None
        # In the person's own chat no other bot could answer, so a wrong name is answered as an unknown command.
        known = BY_TELEGRAM.get(name.lower()) if ours else None
        return CommandReceived(
            origin=origin,
            name=known.name if known else word,
            args=args,
            known=known is not None,
            message_id=str(integer(message, "message_id")),
            reply_to=_reply_to(message),
        )


def _typed(message: Json) -> tuple[str, str] | None:
    """The command a text begins with, without its slash, and the rest; None for any other text."""
    text = string(message, "text")
    for entity in items(message, "entities"):
        if string(entity, "type") == "bot_command" and integer(entity, "offset") == 0:
            # A command is ASCII, so UTF-16 units and code points agree here.
            length = integer(entity, "length") or 0
            return (text[1:length], text[length:].strip()) if length > 1 and text.startswith("/") else None
    return None


def _origin(event: Json, date: str, *, live: bool = False) -> Origin | None:
    where = place_of(event)
    if where is None:
        return None
    direct = is_private(event) and not where.topic
    at = microseconds(event, date) or microseconds(event, "date")
    return Origin(place=where, sender=person_of(event), at=at, live=live, direct=direct)


def _body(message: Json) -> RichText:
    if text := string(message, "text"):
        entities = items(message, "entities")
    else:
        text, entities = string(message, "caption"), items(message, "caption_entities")
    try:
        return from_message(text, entities)
    except _ODD as error:
        # Words count for more than their looks.
        _log.warning("telegram_entities_odd", error=type(error).__name__)
        return RichText(text)


def _quoted(message: Json) -> str:
    """What its sender picked out of the message they answer; nothing of what Telegram quotes by itself."""
    part = child(message, "quote") or {}
    return string(part, "text") if part.get("is_manual") is True else ""


def _reply_to(message: Json) -> str | None:
    original = child(message, "reply_to_message")
    number = integer(original, "message_id") if original is not None else None
    if original is None or number is None:
        return None
    # What is merely said in a topic comes as a reply to the service message that opened it.
    in_topic = message.get("is_topic_message") is True
    if in_topic and (number == integer(message, "message_thread_id") or "forum_topic_created" in original):
        return None
    return str(number)


def _service(origin: Origin, message: Json) -> InboundEvent | None:
    edited = child(message, "forum_topic_edited")
    if edited is not None and string(edited, "name") and origin.place.topic:
        return RoomChanged(origin, RoomChange.TOPIC_RENAMED, origin.sender)
    return None


def _pressed(query: Json, live: bool) -> InboundEvent | None:
    message = child(query, "message")
    where = place_of(message) if message is not None else None
    if message is None or where is None:
        return None
    direct = is_private(message) and not where.topic
    # A press carries no time of its own.
    origin = Origin(place=where, sender=person_of(query), at=0, live=live, direct=direct)
    number = integer(message, "message_id")
    return ButtonPressed(origin, string(query, "data"), None if number is None else str(number))


def _membership(change: Json) -> InboundEvent | None:
    origin = _origin(change, "date")
    status = string(child(change, "new_chat_member") or {}, "status")
    if origin is None or not status:
        return None
    away = status in ("kicked", "left")
    if is_private(change):
        return ReachabilityChanged(origin, reachable=not away)
    return RoomChanged(origin, RoomChange.BOT_REMOVED) if away else None


def _reaction(reaction: Json) -> InboundEvent | None:
    where = place_of(reaction)
    number = integer(reaction, "message_id")
    sender = person_of(reaction, "user")
    if where is None or number is None or sender is None:
        return None
    # The update names no topic, so this is never known to be outside one.
    origin = Origin(place=where, sender=sender, at=microseconds(reaction, "date"))
    before = [_emoji(one) for one in items(reaction, "old_reaction")]
    after = [_emoji(one) for one in items(reaction, "new_reaction")]
    added = [emoji for emoji in after if emoji not in before]
    taken = [emoji for emoji in before if emoji not in after]
    if not added and not taken:
        return None
    former = taken[0] if added and taken else ""
    return Reacted(origin, str(number), _shown((added or taken)[0]), removed=not added, former=_shown(former))


def _emoji(kind: Json) -> str:
    """The character; a star for a paid one, the id of one of Telegram's own pictures."""
    return "⭐" if string(kind, "type") == "paid" else string(kind, "emoji") or string(kind, "custom_emoji_id")


def _shown(emoji: str) -> str:
    """Empty for a picture that has no character."""
    return "" if emoji.isdigit() and emoji.isascii() else emoji
