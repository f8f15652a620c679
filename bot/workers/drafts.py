"""The draft loop: a question, a look in the library off the loop, a card for the specialist. Nothing waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog

from bot.domain.faq import Entry
from bot.domain.rules import MINUTE, SECOND
from bot.ports.drafter import Drafter, Suggestion, Verdict
from bot.ports.writer import Writer, Written
from bot.services import draft_looks, draft_renewal, faq_library, rewording
from bot.services.draft_looks import Asked
from bot.services.unit import Unit, Units
from storage import drafts as rows
from storage import faq_entries
from storage.errors import RETRYABLE

log = structlog.get_logger("drafts")
Row = dict[str, Any]
LEASE = 2 * MINUTE
"""Longer than the two tries of a model."""
MOST_AT_ONCE = 64
MOST_WRITING = 8
"""Requests to a model under way; with so many, the next question gets the library's own words."""


class DraftWorker:
    """Works through the questions that dentists asked, and the cards that became void."""

    def __init__(self, units: Units, drafter: Drafter, writer: Writer | None = None) -> None:
        self._units = units
        self._drafter = drafter
        self._writer = writer
        self._stopping = False
        self._refreshing = asyncio.Lock()
        self._versions = 0
        """Versions made from chat that the drafter knows."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._writing = 0
        self._told = True
        """The coordinators may have been told, now or before this start, that the library cannot be searched."""
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="library")
        """One look in the library at a time: several at once would keep the relay from the processor."""

    async def run(self) -> None:
        """Draft until `stop`."""
        while not self._stopping:
            wait = self._units.rules.draft_look / SECOND
            try:
                await self.refresh()
                await self._units.do(draft_renewal.tidy)
                free = MOST_AT_ONCE - len(self._tasks)
                jobs = await self._units.do(partial(_take, limit=free))
                for job in jobs:  # side by side: where a model is slow the others do not wait for it
                    task = asyncio.create_task(self._try(job))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                if len(self._tasks) >= MOST_AT_ONCE:
                    await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
                if jobs:
                    continue
                wait = await self._units.look(_until_next)
            except RETRYABLE as error:
                log.warning("drafts.database", error=type(error).__name__)
            if not self._stopping:
                await self._units.engine.wait_notify("drafts", wait)
        for task in self._tasks:  # what is under way is looked at again after the lease
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._looking.shutdown(wait=False)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("drafts")

    async def refresh(self) -> None:
        """Let the drafter know what was changed in the library since it last heard, or before this start."""
        async with self._refreshing:
            revision = await self._units.look(lambda unit: faq_entries.revision(unit.tx))
            if revision == self._versions:
                return
            revision, entries = await self._units.look(_library)
            await asyncio.to_thread(self._drafter.refresh, entries)  # a search under way holds it for a moment
            self._versions = revision

    async def _try(self, job: Row) -> None:
        try:
            await self._one(job)
        except RETRYABLE as error:
            log.warning("drafts.database", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - one question's fault must not stop the others
            log.error("drafts.fault", job=job["id"], error=type(error).__name__)
            if int(job["attempts"]) >= self._units.rules.poison_attempts:
                self._told = True
                await self._units.do(lambda unit: draft_looks.give_up(unit, job))

    async def _one(self, job: Row) -> None:
        asked = await self._units.look(lambda unit: draft_looks.asked(unit, job))
        suggestion = await suggested(asked, self._ask)
        if asked.nobody and not asked.calls(suggestion):
            return  # looked at again once somebody has the case
        written = None
        if self._writer is not None and self._writing < MOST_WRITING:
            self._writing += 1
            try:
                written = await self._write(self._writer, job, suggestion)
            finally:
                self._writing -= 1
        await self._units.do(lambda unit: draft_looks.settle(unit, job, suggestion, written, asked))

    async def _write(self, writer: Writer, job: Row, suggestion: Suggestion) -> Written | None:
        """What the model makes of it, where it may be asked; what it is sent is on record before it leaves."""
        request = await self._units.do(lambda unit: rewording.prepare(unit, job, suggestion, writer))
        if request is None:
            return None
        written = await writer.write(request.brief, request.payload)
        await self._units.do(lambda unit: rewording.settle(unit, request, written))
        return written

    async def _ask(self, words: str) -> Suggestion:
        found = await asyncio.get_running_loop().run_in_executor(self._looking, self._drafter.suggest, words)
        if self._told:
            await self._units.do(draft_looks.works)
            self._told = False
        return found


async def suggested(asked: Asked, ask: Callable[[str], Awaitable[Suggestion]]) -> Suggestion:
    """What the library makes of it; it is not asked where the lexicon has said already that a person is needed."""
    if asked.flagged:
        return Suggestion(Verdict.ESCALATE)
    for words in asked.before:
        found = await ask(words)
        if asked.calls(found):
            return found
    return await ask(asked.text) if asked.text else Suggestion(Verdict.NOT_QUESTION)


def _library(unit: Unit) -> tuple[int, tuple[Entry, ...]]:
    return faq_entries.revision(unit.tx), faq_library.entries(unit)


def _take(unit: Unit, *, limit: int) -> list[Row]:
    return rows.due_jobs(unit.tx, unit.now, unit.now + LEASE, limit)


def _until_next(unit: Unit) -> float:
    at, longest = rows.next_job(unit.tx), unit.rules.draft_look / SECOND
    return longest if at is None else min(longest, max(0.0, (at - unit.now) / SECOND) + 0.001)
