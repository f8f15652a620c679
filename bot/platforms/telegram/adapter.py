"""Everything of Telegram in one object, for whoever wires the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import aiohttp
import structlog
from aiohttp import web

from bot.domain.commands import Command
from bot.domain.errors import DeliveryError
from bot.platforms.telegram.alarms import Alarm, OnAlarm
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.config import TelegramConfig
from bot.platforms.telegram.doctor import Standing, check
from bot.platforms.telegram.gateway import TelegramGateway
from bot.platforms.telegram.heard import Heard, OnGap
from bot.platforms.telegram.inbound import TelegramTranslator
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.menu import set_commands
from bot.platforms.telegram.pace import Pace
from bot.platforms.telegram.poller import Poller
from bot.platforms.telegram.transport import Transport
from bot.platforms.telegram.webhook import Webhook
from bot.ports.clock import Clock
from bot.ports.gateway import FileSource
from bot.ports.inbound import Inbox

DRAIN = 1.0
"""Seconds that answers under way get at the end."""
_log = structlog.get_logger(__name__)


async def _unheard(alarm: Alarm, active: bool) -> None:
    """Alarms are logged in any case."""


async def _unseen(seconds: float, since: int) -> None:
    """Gaps are logged in any case."""


class Telegram:
    """The adapter: `gateway` and `translator` from the start, updates from `serve` until `stop_receiving`.

    Make it on the running loop; mount `routes()` where the program listens (a webhook needs it).
    """

    def __init__(
        self,
        config: TelegramConfig,
        source: FileSource,
        clock: Clock,
        *,
        session: aiohttp.ClientSession | None = None,
        transport: Transport | None = None,
        on_alarm: OnAlarm = _unheard,
        on_gap: OnGap = _unseen,
        long_poll: int = 50,
        pace: Pace | None = None,
    ) -> None:
        """Raises ValueError, one line a setting, if `config` cannot work. A `session` given stays its owner's."""
        if problems := config.problems():
            raise ValueError("\n".join(problems))
        self._config = config
        self._clock = clock
        self._on_alarm = on_alarm
        self._on_gap = on_gap
        self._long_poll = long_poll
        self._pace = pace or Pace()
        self._intake: Intake | None = None
        self._receiver: Poller | Webhook | None = None
        self.client = TelegramClient(config, session, transport=transport)
        self.gateway = TelegramGateway(self.client, source)
        self.translator = TelegramTranslator(self.client.identity)

    def routes(self) -> list[web.RouteDef]:
        """The webhook's route, none when polling; 503 until `serve`."""
        return [web.post(self._config.webhook_path, self._handle)] if self._config.webhook_url else []

    async def open(self) -> None:
        """Open the connections; sending works from here on. No call is made."""
        await self.client.open()

    async def check(self) -> Standing:
        """How Telegram sees this bot, for `doctor` and `init`. Raises `DeliveryError` kinds."""
        await self.client.open()
        return await check(self.client)

    async def set_commands(self, describe: Callable[[Command], str]) -> None:
        """Fill the command menu; Telegram being down is no error here, the menu only stays as it was."""
        try:
            await set_commands(self.client, describe)
        except DeliveryError as error:
            _log.warning("telegram_menu_not_set", error=error.detail)

    async def serve(self, inbox: Inbox) -> None:
        """Start to take updates into `inbox`. Telegram being down is no error here."""
        await self.client.open()
        self._intake = Intake(self.client, inbox)
        self._receiver = (
            Webhook(
                self.client,
                self._intake,
                self._config,
                on_alarm=self._on_alarm,
                pace=self._pace,
                heard=Heard(self.client.identity.id, inbox, self._clock.now, self._on_gap, self._pace),
            )
            if self._config.webhook_url
            else Poller(
                self.client,
                inbox,
                self._intake,
                now=self._clock.now,
                on_alarm=self._on_alarm,
                on_gap=self._on_gap,
                long_poll=self._long_poll,
                pace=self._pace,
            )
        )
        self._receiver.start()

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What keeps updates from coming in, if anything."""
        return sorted(self._receiver.alarms.active) if self._receiver is not None else []

    @property
    def healthy(self) -> bool:
        """Updates are being taken and nothing keeps them from coming."""
        return self._receiver is not None and self._receiver.running and not self.alarms

    async def stop_receiving(self) -> None:
        """Take no more updates, within two seconds; sending still works. What was not committed comes again."""
        if self._receiver is not None:
            await self._receiver.stop()

    async def close(self) -> None:
        """Stop receiving, let the answers under way finish, and give the connections back."""
        await self.stop_receiving()
        if self._intake is not None:
            await self._intake.close(DRAIN)
        await self.client.close()

    async def _handle(self, request: web.Request) -> web.Response:
        if isinstance(self._receiver, Webhook) and self._receiver.running:
            return await self._receiver.handle(request)
        return web.Response(status=503)
