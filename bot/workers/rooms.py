"""The room loop: looks at rooms that are held, so that none waits for an event that never comes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import structlog

from bot.domain.errors import DeliveryError
from bot.ports.gateway import Gateway, Target
from bot.services import holds
from bot.services.holds import Probe
from bot.services.unit import Units
from storage.errors import RETRYABLE

log = structlog.get_logger("rooms")
LOOK = 60.0
"""Seconds between looks at what is due."""


class RoomWorker:
    """Asks each platform about the rooms whose hour has come."""

    def __init__(self, units: Units, gateways: Mapping[str, Gateway]) -> None:
        self._units = units
        self._gateways = gateways
        self._stopping = False

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping:
            try:
                await self.turn()
            except RETRYABLE as error:
                log.warning("rooms.database", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - one room's fault must not stop the others
                log.error("rooms.fault", error=type(error).__name__)
            if not self._stopping:
                await self._units.engine.wait_notify("rooms", LOOK)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("rooms")

    async def turn(self) -> int:
        """Look at every room that is due; how many."""
        probes = await self._units.do(holds.due)
        for probe in probes:
            if self._stopping:
                break
            await self._look(probe)
        return len(probes)

    async def _look(self, probe: Probe) -> None:
        gateway = self._gateways.get(probe.place.platform)
        if gateway is None:
            return
        try:
            there = await gateway.check_room(Target(probe.place, probe.owner))
        except DeliveryError as error:  # not right, or out of reach: it is looked at again in an hour
            log.info("rooms.not_right", seat=probe.seat, error=error.detail)
            return
        await self._units.do(partial(holds.looked, probe=probe, there=there))
