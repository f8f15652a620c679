"""The wedding case's timeline at weeks 0, 6 and 12, drawn as the service draws it, into docs/pictures.

`python -m tests.support.wedding_pictures` makes the files anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.domain.course import Course, Refinement, Stage, timeline
from bot.domain.timeline import Timeline
from bot.services import timeline_pictures
from bot.workers.aside.run import Aside

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DAY = timedelta(days=1)
ENQUIRY = date(2027, 3, 15)
REF = "C-7K3F"
PLANNED = Course(
    version=1,
    opened_on=ENQUIRY,
    plan_on=ENQUIRY + 3 * DAY,
    fit_on=ENQUIRY + 14 * DAY,
    upper=10,
    lower=8,
    days=7,
    lead=14,
    review_days=28,
    ipr=(Stage(4), Stage(7)),
    attachments=(Stage(1),),
    event_on=ENQUIRY + 91 * DAY,
)
REFINED = replace(PLANNED, version=2, refinements=(Refinement(ENQUIRY + 58 * DAY, 14, 4, 3, 7),))
"""Trouble on day 56, a new scan two days later, four more aligners from day 72 on."""
WEEKS = {0: (PLANNED, ENQUIRY), 6: (PLANNED, ENQUIRY + 56 * DAY), 12: (REFINED, ENQUIRY + 84 * DAY)}
"""Week 6 is that of the aligners: day 56."""


async def draw(made: Timeline, today: date) -> bytes:
    """The picture as the service's child gives it."""

    async def plan() -> AsyncIterator[bytes]:
        yield timeline_pictures.drawing(made, REF, today)

    async with Aside().run("timeline", plan(), seconds=60.0) as answer:
        assert "problem" not in answer.said
        return b"".join([piece async for piece in answer.rest])


async def main() -> None:
    """Draw all three."""
    FOLDER.mkdir(exist_ok=True)
    for week, (course, today) in WEEKS.items():
        (FOLDER / f"timeline-week-{week}.png").write_bytes(await draw(timeline(course), today))


if __name__ == "__main__":
    asyncio.run(main())
