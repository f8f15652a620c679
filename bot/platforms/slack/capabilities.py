"""What Slack can do, as data. Sources: Slack's method pages and what was seen (`platforms.md`)."""

from __future__ import annotations

from typing import Final

from bot.domain.events import FileKind
from bot.platforms.slack.ids import PLATFORM
from bot.platforms.slack.richtext import PART_LIMIT, PART_MEASURE
from bot.ports.gateway import Capabilities

CAPABILITIES: Final = Capabilities(
    platform=PLATFORM,
    label="Slack",
    text_limit=PART_LIMIT,
    text_unit=PART_MEASURE,
    # A caption would show on the lock screen: the words of a file are their own message, and keep their form.
    caption_limit=0,
    upload_limit=1_000_000_000,
    photo_limit=1_000_000_000,
    download_limit=1_000_000_000,
    # A file is a file there; what it shows of it is its own business.
    shows={},
    album_limit=10,
    albums=(frozenset({FileKind.DOCUMENT}),),
    album_in_parts=False,
    compresses_photos=False,
    can_find=True,
    native_forms=True,
    room_in_chat=False,
    command_prefix="/case ",
    notice_is_separate=True,
    # No element of a message copies anything: the app copies a message, or what a person selects.
    copies_blocks=False,
    delivered_mark="📨",
    # Deep links by id need no look-up of the workspace's own domain.
    message_link="https://slack.com/app_redirect?team={workspace}&channel={chat}&message_ts={native}",
    room_link="https://slack.com/app_redirect?team={workspace}&channel={chat}",
    # One a second in a channel, and a short burst; a 429 is the truth and takes the burst away for a while.
    per_chat_rate=0.98,
    per_chat_burst=2,
    # "Several hundred messages a minute" for a workspace.
    per_bot_rate=6.0,
    per_bot_burst=360,
    per_bot_under_way=64,
    # `reactions.add` is tier 3: about 50 a minute.
    mark_rate=0.8,
    mark_burst=40,
    request_timeout=10.0,
)

CONNECT_TIMEOUT: Final = 5.0
"""Seconds to get a connection; past this nothing was sent."""
MAX_BLOCKS: Final = 50
PAYLOAD_LIMIT: Final = 12_000
"""Characters of blocks as JSON that a message may have."""
LABEL_LIMIT: Final = 75
TITLE_LIMIT: Final = 24
TOPIC_LIMIT: Final = 250
NAME_LIMIT: Final = 80


def clip(words: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis where some are gone. For labels of ours, never for people's words."""
    return words if len(words) <= limit else words[: limit - 1] + "…"
