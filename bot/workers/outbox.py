"""The outbox loop: claim what may go, hand it to its platform, settle what came of it. No business rules here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

import structlog

from bot.domain import faultpoints
from bot.domain.errors import NotSent, Reason, Refused, Unknown
from bot.domain.outbound import CloseRoom, Delete, Edit, Pin, Post, RenameRoom
from bot.domain.rules import SECOND
from bot.ports.gateway import Gateway, Sent, Target
from bot.services import dispatch, parcels, settle
from bot.services.claims import Claim, Claimed, Step
from bot.services.unit import Unit, Units
from bot.workers.marks import Marks
from storage import deliveries, seats
from storage.errors import RETRYABLE

T = TypeVar("T")
log = structlog.get_logger("outbox")

AT_ONCE = 32
"""Deliveries that one claim takes at most."""
POLL = 2.0
"""Seconds between looks when nobody wakes the loop; another process may have queued something."""


class OutboxWorker:
    """Sends for every platform it has a gateway for. One per process; leases keep several processes apart."""

    def __init__(
        self,
        units: Units,
        gateways: Mapping[str, Gateway],
        name: str,
        *,
        concurrency: int = 64,
    ) -> None:
        self._units = units
        self._gateways = gateways
        self._name = name
        self._concurrency = concurrency
        self._running: dict[asyncio.Task[bool], tuple[str, str]] = {}
        self._crowded = False
        self._marks = Marks(units, gateways)
        self._stopping = False
        self._told_at = 0

    async def run(self) -> None:
        """Send until `stop`; a failing database is waited out."""
        marker = asyncio.create_task(self._marks.run())
        try:
            wait = 0.0
            while not self._stopping:
                try:
                    wait = await self._start_turn(wait)
                except RETRYABLE as error:
                    log.warning("outbox.database", error=type(error).__name__)
                    wait = 1.0
            if self._running:
                await asyncio.wait(self._running)
        finally:
            marker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await marker

    def stop(self) -> None:
        """Claim nothing more; what is under way is settled before `run` returns."""
        self._stopping = True
        self._units.engine.notify("outbox")

    async def turn(self) -> float | None:
        """Claim once and finish what was claimed; seconds until there may be more, None when nothing is left to send.

        For whoever drives the outbox step by step: tests and the simulation.
        """
        claimed = await self._units.do(lambda unit: dispatch.claim(unit, self._name, AT_ONCE))
        for claim in claimed.claims:
            await self._deliver(claim)
        await self._units.do(parcels.tell_waiting)
        if claimed.claims:
            return 0.0
        return None if claimed.next_at is None else max(0.0, (claimed.next_at - self._units.clock.now()) / SECOND)

    async def _start_turn(self, wait: float) -> float:
        """Claim once, when something is queued or after `wait` seconds; returns how long the next turn may wait.

        The claim rides along with what queued something, or with a settlement, where it can: one COMMIT less for each.
        """
        now = self._units.clock.now()
        due = not 0 <= now - self._told_at < 5 * SECOND
        # With much queued there is more to tell than fits one go: then the next turn tells on.
        if due and await self._units.do(parcels.tell_waiting) < parcels.TELL:
            self._told_at = now
        if len(self._running) >= self._concurrency:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            return 0.0
        claimed = await self._units.ride("outbox", wait, self._claim)
        self._crowded = claimed.crowded
        for claim in claimed.claims:
            task = asyncio.create_task(self._deliver(claim))
            self._running[task] = claim.owner.platform, claim.owner.workspace
            task.add_done_callback(self._ended)
        if claimed.crowded and not self._running:  # all of them ended while it was on its way here
            return 0.0
        if claimed.next_at is None:
            return POLL
        return min(POLL, max(0.0, (claimed.next_at - self._units.clock.now()) / SECOND))

    def _claim(self, unit: Unit) -> Claimed:
        """What may leave as things stand when this runs, in the database's thread: one claim at a time is under way."""
        if self._stopping:
            return Claimed((), None)
        busy = list(self._running.values())
        return dispatch.claim(unit, self._name, min(self._concurrency - len(busy), AT_ONCE), busy)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        """A place is free; or a lane may go on otherwise than by its next in turn."""
        self._running.pop(task, None)
        if self._crowded or task.cancelled() or task.exception() is not None or not task.result():
            self._units.engine.notify("outbox")

    async def _deliver(self, claim: Claim) -> bool:
        """True once it stands: its settlement has woken whoever sends what is behind it."""
        faultpoints.reached("claimed")
        gateway = self._gateways.get(claim.owner.platform)
        try:
            if gateway is None:
                raise NotSent("platform is off", retry_after=60.0)
            async with asyncio.timeout(self._units.rules.lease / SECOND * 0.8):
                if claim.step is Step.OPEN_ROOM:
                    await self._open_room(gateway, claim)
                else:
                    return await self._send(gateway, claim)
        except NotSent as error:
            await self._settle(partial(settle.not_sent, claim=claim, error=error))
        except (Unknown, TimeoutError) as error:
            detail = error.detail if isinstance(error, Unknown) else "timeout"
            await self._settle(lambda unit: settle.in_doubt(unit, claim, detail))
        except Refused as error:
            await self._settle(partial(settle.refused, claim=claim, error=error))
        except Exception as error:  # noqa: BLE001 - one fault must not stop the loop
            log.error("outbox.fault", delivery=claim.delivery, error=type(error).__name__)
            detail = type(error).__name__
            await self._settle(lambda unit: settle.faulted(unit, claim, detail))
        return False

    async def _open_room(self, gateway: Gateway, claim: Claim) -> None:
        async def checkpoint(resume: str) -> None:
            if claim.seat is not None:
                await self._units.do(lambda unit: seats.set_resume(unit.tx, claim.seat or 0, resume))

        shared = False
        try:
            if claim.resume == settle.DIRECT:
                raise Refused(Reason.NO_TOPICS, claim.resume)
            room = await gateway.open_room(claim.owner, claim.room_name, claim.room_title, checkpoint, claim.resume)
            place = room.place
        except Refused as error:
            if error.reason is not Reason.NO_TOPICS:
                raise
            place, shared = await gateway.direct(claim.owner), True
        await self._settle(lambda unit: settle.room_opened(unit, claim, place, shared=shared))

    async def _send(self, gateway: Gateway, claim: Claim) -> bool:
        place = claim.place or await gateway.direct(claim.owner)
        target = Target(place, claim.owner)
        if claim.step is Step.FIND:
            found = await gateway.find(target, claim.tag, claim.since, claim.resume)
            if found is not None:
                return await self._sent(claim, found)
            again = await self._settle(lambda unit: dispatch.begin_again(unit, claim))
            if again is None:
                return False
            claim = again
        if claim.seat is not None:
            await gateway.check_members(target)
        match claim.payload:
            case Post() as post:
                return await self._sent(claim, await self._post(gateway, target, claim, post))
            case Edit(post=post):
                await gateway.edit(target, claim.native, post)
                return await self._sent(claim, Sent(claim.native, place))
            case Delete():
                await gateway.delete(target, claim.native, claim.more, claim.resume)
                return await self._sent(claim, Sent(claim.native, place))
            case Pin():
                await gateway.pin(target, claim.native)
                return await self._sent(claim, Sent(claim.native, place))
            case RenameRoom(title=title, name=name):
                await gateway.rename_room(target, title, name)
                return await self._sent(claim, Sent("", place))
            case CloseRoom():
                await gateway.close_room(target)
                return await self._sent(claim, Sent("", place))
            case None:
                raise Refused(Reason.OTHER, "no payload")

    async def _post(self, gateway: Gateway, target: Target, claim: Claim, post: Post) -> Sent:
        async def checkpoint(resume: str) -> None:
            if claim.delivery is not None:
                delivery = claim.delivery
                await self._units.do(lambda unit: deliveries.set_resume(unit.tx, delivery, resume))
                faultpoints.reached("uploaded")

        return await gateway.post(target, post, claim.tag, claim.reply_to, checkpoint, claim.resume)

    async def _sent(self, claim: Claim, sent: Sent) -> bool:
        faultpoints.reached("sent")
        mark = await self._settle(lambda unit: settle.sent(unit, claim, sent.native_id, sent.place, sent.more))
        faultpoints.reached("settled")
        if mark is not None:
            self._marks.put(mark)
        return True

    async def _settle(self, work: Callable[[Unit], T]) -> T:
        """Commit an outcome; while the database is out of reach keep trying, since the platform has spoken."""
        wait = 0.05
        while True:
            try:
                return await self._units.do(work)
            except RETRYABLE as error:
                log.warning("outbox.settle", error=type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2.0)
