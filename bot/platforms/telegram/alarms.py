"""What an operator must hear about: raised once when it begins, lowered once when it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

import structlog

_log = structlog.get_logger(__name__)


class Alarm(StrEnum):
    """What keeps updates from coming in."""

    TOKEN_REJECTED = "telegram_token_rejected"
    """Revoked or mistyped; tried again slowly, for ever."""
    CONFLICT = "telegram_conflict"
    """Another poller, or a webhook somebody set, takes our updates."""
    UNREACHABLE = "telegram_unreachable"
    """No answer that makes sense, several times in a row."""
    INBOX = "telegram_inbox_unavailable"
    """Updates come, but cannot be saved; none is acknowledged."""
    WEBHOOK = "telegram_webhook_refused"
    """Telegram does not accept the webhook's address."""


OnAlarm = Callable[[Alarm, bool], Awaitable[None]]
"""Called with True when an alarm begins and False when it has passed."""


class Alarms:
    """Which alarms are on; repeats are swallowed."""

    def __init__(self, on_alarm: OnAlarm) -> None:
        self._on_alarm = on_alarm
        self._on: set[Alarm] = set()

    @property
    def active(self) -> frozenset[Alarm]:
        """For health checks."""
        return frozenset(self._on)

    async def on(self, alarm: Alarm) -> None:
        """It has begun, or goes on."""
        if alarm not in self._on:
            self._on.add(alarm)
            _log.error("telegram_alarm", alarm=alarm.value)
            await self._tell(alarm, True)

    async def off(self, *alarms: Alarm) -> None:
        """They have passed; those that were not on stay silent."""
        for alarm in alarms or tuple(self._on):
            if alarm in self._on:
                self._on.discard(alarm)
                _log.info("telegram_alarm_over", alarm=alarm.value)
                await self._tell(alarm, False)

    async def _tell(self, alarm: Alarm, active: bool) -> None:
        try:
            await self._on_alarm(alarm, active)
        except Exception as error:  # noqa: BLE001 - whoever listens must not stop the updates
            _log.error("telegram_alarm_unheard", alarm=alarm.value, error=type(error).__name__)
