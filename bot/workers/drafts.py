"""The draft loop: a question, a look in the library off the loop, a card for the specialist. Nothing waits for it."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.domain.rules import MINUTE, SECOND
from bot.ports.drafter import Drafter, Suggestion, Verdict
from bot.services import draft_looks, draft_renewal
from bot.services.draft_looks import Asked
from bot.services.unit import Unit, Units
from storage import drafts as rows
from storage.errors import RETRYABLE

log = structlog.get_logger("drafts")
Row = dict[str, Any]
LONGEST = 2.0
"""Seconds between looks when nothing is known to fall due."""


class DraftWorker:
    """Works through the questions that dentists asked, and the cards that became void."""

    def __init__(self, units: Units, drafter: Drafter) -> None:
        self._units = units
        self._drafter = drafter
        self._stopping = False

    async def run(self) -> None:
        """Draft until `stop`."""
        while not self._stopping:
            wait = LONGEST
            try:
                await self._units.do(draft_renewal.tidy)
                jobs = await self._units.do(lambda unit: rows.due_jobs(unit.tx, unit.now, unit.now + MINUTE, 8))
                for job in jobs:
                    await self._try(job)
                if jobs:
                    continue
                wait = await self._units.look(_until_next)
            except RETRYABLE as error:
                log.warning("drafts.database", error=type(error).__name__)
            if not self._stopping:
                await self._units.engine.wait_notify("drafts", wait)

    def stop(self) -> None:
        """Start nothing more."""
        self._stopping = True
        self._units.engine.notify("drafts")

    async def _try(self, job: Row) -> None:
        try:
            await self._one(job)
        except RETRYABLE:
            raise
        except Exception as error:  # noqa: BLE001 - one question's fault must not stop the others
            log.error("drafts.fault", job=job["id"], error=type(error).__name__)
            if int(job["attempts"]) >= self._units.rules.poison_attempts:  # the specialist has the question itself
                await self._units.do(lambda unit: rows.job_done(unit.tx, job["id"]))

    async def _one(self, job: Row) -> None:
        asked = await self._units.look(lambda unit: draft_looks.asked(unit, job))
        if asked is None:
            return  # nobody has the case yet: looked at again in a minute
        suggestion = await self._suggest(asked)
        await self._units.do(lambda unit: draft_looks.settle(unit, job, suggestion))

    async def _suggest(self, asked: Asked) -> Suggestion:
        for words in filter(None, (asked.before, asked.text)):
            found = await asyncio.to_thread(self._drafter.suggest, words)
            if words == asked.text or found.verdict is Verdict.ESCALATE:
                return found
        return Suggestion(Verdict.NOT_QUESTION)


def _until_next(unit: Unit) -> float:
    at = rows.next_job(unit.tx)
    return LONGEST if at is None else min(LONGEST, max(0.0, (at - unit.now) / SECOND) + 0.001)
