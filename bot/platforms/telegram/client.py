"""One bot's way to the Bot API: the library's `Bot` and plain JSON calls, over one transport."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from urllib.parse import quote

import aiohttp
from telegram import Bot

from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.ids import Identity
from bot.platforms.telegram.transport import Transport


class TelegramClient:
    """`bot` for typed calls, `call` for plain JSON, `stream` for downloads; `identity` after `refresh`."""

    def __init__(
        self,
        config: TelegramConfig,
        session: aiohttp.ClientSession | None = None,
        *,
        transport: Transport | None = None,
    ) -> None:
        """A `session` or `transport` given is shared; else a session of our own is opened."""
        # The library logs addresses with the token, and every text, at DEBUG.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._config = config
        self._transport = transport or Transport(session)
        self.identity = Identity(config.bot_id)
        self.bot = Bot(
            config.token,
            base_url=f"{config.base}/bot",
            base_file_url=f"{config.base}/file/bot",
            request=self._transport,
            get_updates_request=self._transport,
        )

    def __repr__(self) -> str:
        return f"TelegramClient(bot={self.identity.id})"

    async def open(self) -> None:
        """Open the session; no call is made, so an unreachable Telegram stops nobody from starting."""
        await self._transport.initialize()

    async def close(self) -> None:
        """Close the session if it is our own."""
        await self._transport.shutdown()

    async def call(self, method: str, params: Mapping[str, object], *, seconds: float | None = None) -> object:
        """The `result` of a method as plain JSON. Raises telegram.error's kinds; `seconds` from start to end."""
        url = f"{self._config.base}/bot{self._config.token}/{method}"
        return await self._transport.call(url, params, seconds=seconds)

    def stream(self, path: str) -> AbstractAsyncContextManager[aiohttp.StreamReader]:
        """Download by a getFile `file_path`, always from the API's own host."""
        url = f"{self._config.base}/file/bot{self._config.token}/{quote(path)}"
        return self._transport.stream(url)

    async def refresh(self) -> Identity:
        """Ask who we are, and remember it. Raises telegram.error's kinds."""
        me = await self.bot.get_me()
        self.identity.username = me.username or ""
        self.identity.topics = me.has_topics_enabled is True
        return self.identity
