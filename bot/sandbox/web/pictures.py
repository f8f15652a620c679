"""The timeline of a case as the page shows it: the service's own picture, drawn anew when it would look different."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.ids import CaseId
from bot.services import timeline_pictures, timelines
from bot.services.unit import Unit
from bot.workers.aside.run import Aside, Failed
from storage import cases

JSON = dict[str, Any]
SECONDS: Final = 60.0
KEPT: Final = 16
"""Pictures held at once, the newest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn, as JSON for the child, and what it shows in words."""

    drawing: bytes
    words: str

    @property
    def key(self) -> str:
        """Changes whenever the picture would."""
        return hashlib.sha256(self.drawing).hexdigest()[:12]


def plan_of(unit: Unit, ref: str) -> Plan | None:
    """The case's dates as they stand today; None while there is nothing to draw."""
    case = cases.by_ref(unit.tx, ref)
    made = None if case is None else timelines.current(unit, CaseId(case["id"]))
    if case is None or made is None:
        return None
    today = timelines.today_of(unit, case)
    return Plan(timeline_pictures.drawing(made, ref, today), timeline_pictures.words(made, ref, today))


class Pictures:
    """Draws in a child, one at a time, and keeps what it drew."""

    def __init__(self) -> None:
        self._aside = Aside()
        self._drawn: dict[str, bytes] = {}
        self._wanted: dict[str, str] = {}
        self._one = asyncio.Lock()

    async def draw(self, ref: str, plan: Plan) -> bytes | None:
        """A PNG, or None where it cannot be drawn, or nobody wants it any more: the clock has moved on meanwhile."""
        self._wanted[ref] = plan.key
        async with self._one:  # several windows ask for the same one at once
            if plan.key not in self._drawn:
                if self._wanted[ref] != plan.key:
                    return None
                try:
                    async with self._aside.run("timeline", _once(plan.drawing), seconds=SECONDS) as answer:
                        if "problem" in answer.said:
                            return None
                        self._drawn[plan.key] = b"".join([piece async for piece in answer.rest])
                except Failed:
                    return None
                for old in list(self._drawn)[:-KEPT]:
                    del self._drawn[old]
            return self._drawn[plan.key]


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
