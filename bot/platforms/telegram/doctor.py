"""What `init` and `doctor` ask of Telegram: does the token work, are topics on, how do updates reach us."""

from __future__ import annotations

from dataclasses import dataclass

from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.errors import translated


@dataclass(frozen=True, slots=True)
class Standing:
    """What Telegram says of the bot. `last_error` is its own wording, about our webhook only; `last_error_at` in µs."""

    id: int
    username: str
    topics: bool
    webhook_url: str
    pending: int
    last_error: str = ""
    last_error_at: int = 0


async def check(client: TelegramClient) -> Standing:
    """Ask who we are and how updates reach us. Raises `DeliveryError` kinds; ACCESS_REVOKED for a bad token."""
    with translated():
        identity = await client.refresh()
        info = await client.bot.get_webhook_info()
    when = info.last_error_date
    return Standing(
        id=identity.id,
        username=identity.username,
        topics=identity.topics,
        webhook_url=info.url,
        pending=info.pending_update_count,
        last_error=info.last_error_message or "",
        last_error_at=int(when.timestamp() * 1_000_000) if when else 0,
    )
