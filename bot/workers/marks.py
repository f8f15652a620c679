"""Delivered marks: best effort, one at a time, dropped when late; far behind, a chat's newest stands for all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping

import structlog

from bot.domain.addresses import Place
from bot.domain.errors import DeliveryError
from bot.domain.rules import SECOND
from bot.ports.gateway import Gateway, Mark, Target
from bot.services import pacing
from bot.services.settle import Marked
from bot.services.unit import Units

log = structlog.get_logger("outbox")

BEHIND = 16
"""Marks that may wait; from there on a newer one of the same chat takes the place of the older: it came after them."""
LOOK = 0.1
"""Seconds between looks while the platform's limit admits none."""


class Marks:
    """Puts marks on senders' own messages, beside the sending and never in its way."""

    def __init__(self, units: Units, gateways: Mapping[str, Gateway]) -> None:
        self._units = units
        self._gateways = gateways
        self._waiting: dict[Place, deque[tuple[Marked, int]]] = {}
        self._buckets: dict[tuple[str, str], int] = {}
        self._count = 0
        self._some = asyncio.Event()

    def put(self, mark: Marked) -> None:
        """Mark a message soon, or never."""
        queue = self._waiting.setdefault(mark.place, deque())
        if self._count >= BEHIND:
            self._count -= len(queue)
            queue.clear()
        queue.append((mark, self._units.clock.now()))
        self._count += 1
        self._some.set()

    async def run(self) -> None:
        """Mark until cancelled."""
        while True:
            await self._some.wait()
            put, full = False, set[tuple[str, str]]()
            for place in list(self._waiting):  # the chats take turns
                bot = place.platform, place.workspace
                if bot in full:
                    continue
                if self._admitted(place):
                    await self._put(*self._next(place))
                    put = True
                else:
                    full.add(bot)
            if not self._waiting:
                self._some.clear()
            elif not put:
                await asyncio.sleep(LOOK)

    def _admitted(self, place: Place) -> bool:
        """Whether one more mark may go there now: late ones and those of platforms that are off cost nothing."""
        gateway = self._gateways.get(place.platform)
        _, at = self._waiting[place][0]
        now = self._units.clock.now()
        if gateway is None or now - at > self._units.rules.mark_within:
            return True
        able = gateway.capabilities
        tat = self._buckets.get((place.platform, place.workspace), 0)
        if tat > now + able.mark_burst * round(SECOND / able.mark_rate):
            tat = now  # the clock was put back
        if pacing.earliest(tat, able.mark_rate, able.mark_burst) > now:
            return False
        self._buckets[place.platform, place.workspace] = pacing.after(tat, now, able.mark_rate)
        return True

    def _next(self, place: Place) -> tuple[Marked, int]:
        queue = self._waiting[place]
        found = queue.popleft()
        self._count -= 1
        if not queue:
            del self._waiting[place]
        return found

    async def _put(self, mark: Marked, at: int) -> None:
        gateway = self._gateways.get(mark.owner.platform)
        if gateway is None or self._units.clock.now() - at > self._units.rules.mark_within:
            return
        try:
            await gateway.mark(Target(mark.place, mark.owner), mark.native, Mark.DELIVERED)
        except DeliveryError as error:
            log.debug("outbox.mark", error=error.detail)
