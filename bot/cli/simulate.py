"""`chairside simulate`: months of cases in seconds, and whether anything was broken in them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot.cli import output
from bot.sandbox.months.run import NotEmptyError, simulate
from prompts import simulation
from prompts.wording import say

BROKEN = 1
_LINES = {
    "dentist": ("dentist_p95", "dentist_limit", "dentist_most", "dentist_days", "full_dentist"),
    "specialist": ("specialist_p95", "specialist_limit", "specialist_most", "specialist_days", "full_specialist"),
    "pages": ("pages_a_week_p95", "pages_a_week_mean", "pages_a_week_most", "pages_limit"),
    "targets": ("answers", "late_targets", "missed_targets"),
    "sent": ("relayed", "notices", "silent"),
    "nothing": ("duplicates", "out_of_hours", "forgotten"),
}
"""What is printed, line by line, and the figures in each."""


@click.command(help=say("cli.help.simulate"))
@click.option("--cases", default=500, show_default=True, type=click.IntRange(1, 5000), help=say("cli.option.cases"))
@click.option("--weeks", default=26, show_default=True, type=click.IntRange(1, 104), help=say("cli.option.weeks"))
@click.option("--seed", default=1, show_default=True, type=int, help=say("cli.option.seed"))
@click.option("--database", default="", help=say("cli.option.database"))
@output.as_json
@click.pass_context
def command(ctx: click.Context, cases: int, weeks: int, seed: int, database: str, wants_json: bool) -> None:
    """Play, print the figures; exit 1 if a limit was passed."""
    with tempfile.TemporaryDirectory(prefix="chairside-months-") as name:
        folder = Path(name)
        url = database or f"sqlite:///{folder / 'months.db'}"
        try:
            with output.progress(say("cli.simulate.days"), weeks * 7) as step:
                playing = simulate(
                    url, folder, cases=cases, weeks=weeks, seed=seed, rates=simulation.load(), passed=_each(step)
                )
                found = asyncio.run(playing)
        except NotEmptyError:
            click.echo(say("cli.simulate.not_empty"), err=True)
            ctx.exit(BROKEN)
    if wants_json:
        output.emit_json(found)
    else:
        _print(found)
    ctx.exit(BROKEN if found["broken"] else 0)


def _each(step: Callable[[], None]) -> Callable[[int], None]:
    """Hears how many days are over, and steps once for each."""
    seen = 0

    def passed(days: int) -> None:
        nonlocal seen
        for _ in range(days - seen):
            step()
        seen = max(days, seen)

    return passed


def _print(found: dict[str, Any]) -> None:
    rates = simulation.load()
    shown = {
        **found,
        "dentist_limit": rates.limits.dentist_p95,
        "specialist_limit": rates.limits.specialist_p95,
        "pages_limit": rates.limits.pages_a_week,
        "full_dentist": rates.size.full_dentist,
        "full_specialist": rates.size.full_specialist,
    }
    click.echo(say("cli.simulate.title", **_only(shown, "cases", "weeks", "seed", "seconds")))
    for line, names in _LINES.items():
        click.echo(say(f"cli.simulate.line.{line}", **_only(shown, *names)))
    for what, examples in found["examples"].items():
        for example in examples:
            click.echo(f"  {what}: {example}")
    broken = found["broken"]
    click.echo(say("cli.simulate.broken", names=broken) if broken else say("cli.simulate.whole"))


def _only(found: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: str(found[name]) for name in names}
