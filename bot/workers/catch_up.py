"""The catch-up loop: after an outage every room of the platform is read again, those where somebody waits first."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from bot.domain.addresses import Place
from bot.domain.errors import DeliveryError, Refused
from bot.ports.history import History, Missed
from bot.services import catch_up
from bot.services.catch_up import SeatRoom
from bot.services.unit import Units
from bot.workers.inbox import InboxWorker
from storage.errors import RETRYABLE

log = structlog.get_logger("catch_up")

GATE = 10.0
"""Seconds that something said live waits, at most, for what was said before it."""
LOOK = 0.5
SWEEP = 3600.0
"""Seconds after which every room is read again although nobody noticed an outage."""
CHUNK = 50
LATER: tuple[type[Exception], ...] = (DeliveryError, *RETRYABLE)
FIRST, LONGEST = 1.0, 60.0
"""Seconds between tries while a platform does not answer."""


@dataclass(slots=True)
class _Due:
    """A room to be read; `ready` in seconds of the loop's clock."""

    room: SeatRoom
    queue: str
    ready: float = 0.0
    failures: int = 0


class CatchUpWorker:
    """Reads rooms again for every platform that can be asked."""

    def __init__(self, units: Units, inbox: InboxWorker, histories: Mapping[str, History]) -> None:
        self._units = units
        self._inbox = inbox
        self._histories = histories
        self._due: dict[tuple[str, str, str], _Due] = {}
        self._asked: list[tuple[str, str, str]] = []
        self._wake = asyncio.Event()
        self._reading: asyncio.Future[Missed] | None = None
        self._stopping = False

    async def hold(self, platform: str, workspace: str = "") -> None:
        """Events have stopped coming (or have not begun): what comes first afterwards waits for what was missed."""
        history = self._histories.get(platform)
        if history is None:
            return
        for room in await self._units.look(lambda unit: catch_up.rooms(unit, platform)):
            if workspace in ("", room.place.workspace):
                self._inbox.close_gate(history.queue(room.place))

    def ask(self, platform: str, workspace: str, chat: str = "") -> None:
        """Events come again: read what was missed, in all rooms of a workspace or in one."""
        self._asked.append((platform, workspace, chat))
        self._wake.set()

    async def run(self) -> None:
        """Read until `stop`."""
        loop = asyncio.get_running_loop()
        swept = loop.time()
        gates = asyncio.create_task(self._open_overdue())
        try:
            while not self._stopping:
                if loop.time() - swept >= SWEEP:
                    swept = loop.time()
                    self._asked += [(platform, "", "") for platform in self._histories]
                await self._take_asked()
                due = self._next(loop.time())
                if due is not None:
                    await self._read(due)
                    continue
                ready = [one.ready - loop.time() for one in self._due.values()]
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), max(0.05, min([LOOK * 4, *ready])))
                self._wake.clear()
        finally:
            gates.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gates

    def stop(self) -> None:
        """Read nothing more; what was not read is read after the next start."""
        self._stopping = True
        if self._reading is not None:
            self._reading.cancel()
        self._wake.set()

    async def _take_asked(self) -> None:
        asked, self._asked = self._asked, []
        for platform, workspace, chat in dict.fromkeys(asked):
            history = self._histories.get(platform)
            if history is None:
                continue
            try:
                rooms = await self._units.look(partial(catch_up.rooms, platform=platform))
            except RETRYABLE as error:
                log.warning("catch_up.database", error=type(error).__name__)
                self._asked.append((platform, workspace, chat))
                await asyncio.sleep(FIRST)
                continue
            for room in rooms:
                if workspace in ("", room.place.workspace) and chat in ("", room.place.chat):
                    place = room.place
                    key = (place.platform, place.workspace, place.chat)
                    self._due[key] = _Due(room, history.queue(place))

    def _next(self, now: float) -> _Due | None:
        """The room to read next: where somebody waits longest, else the oldest."""
        ready = [one for one in self._due.values() if one.ready <= now]
        return min(ready, key=self._urgency, default=None)

    def _urgency(self, due: _Due) -> float:
        since = self._inbox.gates.since(due.queue)
        return float("inf") if since is None else since

    async def _read(self, due: _Due) -> None:
        place = due.room.place
        key = (place.platform, place.workspace, place.chat)
        try:
            wanted = await self._units.look(partial(catch_up.wanted, room=due.room))
            if wanted is not None:
                self._reading = asyncio.ensure_future(self._histories[place.platform].read(wanted))
                await self._store(due.room, await self._reading)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return  # the rest is read after the next start
        except Refused as error:
            log.warning("catch_up.refused", seat=due.room.seat, reason=error.reason.value)
        except LATER as error:
            self._again(place, due, error)
            return
        except Exception as error:  # noqa: BLE001 - one room's fault must not keep the others from being read
            log.error("catch_up.fault", seat=due.room.seat, error=type(error).__name__)
        if self._due.get(key) is due:  # it was not asked for anew meanwhile
            del self._due[key]
            self._inbox.open_gate(due.queue)

    def _again(self, place: Place, due: _Due, error: Exception) -> None:
        """Later; the other rooms of a workspace that does not answer need not be tried at once either."""
        due.failures += 1
        wait = min(LONGEST, FIRST * 2.0 ** min(due.failures - 1, 8))
        ready = asyncio.get_running_loop().time() + wait
        for one in self._due.values():
            if one.room.place.workspace == place.workspace and one.room.place.platform == place.platform:
                one.ready = max(one.ready, ready)
                one.failures = max(one.failures, due.failures)
        log.warning("catch_up.later", seat=due.room.seat, error=type(error).__name__, seconds=wait)

    async def _store(self, room: SeatRoom, missed: Missed) -> None:
        """Through the inbox like live ones, oldest first, each commit with how far it came."""
        name = catch_up.cursor_name(room.seat)
        if not missed.whole:
            await self._units.do(partial(catch_up.cut, room=room))
        for start in range(0, len(missed.updates), CHUNK):
            chunk = missed.updates[start : start + CHUNK]
            last = start + len(chunk)
            so_far = (name, str(missed.moments[last - 1])) if last <= len(missed.moments) else None
            await self._inbox.store(chunk, so_far)
        await self._inbox.store((), (name, str(missed.until)))
        if missed.updates:
            log.info("catch_up.read", seat=room.seat, count=len(missed.updates))

    async def _open_overdue(self) -> None:
        """Nobody waits for ever: what was held back goes, and what comes to light later says when it was said."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK)
            for queue in self._inbox.gates.overdue(loop.time() - GATE):
                log.warning("catch_up.gate_opened")
                self._inbox.open_gate(queue)
