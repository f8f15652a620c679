"""Our own getUpdates loop: what is committed is confirmed, and nothing else is.

The library's loop confirms a batch that only memory holds, and stops for good when a token is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.platforms.telegram.alarms import Alarm, Alarms, OnAlarm
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.envelope import ALLOWED_UPDATES, Envelope
from bot.platforms.telegram.errors import delivery_error
from bot.platforms.telegram.heard import Heard, OnGap
from bot.platforms.telegram.ids import cursor_name
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.pace import Pace
from bot.platforms.telegram.wire import Flood
from bot.ports.inbound import Inbox

T = TypeVar("T")
STOP_AFTER: Final = 1.5
"""Seconds a commit under way gets when we stop."""
_log = structlog.get_logger(__name__)


class Poller:
    """Polls from `start` to `stop`, through every failure in between."""

    def __init__(
        self,
        client: TelegramClient,
        inbox: Inbox,
        intake: Intake,
        *,
        now: Callable[[], int],
        on_alarm: OnAlarm,
        on_gap: OnGap,
        long_poll: int = 50,
        pace: Pace | None = None,
    ) -> None:
        """`now` in µs; `long_poll` in seconds, at most 50."""
        self._client = client
        self._inbox = inbox
        self._intake = intake
        self._long_poll = long_poll
        self._pace = pace or Pace()
        self.alarms = Alarms(on_alarm)
        self._cursor = cursor_name(client.identity.id)
        self._heard = Heard(client.identity.id, inbox, now, on_gap, self._pace)
        self._offset: int | None = None
        self._failures = 0
        self._fresh = True
        self._webhook_gone = False
        self._stopping = asyncio.Event()
        self._told_to_stop: asyncio.Task[bool] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin polling in the background."""
        self._stopping.clear()
        self._told_to_stop = None
        self._task = asyncio.create_task(self._run(), name="telegram-poller")

    async def stop(self) -> None:
        """End within two seconds, in the middle of a long poll too. What is not committed stays unconfirmed."""
        self._stopping.set()
        if self._task is None:
            return
        _, running = await asyncio.wait({self._task}, timeout=STOP_AFTER)
        for task in running:
            task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    @property
    def running(self) -> bool:
        """For health checks: the loop lives."""
        return self._task is not None and not self._task.done()

    async def _run(self) -> None:
        ready = False
        while not self._stopping.is_set():
            try:
                if not ready:
                    await self._load()
                    ready = True
                batch = await self._unless_stopping(self._poll())
            except TelegramError as error:
                await self._failed(error)
                continue
            except Exception as error:  # noqa: BLE001 - reading the cursor failed, or a bug: updates must go on
                await self._unsaved(error)
                continue
            if batch is None:
                await self._last_note()
                return
            try:
                await self._commit(batch)
            except Exception as error:  # noqa: BLE001 - whatever the store raises, the offset stays
                await self._unsaved(error)

    async def _load(self) -> None:
        """The committed offset; without one Telegram begins with the oldest update it still has."""
        offset = await self._inbox.cursor(self._cursor)
        self._offset = int(offset) if offset else None
        await self._heard.load()

    async def _poll(self) -> list[Envelope]:
        if not self._webhook_gone:
            await self._client.bot.delete_webhook()
            self._webhook_gone = True
        if not self._client.identity.username:
            await self._client.refresh()
        # The first poll after a pause comes back at once, so that a gap is known before the next press.
        wait = 0 if self._fresh else self._long_poll
        params: dict[str, object] = {"timeout": wait, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            params["offset"] = self._offset
        updates = await self._client.call("getUpdates", params, seconds=wait + self._pace.grace)
        return [self._intake.sealed(update) for update in updates] if isinstance(updates, list) else []

    async def _commit(self, batch: list[Envelope]) -> None:
        """Save the batch with the offset behind it; only the next poll confirms it to Telegram."""
        # Ids start anew at random after a quiet week, so the last of this batch counts and not the highest ever.
        last = max((envelope.id for envelope in batch if envelope.id is not None), default=None)
        if batch:
            offset = self._offset if last is None else last + 1
            await self._intake.take(batch, None if offset is None else (self._cursor, str(offset)))
            self._offset = offset
            if last is None:
                # Telegram gives the same again and again until an id can be confirmed.
                await self._pause(self._pace.slow)
        # A long poll that was not broken off has heard everything, whatever the clock did meanwhile.
        await self._heard.now(gap=self._fresh)
        self._fresh = False
        self._failures = 0
        await self.alarms.off()

    async def _last_note(self) -> None:
        """Up to the very end we would have heard: a gap begins here."""
        if not self._fresh:
            try:
                await self._heard.now(gap=False, surely=True)
            except Exception as error:  # noqa: BLE001 - then the gap seems a little longer than it was
                _log.warning("telegram_end_not_noted", error=type(error).__name__)

    async def _failed(self, error: TelegramError) -> None:
        """Telegram did not give a batch: say so where it matters, then wait. Never ends the loop."""
        self._fresh = True
        self._failures += 1
        delay = self._pace.after(self._failures)
        match error:
            case InvalidToken():
                await self.alarms.on(Alarm.TOKEN_REJECTED)
                delay = self._pace.slow
            case Conflict(message=said):
                await self.alarms.on(Alarm.CONFLICT)
                self._webhook_gone = self._webhook_gone and "webhook" not in said.lower()
                delay = self._pace.conflict
            case Flood(seconds=seconds) if seconds is not None:
                delay = max(delay, seconds)
            case _ if self._failures >= self._pace.patience:
                await self.alarms.on(Alarm.UNREACHABLE)
        _log.warning("telegram_poll_failed", error=delivery_error(error).detail, failures=self._failures)
        await self._pause(delay)

    async def _unsaved(self, error: Exception) -> None:
        """The inbox refused: nothing is confirmed, and Telegram gives the same batch again."""
        self._fresh = True
        self._failures += 1
        await self.alarms.on(Alarm.INBOX)
        _log.error("telegram_batch_unsaved", error=type(error).__name__, failures=self._failures)
        await self._pause(self._pace.after(self._failures))

    async def _pause(self, seconds: float) -> None:
        await self._unless_stopping(asyncio.sleep(seconds))

    async def _unless_stopping(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The work's result; None, and the work cancelled, when we are to stop first."""
        task = asyncio.ensure_future(work)
        if self._told_to_stop is None:
            self._told_to_stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, self._told_to_stop}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
