"""What commands print: tables on a terminal, aligned plain text in a pipe, JSON when asked."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.services import ages
from prompts.wording import say

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")
as_json = click.option("--json", "wants_json", is_flag=True, help=say("cli.option.json"))
"""The option of every list."""


def clean(text: object) -> str:
    """Text from elsewhere on one line, without anything a terminal would obey."""
    return _CONTROL.sub(" ", str(text))


def on_terminal() -> bool:
    """Whether somebody looks at what is printed."""
    return sys.stdout.isatty()


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error while something long goes on, and none in a pipe; call what it yields for each part."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )
    with bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


def emit_json(value: Any) -> None:
    """Print something as JSON."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under headings (wording keys below `cli.column.`); empty cells stay empty."""
    heads = [say(f"cli.column.{name}") for name in columns]
    cells = [[clean("" if cell is None else cell) for cell in row] for row in rows]
    if on_terminal():
        shown = Table(*heads, box=SIMPLE_HEAD, pad_edge=False)
        for row in cells:
            shown.add_row(*row)
        Console().print(shown, markup=False)
        return
    widths = [max(len(row[index]) for row in [heads, *cells]) for index in range(len(heads))]
    for row in [heads, *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def listing(
    rows: Sequence[dict[str, Any]],
    columns: Sequence[str],
    cells: Callable[[dict[str, Any]], Sequence[object]],
    *,
    wants_json: bool,
    empty: str,
) -> None:
    """Print a list as JSON or as a table; `empty` is said where there is nothing to show."""
    if wants_json:
        emit_json(list(rows))
    elif rows:
        table(columns, [cells(row) for row in rows])
    else:
        click.echo(empty)


def local(moment: str | None, zone: str) -> str:
    """A moment of JSON on the wall clock: "Mon 14 Jun 2027 10:02"; "" for none."""
    if moment is None:
        return ""
    at = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    return f"{at:%a} {at.day} {at:%b %Y %H:%M}"


def ago(moment: str | None, now: datetime | None = None) -> str:
    """How long since a moment of JSON, roughly; "" for none."""
    if moment is None:
        return ""
    passed = (now or datetime.now(UTC)) - datetime.fromisoformat(moment)
    return ages.words(passed // timedelta(microseconds=1))
