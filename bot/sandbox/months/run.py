"""One simulation from beginning to end: the people, their cases, weeks of time, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.domain.rules import DAY
from bot.sandbox.months.figures import summary
from bot.sandbox.months.play import Play
from bot.sandbox.months.roster import roster
from bot.sandbox.months.stage import Stage
from bot.services import rosters
from prompts.simulation import Rates
from storage import audit, people

Row = dict[str, Any]


class NotEmptyError(Exception):
    """There are people in the database already."""


async def simulate(
    url: str,
    folder: Path,
    *,
    cases: int,
    weeks: int,
    seed: int,
    rates: Rates,
    passed: Callable[[int], None] = lambda days: None,
) -> Row:
    """Play so many cases for so many weeks over an empty database; the figures. `passed` hears which day it is."""
    began = time.monotonic()
    stage = await Stage.opened(url, folder, seed)
    try:
        if await stage.do(lambda unit: people.everyone(unit.tx)):
            raise NotEmptyError
        applied = await stage.do(lambda unit: rosters.apply(unit, roster(cases, rates.size), "months"))
        assert not isinstance(applied, tuple)
        await stage.know_people()
        play = Play(stage, rates)
        play.begin(cases, weeks)
        first = stage.now
        await stage.run(first + weeks * 7 * DAY, lambda now: passed((now - first) // DAY))
        answered = await stage.units.look(lambda unit: audit.of_action(unit.tx, "turn.answered"))
        stages = await stage.units.look(lambda unit: audit.of_action(unit.tx, "turn.stage"))
        found = summary(stage.figures, answered, stages, rates.limits, rates.size)
    finally:
        await stage.close()
    return {"cases": cases, "weeks": weeks, "seed": seed, "seconds": round(time.monotonic() - began, 1), **found}
