"""Delivered marks: best effort, one at a time, dropped when late; far behind, a chat's newest stands for all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping

import structlog

from bot.domain.addresses import Place
from bot.domain.errors import DeliveryError
from bot.ports.gateway import Gateway, Mark, Target
from bot.services.settle import Marked
from bot.services.unit import Units

log = structlog.get_logger("outbox")

BEHIND = 16
"""Marks that may wait; from there on a newer one of the same chat takes the place of the older: it came after them."""


class Marks:
    """Puts marks on senders' own messages, beside the sending and never in its way."""

    def __init__(self, units: Units, gateways: Mapping[str, Gateway]) -> None:
        self._units = units
        self._gateways = gateways
        self._waiting: dict[Place, deque[tuple[Marked, int]]] = {}
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
            for place in list(self._waiting):  # the chats take turns
                queue = self._waiting[place]
                mark, at = queue.popleft()
                self._count -= 1
                if not queue:
                    del self._waiting[place]
                await self._put(mark, at)
            if not self._waiting:
                self._some.clear()

    async def _put(self, mark: Marked, at: int) -> None:
        gateway = self._gateways.get(mark.owner.platform)
        if gateway is None or self._units.clock.now() - at > self._units.rules.mark_within:
            return
        try:
            await gateway.mark(Target(mark.place, mark.owner), mark.native, Mark.DELIVERED)
        except DeliveryError as error:
            log.debug("outbox.mark", error=error.detail)
