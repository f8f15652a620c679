"""The files of a message, and the parts that we cannot carry."""

from __future__ import annotations

from typing import Final

from bot.domain.events import FileKind, InboundFile
from bot.platforms.slack.ids import Json, objects, text
from prompts.wording import say

ELSEWHERE: Final = frozenset({"external", "remote"})
"""File modes whose address is not Slack's: never fetched, a token could be lost to it."""
GONE: Final = frozenset({"tombstone", "hidden_by_limit"})
_PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp"})


def files_of(message: Json) -> tuple[InboundFile, ...]:
    """What can be fetched; `ref` is Slack's file id, so that address and mode are asked for anew when it is."""
    return tuple(_file(one) for one in objects(message, "files") if text(one, "id") and not _unusable(one))


def refused_part(message: Json) -> str | None:
    """The first part that cannot be carried, named as people call it."""
    for one in objects(message, "files"):
        if reason := _unusable(one):
            return reason
    for one in objects(message, "attachments"):
        if one.get("is_share") is True or (one.get("is_msg_unfurl") is True and not text(message, "text")):
            return say("slack.part.shared")
    return None


def _unusable(file: Json) -> str:
    mode = text(file, "mode")
    if mode in ELSEWHERE or file.get("is_external") is True:
        return say("slack.part.elsewhere")
    if mode in GONE or text(file, "file_access") in ("file_not_found", "access_denied"):
        return say("slack.part.gone")
    return ""


def _file(file: Json) -> InboundFile:
    size, length = file.get("size"), file.get("duration_ms")
    mime = text(file, "mimetype") or "application/octet-stream"
    return InboundFile(
        text(file, "id"),
        text(file, "name") or text(file, "title"),
        _kind(mime, text(file, "subtype")),
        mime,
        size if isinstance(size, int) and size > 0 else None,
        round(length / 1000) if isinstance(length, int | float) else None,
    )


def _kind(mime: str, subtype: str) -> FileKind:
    if subtype == "slack_audio":
        return FileKind.VOICE
    if subtype == "slack_video" or mime.startswith("video/"):
        return FileKind.VIDEO
    if mime in _PHOTOS:
        return FileKind.PHOTO
    if mime == "image/gif":
        return FileKind.ANIMATION
    return FileKind.AUDIO if mime.startswith("audio/") else FileKind.DOCUMENT
