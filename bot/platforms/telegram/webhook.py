"""Telegram's pushes over HTTP: checked, committed, and only then answered with 200."""

from __future__ import annotations

import asyncio
import hmac
from datetime import UTC, datetime
from typing import Final

import structlog
from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from bot.platforms.telegram.alarms import Alarm, Alarms, OnAlarm
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.envelope import ALLOWED_UPDATES
from bot.platforms.telegram.errors import delivery_error
from bot.platforms.telegram.heard import Heard
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.pace import Pace
from bot.platforms.telegram.wire import loads

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
CONNECTIONS: Final = 20
"""Pushes Telegram may make at once; it keeps the order within a chat itself."""
_NEVER: Final = datetime.fromtimestamp(0, UTC)
_log = structlog.get_logger(__name__)


class Webhook:
    """The handler of our route, and the upkeep of Telegram's side of it. Refuses to exist without a secret."""

    def __init__(
        self,
        client: TelegramClient,
        intake: Intake,
        config: TelegramConfig,
        *,
        on_alarm: OnAlarm,
        pace: Pace | None = None,
        heard: Heard | None = None,
    ) -> None:
        """Raises ValueError, one line a setting, unless address and secret are both fit."""
        problems = config.problems()
        if problems or not config.webhook_url:
            raise ValueError("\n".join(problems) or "TELEGRAM_WEBHOOK_URL: not set")
        self._client = client
        self._intake = intake
        self._config = config
        self._heard = heard
        self._loaded = False
        self._pace = pace or Pace()
        self.alarms = Alarms(on_alarm)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Tell Telegram where to push, in the background; the route must be served already."""
        self._task = asyncio.create_task(self._keep(), name="telegram-webhook")

    async def stop(self) -> None:
        """End the upkeep. Telegram keeps what it cannot deliver, and the webhook stays set for the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    @property
    def running(self) -> bool:
        """For health checks: the upkeep lives."""
        return self._task is not None and not self._task.done()

    async def handle(self, request: web.Request) -> web.Response:
        """403 for a wrong secret, before the body is read; 500 when it could not be saved, so that it comes again."""
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._config.webhook_secret.encode()):
            return web.Response(status=403)
        body = await request.read()
        try:
            update = loads(body)
        except ValueError:
            update = body.decode("utf-8", "replace")
        try:
            await self._intake.take([self._intake.sealed(update)])
        except Exception as error:  # noqa: BLE001 - whatever the store raises, Telegram keeps the update
            _log.error("telegram_push_unsaved", error=type(error).__name__)
            await self.alarms.on(Alarm.INBOX)
            return web.Response(status=500)
        await self.alarms.off(Alarm.INBOX)
        return web.Response()

    async def _keep(self) -> None:
        """Set the webhook, and again whenever Telegram has lost it; never ends on its own."""
        failures = 0
        current = ""
        stuck, broken = False, True
        failures_seen: datetime | None = None
        while True:
            try:
                if current != self._config.webhook_url:
                    await self._set()
                    await self._client.refresh()
                    _log.info("telegram_webhook_set")
                if self._heard is not None and not stuck:
                    broken = not await self._hear(self._heard, gap=broken)
                failures = 0
                await self.alarms.off(Alarm.TOKEN_REJECTED, Alarm.WEBHOOK, Alarm.UNREACHABLE)
                await asyncio.sleep(self._pace.recheck)
                found = await self._client.bot.get_webhook_info()
                current = found.url
                # It has something for us and failed to give it since the last look: then we do not hear, however well
                # we can ask. An error of old stays there for good and says nothing.
                failed = failures_seen is not None and found.last_error_date not in (None, failures_seen)
                stuck = bool(found.pending_update_count) and (failed or stuck)
                failures_seen = found.last_error_date or _NEVER
                broken = broken or stuck
            except TelegramError as error:
                broken = True
                failures += 1
                await asyncio.sleep(await self._failed(error, failures))

    async def _hear(self, heard: Heard, *, gap: bool) -> bool:
        """Telegram is there and gives us what it has; if it was not for long, say so. False if that failed."""
        try:
            if not self._loaded:
                await heard.load()
                self._loaded = True
            await heard.now(gap=gap)
        except Exception as error:  # noqa: BLE001 - said at the next look
            _log.error("telegram_gap_untold", error=type(error).__name__)
            return False
        return True

    async def _set(self) -> None:
        await self._client.bot.set_webhook(
            self._config.webhook_url,
            secret_token=self._config.webhook_secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=CONNECTIONS,
        )

    async def _failed(self, error: TelegramError, failures: int) -> float:
        """Seconds to wait."""
        meaning = delivery_error(error)
        _log.warning("telegram_webhook_failed", error=meaning.detail, failures=failures)
        if isinstance(error, InvalidToken):
            await self.alarms.on(Alarm.TOKEN_REJECTED)
            return self._pace.slow
        if meaning.detail == "bad_request":
            await self.alarms.on(Alarm.WEBHOOK)
            return self._pace.slow
        if failures >= self._pace.patience:
            await self.alarms.on(Alarm.UNREACHABLE)
        return self._pace.after(failures)
