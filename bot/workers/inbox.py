"""The inbox loop: what was committed is handled, one serial queue per source chat, each update in one transaction.

Where nothing of its chat waits when its turn comes, an update is handled in the very transaction that makes it known:
then it is acknowledged done, and never lies in the inbox at all. What goes wrong is undone, and takes the usual way.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import structlog

from bot.domain import faultpoints
from bot.domain.errors import where
from bot.domain.events import InboundEvent
from bot.domain.outbound import Reply
from bot.ports.inbound import RawUpdate, Translator
from bot.services import arrivals
from bot.services.unit import Unit, Units
from bot.workers.gates import Gates, Item, Turns, by_chat, in_order, over
from storage import inbox
from storage.errors import RETRYABLE, Corrupt, Misuse

log = structlog.get_logger("inbox")

Handle = Callable[[Unit, InboundEvent], Reply | None]
DIRECT_WAIT = 2.0
"""Seconds an adapter waits for a direct answer; triggers live three."""
BEHIND = 100
"""Turns of one chat that may wait to be handled as they come; with more, the last would be acknowledged too late."""
KEEP = 200
"""Updates of one queue kept in memory; the rest are read back from the database, so one flood holds up nobody else."""


class InboxWorker:
    """Implements `bot.ports.inbound.Inbox`. `handle` runs inside the transaction that marks the update handled."""

    def __init__(self, units: Units, translators: Mapping[str, Translator], handle: Handle) -> None:
        self._units = units
        self._translators = translators
        self._handle = handle
        self._queues: dict[str, deque[Item]] = {}
        self._tasks: dict[str, asyncio.Future[None]] = {}
        self._spilled: set[str] = set()
        self._skipped: set[str] = set()
        self._turns = Turns()
        self.gates: Gates[Item] = Gates(KEEP)
        self._loaded = False
        self._more = asyncio.Event()
        self._stopping = asyncio.Event()
        self._running = False

    async def store(self, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None = None) -> None:
        """Commit updates, the cursor no sooner: handled already where they can be, else handed to their queues."""
        if len(chats := by_chat(updates)) > 1:
            await self._store_each(chats, cursor)
            return
        with self._turns.take(update.queue for update in updates) as before:
            await over(before)
            await self._few_before(updates)
            if self._free(updates):
                await self._handle_at_once(updates, cursor)
            else:
                await self._keep(updates, cursor)

    async def _store_each(self, groups: Sequence[Sequence[RawUpdate]], cursor: tuple[str, str] | None) -> None:
        """Each chat's updates by themselves: units that touch several cases, each in an order of its own, would wait
        for each other. Whatever is interrupted, the cursor stays behind it; what comes again is known by its keys."""
        ends = await asyncio.gather(*(self.store(group) for group in groups), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end
        await self._units.do(lambda unit: arrivals.note_cursor(unit, cursor))

    async def _keep(self, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None) -> None:
        """Commit updates to be handled later, and hand the new ones to their queues."""
        ids = await self._units.do(lambda unit: arrivals.store(unit, updates, cursor))
        if ids:
            faultpoints.reached("stored")
        stored: list[tuple[str, Item]] = []
        for update, inbox_id in zip(updates, ids, strict=True):
            if inbox_id is None:
                self._look_first(update.queue)
            else:
                stored.append((update.queue, Item(inbox_id, update.platform, update.body)))
        for queue, item in stored:
            self._put(queue, item)

    async def handle_now(self, update: RawUpdate) -> Reply | None:
        """Commit one update and wait, briefly, for its direct answer. It is handled whatever happens to the wait.

        Raises TimeoutError when that takes too long: then it is answered with a message.
        """
        with self._turns.take([update.queue]) as before:
            await over(before)
            (inbox_id,) = await self._units.do(lambda unit: arrivals.store(unit, [update], None))
            if inbox_id is None:
                return None
            answer: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
            self._put(update.queue, Item(inbox_id, update.platform, update.body, answer))
        return await asyncio.wait_for(answer, DIRECT_WAIT)

    async def cursor(self, name: str) -> str | None:
        """A poller's last committed cursor."""
        return await self._units.look(lambda unit: inbox.cursor(unit.tx, name))

    async def run(self) -> None:
        """Take up what an earlier run left, then look every few seconds for what overflowed or was requeued."""
        await self._reload()
        self._running = True
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._more.wait(), 2.0)
            if not self._stopping.is_set():
                await self._reload()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    def close_gate(self, queue: str) -> None:
        """Hold back what comes in live there until `open_gate`; a queue too long for memory is left as it is."""
        if queue not in self._spilled:
            self.gates.close(queue)

    def open_gate(self, queue: str) -> None:
        """Handle what was held back, in the order it happened."""
        gate = self.gates.open(queue)
        if gate is None:
            return
        for place in in_order([self._event(item) for item in gate.waiting]):
            self._append(queue, gate.waiting[place])
        if gate.more:
            self._spilled.add(queue)
            self._more.set()

    def stop(self) -> None:
        """Finish the updates under way; the others stay in the database."""
        self._stopping.set()
        self._more.set()

    async def _few_before(self, updates: Sequence[RawUpdate]) -> None:
        """Let what waits in their chat be handled first, if it is little: else all that comes would join that queue."""
        for queue in {update.queue for update in updates} & self._tasks.keys():
            if len(self._queues.get(queue, ())) <= self._units.rules.at_once:
                await asyncio.wait([self._tasks[queue]])

    def _free(self, updates: Sequence[RawUpdate]) -> bool:
        """Nothing of their chat waits before them, and neither they nor what came behind them are too many for it."""
        if not self._running or self._stopping.is_set() or not 0 < len(updates) <= self._units.rules.at_once:
            return False
        queue, known = updates[0].queue, (self._tasks, self._queues, self._spilled)
        waits = any(queue in one for one in known) or self.gates.closed(queue)
        return updates[0].platform in self._translators and not waits and self._turns.taken(queue) <= BEHIND

    async def _handle_at_once(self, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None) -> None:
        """Make updates known and handle them in one transaction; where that fails, before all that came since."""
        under_way = asyncio.get_running_loop().create_future()
        mine = updates[0].queue
        self._tasks[mine] = under_way  # what comes for this chat meanwhile waits behind
        try:
            known = await self._units.do(lambda unit: self._at_once(unit, updates, cursor))
        except Exception as error:  # noqa: BLE001 - nothing is saved: it is stored, tried again and counted as ever
            log.debug("inbox.not_at_once", error=type(error).__name__)
            await self._keep(updates, cursor)
        else:
            faultpoints.reached("handled")
            if known:
                self._look_first(mine)
        finally:
            under_way.set_result(None)
            del self._tasks[mine]
            if mine in self._queues:
                self._start(mine)

    def _at_once(self, unit: Unit, updates: Sequence[RawUpdate], cursor: tuple[str, str] | None) -> bool:
        """Handle them all; True, and nothing to be handled, where all are repeats, as when a room is read again."""
        new = [arrivals.is_new(unit, update) for update in updates]
        if any(new) and not all(new):
            raise Misuse("a repeat among them: its chat is looked at first")
        for update in updates if all(new) else ():
            event = self._translators[update.platform].translate(update.body, live=False)
            if event is not None:
                self._handle(unit, event)
        arrivals.note_cursor(unit, cursor)
        return not all(new)

    async def _reload(self) -> None:
        self._more.clear()
        self._skipped.clear()
        try:
            rows = await self._units.look(lambda unit: arrivals.pending(unit, KEEP))
        except RETRYABLE as error:
            log.warning("inbox.database", error=type(error).__name__)
            return
        known = {item.id for queue in self._queues.values() for item in queue}
        known |= {item.id for item in self.gates.held()}
        # a queue that filled its share may have more behind, which must not be overtaken
        loaded = Counter(row.queue for row in rows)
        self._spilled = {queue for queue, count in loaded.items() if count == KEEP} | self._skipped
        for row in rows:
            # what came from a platform that is off by now waits until it is on again
            behind = self._loaded and self.gates.closed(row.queue)  # what an earlier run left was there first
            if row.id not in known and row.platform in self._translators and not behind:
                self._append(row.queue, Item(row.id, row.platform, row.body))
        self._loaded = True

    def _put(self, queue: str, item: Item) -> None:
        if item.live is None and self.gates.keep(queue, item, asyncio.get_running_loop().time()):
            return
        if queue in self._spilled or len(self._queues.get(queue, ())) >= KEEP:
            # it is committed; `_reload` brings the queue back in order when there is room
            self._spilled.add(queue)
            self._skipped.add(queue)
            return
        self._append(queue, item)

    def _look_first(self, queue: str) -> None:
        """A repeat: what was there before may be unhandled and unknown here (a commit of a process that was killed in
        the middle of it). So the chat is read back from the database before anything newer of it is handled."""
        if not self.gates.closed(queue):
            self._spilled.add(queue)
            self._skipped.add(queue)
            self._more.set()

    def _append(self, queue: str, item: Item) -> None:
        self._queues.setdefault(queue, deque()).append(item)
        self._start(queue)

    def _start(self, queue: str) -> None:
        if queue not in self._tasks and not self._stopping.is_set():
            self._tasks[queue] = asyncio.create_task(self._drain(queue))

    async def _drain(self, queue: str) -> None:
        try:
            items = self._queues[queue]
            while items and not self._stopping.is_set():
                await self._one(items[0])
                items.popleft()
        finally:
            del self._tasks[queue]
            if queue in self._spilled:
                self._more.set()
            if not self._queues.get(queue):
                self._queues.pop(queue, None)

    async def _one(self, item: Item) -> None:
        wait = 0.05
        while True:
            try:
                reply = await self._units.do(lambda unit: self._work(unit, item))
                faultpoints.reached("handled")
            except RETRYABLE as error:
                log.warning("inbox.database", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - one fault must not stop the loop
                log.error("inbox.fault", inbox=item.id, error=type(error).__name__, at=where(error))
                if await self._failed(item, type(error).__name__):
                    break
            else:
                if item.live is not None and not item.live.done():
                    item.live.set_result(reply)
                return
            if self._stopping.is_set():
                break
            await asyncio.sleep(wait)
            wait = min(wait * 2, 2.0)
        if item.live is not None and not item.live.done():
            item.live.set_result(None)

    def _work(self, unit: Unit, item: Item) -> Reply | None:
        if not inbox.done(unit.tx, item.id):
            return None
        if item.body is None:
            raise Corrupt("this update cannot be opened")
        live = item.live is not None and not item.live.done()
        event = self._translators[item.platform].translate(item.body, live=live)
        return None if event is None else self._handle(unit, event)

    async def _failed(self, item: Item, error: str) -> bool:
        """Count the failure; True when the update is parked."""
        # Telling its sender may be what fails: then it is parked without.
        for event in (self._event(item), None):
            count = partial(arrivals.failed, inbox_id=item.id, platform=item.platform, error=error, event=event)
            try:
                return await self._units.do(count) == "dead"
            except RETRYABLE:
                return False
            except Exception as fault:  # noqa: BLE001 - one fault must not stop the loop
                log.error("inbox.fault", inbox=item.id, error=type(fault).__name__, at=where(fault))
        return False

    def _event(self, item: Item) -> InboundEvent | None:
        try:
            return None if item.body is None else self._translators[item.platform].translate(item.body, live=False)
        except Exception:  # noqa: BLE001 - most likely the very fault that is being counted
            return None
