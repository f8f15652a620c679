"""What Telegram can do, as data (Bot API 10.0, hosted server)."""

from __future__ import annotations

from typing import Final

from bot.domain.events import FileKind
from bot.platforms.telegram.ids import PLATFORM
from bot.ports.gateway import Capabilities

MB: Final = 1024 * 1024
TITLE_LIMIT: Final = 128
"""Characters of a topic's name."""
TOAST_LIMIT: Final = 200
"""Characters of a callback query's answer."""
TOKEN_LIMIT: Final = 64
"""Bytes of a button's data."""

SEND_TIMEOUT: Final = 20.0
"""Seconds for an ordinary call."""
UPLOAD_TIMEOUT: Final = 55.0
"""Seconds for a call with a file."""

CAPABILITIES: Final = Capabilities(
    platform=PLATFORM,
    label="Telegram",
    text_limit=4096,
    text_unit="utf16",
    caption_limit=1024,
    upload_limit=50 * MB,
    photo_limit=10 * MB,
    download_limit=20 * MB,
    shows={
        FileKind.PHOTO: frozenset({"image/jpeg", "image/png", "image/webp"}),
        FileKind.VOICE: frozenset({"audio/ogg", "audio/opus", "audio/mpeg", "audio/mp4", "audio/x-m4a"}),
        FileKind.AUDIO: frozenset({"audio/mpeg", "audio/mp4", "audio/x-m4a"}),
        FileKind.VIDEO: frozenset({"video/mp4"}),
        FileKind.ANIMATION: frozenset({"video/mp4", "image/gif"}),
    },
    album_limit=10,
    albums=(
        frozenset({FileKind.PHOTO, FileKind.VIDEO}),
        frozenset({FileKind.DOCUMENT}),
        frozenset({FileKind.AUDIO}),
    ),
    album_in_parts=True,
    compresses_photos=True,
    can_find=False,
    native_forms=False,
    room_in_chat=True,
    command_prefix="/",
    notice_is_separate=False,
    copies_blocks=True,
    delivered_mark="🕊",
    message_link="",
    room_link="",
    # Measured: one a second in a chat with small bursts, about thirty a second for the bot; a 429 is the truth.
    per_chat_rate=0.99,
    per_chat_burst=4,
    per_bot_rate=29.0,
    per_bot_burst=20,
    per_bot_under_way=10,
    # Marks count for the bot as well: what sends leave of its thirty.
    mark_rate=1.0,
    mark_burst=10,
    request_timeout=UPLOAD_TIMEOUT,
)
