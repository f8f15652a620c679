"""Every exception of a Telegram call as ours, by table: certain nothing happened, unknown, or refused for good."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.domain.errors import DeliveryError, NotSent, Reason, Refused, Unknown
from bot.platforms.telegram.wire import NEVER_LEFT, Flood, WireError, WireTimeout

_FORBIDDEN: Final = (
    ("bot was blocked by the user", Reason.BLOCKED),
    ("can't initiate conversation", Reason.NOT_STARTED),
    ("user is deactivated", Reason.NO_SUCH_PERSON),
    ("bot was kicked", Reason.BOT_REMOVED),
    ("bot is not a member", Reason.BOT_REMOVED),
    ("group chat was deleted", Reason.BOT_REMOVED),
    ("the group chat was upgraded", Reason.MIGRATED),
    ("not enough rights", Reason.MISSING_SCOPE),
)
_BAD_REQUEST: Final = (
    # Rooms. A topic goes when its person deletes it, or when topics are switched off altogether.
    ("message thread not found", Reason.ROOM_GONE),
    ("chat is not a forum", Reason.ROOM_GONE),
    ("topic_deleted", Reason.ROOM_GONE),
    ("topic_closed", Reason.ROOM_GONE),
    ("topic_id_invalid", Reason.ROOM_GONE),
    ("bot_forum_create_forbidden", Reason.NO_TOPICS),
    ("forum topics are not enabled", Reason.NO_TOPICS),
    # People and chats.
    ("chat not found", Reason.NOT_STARTED),
    ("user not found", Reason.NO_SUCH_PERSON),
    ("peer_id_invalid", Reason.NO_SUCH_PERSON),
    ("user_id_invalid", Reason.NO_SUCH_PERSON),
    ("input_user_deactivated", Reason.NO_SUCH_PERSON),
    ("upgraded to a supergroup", Reason.MIGRATED),
    ("not enough rights", Reason.MISSING_SCOPE),
    ("have no rights", Reason.MISSING_SCOPE),
    ("chat_admin_required", Reason.MISSING_SCOPE),
    ("chat_write_forbidden", Reason.MISSING_SCOPE),
    # Messages to change.
    ("message to edit not found", Reason.TARGET_GONE),
    ("message to delete not found", Reason.TARGET_GONE),
    ("message to pin not found", Reason.TARGET_GONE),
    ("message to react not found", Reason.TARGET_GONE),
    ("message not found", Reason.TARGET_GONE),
    ("message to be replied not found", Reason.TARGET_GONE),
    ("replied message not found", Reason.TARGET_GONE),
    ("message_id_invalid", Reason.TARGET_GONE),
    ("message can't be edited", Reason.TOO_OLD),
    ("message can't be deleted", Reason.TOO_OLD),
    ("message_delete_forbidden", Reason.TOO_OLD),
    ("query is too old", Reason.TOO_OLD),
    ("query id is invalid", Reason.TOO_OLD),
    # Files.
    ("request entity too large", Reason.TOO_LARGE),
    ("file is too big", Reason.TOO_LARGE),
    ("too big for a photo", Reason.TOO_LARGE),
    ("wrong file_id", Reason.TARGET_GONE),
    ("wrong file identifier", Reason.TARGET_GONE),
    ("wrong remote file", Reason.TARGET_GONE),
    ("invalid file_id", Reason.TARGET_GONE),
    # What was said.
    ("can't parse entities", Reason.BAD_CONTENT),
    ("can't parse", Reason.BAD_CONTENT),
    ("entity", Reason.BAD_CONTENT),
    ("entities", Reason.BAD_CONTENT),
    ("too long", Reason.BAD_CONTENT),
    ("too_long", Reason.BAD_CONTENT),
    ("is empty", Reason.BAD_CONTENT),
    ("must be non-empty", Reason.BAD_CONTENT),
    ("must be encoded in utf-8", Reason.BAD_CONTENT),
    ("button", Reason.BAD_CONTENT),
    ("reply markup", Reason.BAD_CONTENT),
    ("wrong http url", Reason.BAD_CONTENT),
    ("photo_", Reason.BAD_CONTENT),
    ("image_process_failed", Reason.BAD_CONTENT),
    ("reaction", Reason.BAD_CONTENT),
)
"""Phrases of Telegram's descriptions in lower case, first match wins."""

UNCHANGED: Final = ("message is not modified", "topic_not_modified", "chat_not_modified")
GONE_ALREADY: Final = ("message to delete not found", "message_id_invalid")
NO_TEXT: Final = ("there is no text in the message",)
NO_CAPTION: Final = ("there is no caption in the message",)
NO_PHOTO: Final = ("photo_", "image_process_failed", "too big for a photo", "wrong type of the web page content")


def delivery_error(error: BaseException) -> DeliveryError:
    """What a failed call means. Total: an exception nobody foresaw is Unknown, since the request may have arrived."""
    match error:
        case DeliveryError():
            return error
        case Flood(seconds=seconds):
            return NotSent("flood", seconds, paced=True)
        case RetryAfter():
            return NotSent("flood", paced=True)
        case ChatMigrated(new_chat_id=chat):
            return Refused(Reason.MIGRATED, "migrated", str(chat))
        case InvalidToken():
            return Refused(Reason.ACCESS_REVOKED, "token_rejected")
        case EndPointNotFound():
            return Refused(Reason.OTHER, "no_such_method")
        case Forbidden(message=said):
            return _refused(said, _FORBIDDEN, "forbidden")
        case Conflict():
            return NotSent("conflict")
        case BadRequest(message=said):  # a NetworkError by class, so before those
            return _refused(said, _BAD_REQUEST, "bad_request")
        case WireError(message=code, sent=False) | WireTimeout(message=code, sent=False):
            return NotSent(code)
        case TelegramError() if isinstance(error, WireError | WireTimeout):
            return Unknown(error.message)
        case aiohttp.ClientError() if isinstance(error, NEVER_LEFT):
            return NotSent(type(error).__name__)
    return Unknown(type(error).__name__)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Whatever a Telegram call raises inside leaves as a `DeliveryError`, without its cause."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the port promises that nothing else leaves an adapter
        raise delivery_error(error) from None


def says(error: BaseException, phrases: tuple[str, ...]) -> bool:
    """Whether Telegram refused with one of these phrases: nothing happened then."""
    if not isinstance(error, BadRequest):
        return False
    said = error.message.lower()
    return any(phrase in said for phrase in phrases)


def _refused(said: str, table: tuple[tuple[str, Reason], ...], otherwise: str) -> Refused:
    lowered = said.lower()
    for phrase, reason in table:
        if phrase in lowered:
            return Refused(reason, phrase.replace(" ", "_").replace("'", ""))
    return Refused(Reason.OTHER, otherwise)
