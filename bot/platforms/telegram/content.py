"""What a message holds besides words: files we can carry, and the name of a part that we cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.events import FileKind, InboundFile
from bot.platforms.telegram.shapes import Json, child, integer, items, string

REFUSED: Final = (
    "contact", "venue", "location", "poll", "dice", "story", "paid_media", "game", "invoice", "giveaway",
    "giveaway_winners", "checklist", "live_photo",
)  # fmt: skip
"""Contents no other platform could show, by Telegram's own names. A venue has a location too, so it comes first."""

_WORDS: Final = frozenset({"text", "entities", "caption", "caption_entities"})
_FILES: Final = frozenset({"photo", "animation", "audio", "document", "sticker", "video", "video_note", "voice"})
_ABOUT: Final = frozenset({
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count",
    "sender_business_bot", "sender_tag", "date", "guest_query_id", "business_connection_id", "chat",
    "forward_origin", "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote",
    "reply_to_story", "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot",
    "guest_bot_caller_user", "guest_bot_caller_chat", "edit_date", "has_protected_content", "is_from_offline",
    "is_paid_post", "media_group_id", "author_signature", "paid_star_count", "link_preview_options",
    "suggested_post_info", "effect_id", "show_caption_above_media", "has_media_spoiler", "reply_markup",
    # Of Bot API versions before 7.0, still sent beside `forward_origin`.
    "forward_from", "forward_from_chat", "forward_from_message_id", "forward_signature", "forward_sender_name",
    "forward_date",
})  # fmt: skip
"""Fields that say something about a message and are none of its content."""
_SERVICE: Final = frozenset({
    "new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed", "new_chat_title",
    "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created",
    "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id",
    "pinned_message", "successful_payment", "refunded_payment", "users_shared", "chat_shared", "gift",
    "unique_gift", "gift_upgrade_sent", "connected_website", "write_access_allowed", "passport_data",
    "proximity_alert_triggered", "boost_added", "chat_background_set", "checklist_tasks_done",
    "checklist_tasks_added", "direct_message_price_changed", "forum_topic_created", "forum_topic_edited",
    "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden",
    "giveaway_created", "giveaway_completed", "managed_bot_created", "paid_message_price_changed",
    "poll_option_added", "poll_option_deleted", "suggested_post_approved", "suggested_post_approval_failed",
    "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled",
    "video_chat_started", "video_chat_ended", "video_chat_participants_invited", "web_app_data",
})  # fmt: skip
"""Messages that Telegram writes itself: nobody said anything."""
_KNOWN: Final = _WORDS | _FILES | _ABOUT | _SERVICE | frozenset(REFUSED)

_NAMED: Final[Mapping[str, tuple[FileKind, str, str]]] = {
    # A GIF carries a `document` beside it, so the animation comes first.
    "animation": (FileKind.ANIMATION, "video/mp4", "animation.mp4"),
    "document": (FileKind.DOCUMENT, "application/octet-stream", "document"),
    "voice": (FileKind.VOICE, "audio/ogg", "voice.ogg"),
    "audio": (FileKind.AUDIO, "audio/mpeg", "audio.mp3"),
    "video": (FileKind.VIDEO, "video/mp4", "video.mp4"),
    "video_note": (FileKind.VIDEO, "video/mp4", "video_note.mp4"),
}


def has_words(message: Json) -> bool:
    """There is text or a caption."""
    return bool(string(message, "text") or string(message, "caption"))


def is_service(message: Json) -> bool:
    """Telegram wrote this, not a person."""
    return not _SERVICE.isdisjoint(message)


def refused(message: Json) -> str | None:
    """The name of a part we cannot carry, "unknown" for one that is newer than this program, else None."""
    for name in REFUSED:
        if name in message:
            return name
    if has_words(message) or not _FILES.isdisjoint(message) or _KNOWN.issuperset(message):
        return None
    return "unknown"


def files(message: Json) -> tuple[InboundFile, ...]:
    """The file of a message (Telegram sends one each), as a tuple; empty without one or with an odd one."""
    found = _photo(message) or _sticker(message)
    if found is None:
        for name, (kind, mime, fallback) in _NAMED.items():
            part = child(message, name)
            if part is not None:
                found = _file(part, kind, mime, fallback)
                break
    return () if found is None else (found,)


def file_id(ref: str) -> str:
    """What getFile wants, out of an `InboundFile.ref`."""
    return ref.partition("|")[0]


def _photo(message: Json) -> InboundFile | None:
    sizes = items(message, "photo")
    if not sizes:
        return None
    largest = max(sizes, key=_extent)
    return _file(largest, FileKind.PHOTO, "image/jpeg", f"photo_{integer(message, 'message_id') or 0}.jpg")


def _extent(size: Json) -> tuple[int, int]:
    return (integer(size, "width") or 0) * (integer(size, "height") or 0), integer(size, "file_size") or 0


def _sticker(message: Json) -> InboundFile | None:
    part = child(message, "sticker")
    if part is None:
        return None
    if part.get("is_video") is True:
        return _file(part, FileKind.STICKER, "video/webm", "sticker.webm")
    if part.get("is_animated") is True:
        return _file(part, FileKind.STICKER, "application/x-tgsticker", "sticker.tgs")
    return _file(part, FileKind.STICKER, "image/webp", "sticker.webp")


def _file(part: Json, kind: FileKind, mime: str, name: str) -> InboundFile | None:
    identifier = string(part, "file_id")
    if not identifier:
        return None
    # Both ids are base64url, so the bar is free. The unique one stays the same when the other is renewed.
    ref = f"{identifier}|{string(part, 'file_unique_id')}"
    return InboundFile(
        ref=ref,
        name=string(part, "file_name") or name,
        kind=kind,
        mime=string(part, "mime_type") or mime,
        size=integer(part, "file_size"),
        seconds=integer(part, "duration"),
    )
