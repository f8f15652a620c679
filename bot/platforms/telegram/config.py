"""The settings of one Telegram bot. Tokens and secrets never show in a `repr`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

API_URL: Final = "https://api.telegram.org"
_TOKEN = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{1,128}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """`TELEGRAM_*` as given. Polling while `webhook_url` is empty."""

    token: str = field(repr=False)
    api_url: str = API_URL
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)

    @property
    def bot_id(self) -> int:
        """The bot's own user id, which every token begins with. Raises ValueError on something else."""
        return int(self.token.partition(":")[0])

    @property
    def base(self) -> str:
        """The API's address without a slash at its end."""
        return self.api_url.rstrip("/")

    @property
    def webhook_path(self) -> str:
        """The path that Telegram posts to, "/" if the address names none."""
        return urlsplit(self.webhook_url).path or "/"

    def problems(self) -> tuple[str, ...]:
        """What is wrong, one line a setting, without any secret; empty when all is well."""
        found: list[str] = []
        if not _TOKEN.fullmatch(self.token):
            found.append("TELEGRAM_BOT_TOKEN: should look like 123456789:AA… as BotFather shows it")
        if urlsplit(self.api_url).scheme not in ("http", "https") or not urlsplit(self.api_url).hostname:
            found.append("TELEGRAM_API_URL: should be an address such as https://api.telegram.org")
        if self.webhook_url:
            found += self._webhook_problems()
        return tuple(found)

    def _webhook_problems(self) -> list[str]:
        found: list[str] = []
        address = urlsplit(self.webhook_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            found.append("TELEGRAM_WEBHOOK_URL: should be an address such as https://example.org/telegram")
        elif self.base == API_URL and address.scheme != "https":
            found.append("TELEGRAM_WEBHOOK_URL: Telegram delivers to https:// only")
        if not self.webhook_secret:
            found.append("TELEGRAM_WEBHOOK_SECRET: needed with TELEGRAM_WEBHOOK_URL, or anybody could post")
        elif not _SECRET.fullmatch(self.webhook_secret):
            found.append("TELEGRAM_WEBHOOK_SECRET: 1 to 256 characters of A-Z a-z 0-9 _ -")
        return found
