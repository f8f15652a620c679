"""The draft loop: a question, a look in the library off the loop, a card for the specialist. Nothing waits for it."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.domain.rules import MINUTE
from bot.ports.drafter import Drafter, Verdict
from bot.services import drafts, relay
from bot.services.unit import Unit, Units
from storage import cases, messages
from storage import drafts as rows
from storage.errors import RETRYABLE

log = structlog.get_logger("drafts")
Row = dict[str, Any]


class DraftWorker:
    """Works through the questions that dentists asked."""

    def __init__(self, units: Units, drafter: Drafter) -> None:
        self._units = units
        self._drafter = drafter
        self._stopping = False

    async def run(self) -> None:
        """Draft until `stop`."""
        while not self._stopping:
            try:
                jobs = await self._units.do(lambda unit: rows.due_jobs(unit.tx, unit.now, unit.now + MINUTE, 8))
                for job in jobs:
                    await self._try(job)
            except RETRYABLE as error:
                log.warning("drafts.database", error=type(error).__name__)
                jobs = []
            if not jobs and not self._stopping:
                await self._units.engine.wait_notify("drafts", 2.0)

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
        text = await self._units.look(lambda unit: _question(unit, job))
        if text is None:
            return  # nobody has the case yet: looked at again in a minute
        suggestion = await asyncio.to_thread(self._drafter.suggest, text)

        def settle(unit: Unit) -> None:
            question = messages.get(unit.tx, job["message_id"])
            if question is None or not rows.job_done(unit.tx, job["id"]):
                return
            if suggestion.verdict is Verdict.ESCALATE:
                drafts.escalate(unit, question)
            elif suggestion.verdict is Verdict.DRAFT:
                drafts.offer(unit, question, suggestion.candidates[0].entry)

        await self._units.do(settle)


def _question(unit: Unit, job: Row) -> str | None:
    """What was asked; None while the case has no specialist who could be told."""
    message = messages.get(unit.tx, job["message_id"])
    case = cases.get(unit.tx, job["case_id"])
    if case is not None and case["state"] in ("waiting", "unassigned", "offered"):
        return None
    return "" if message is None else relay.body_of(unit, message).text
