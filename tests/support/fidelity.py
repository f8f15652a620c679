"""The fidelity matrix: which test proves that a feature passes in which direction. No test, no tick.

`@pytest.mark.fidelity("Reply", how="keeps its parent", ways="both")` on a test that really runs it. The direction is
its parameter `pair` or `pairing`, "slack-telegram" from the first to the second; `ways="both"` says that the test does
it back as well, and `ways="slack-telegram"` (more than one with commas) names them where there is no such parameter.

`python -m tests.support.fidelity` writes the matrix into docs/relay.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "relay.md"
COLUMNS = {
    "slack-telegram": "Slack → Telegram",
    "telegram-slack": "Telegram → Slack",
    "slack-slack": "Slack → Slack",
    "telegram-telegram": "Telegram → Telegram",
}
BEGIN, END = "<!-- matrix: made by the tests -->", "<!-- end of the matrix -->"
_OUT = "FIDELITY_OUT"
_NEVER = ("skip", "skipif", "xfail", "soak")


@dataclass(frozen=True, slots=True)
class Cell:
    """One proof: the feature in one direction, how it arrives ("" as it is), and the test's node id."""

    feature: str
    way: str
    how: str
    test: str


def pytest_collection_finish(session: pytest.Session) -> None:
    """As a plugin: write down what the collected tests prove."""
    cells: list[tuple[str, str, str, str]] = []
    for item in session.items:
        for mark in item.iter_markers("fidelity"):
            if any(item.get_closest_marker(name) for name in _NEVER):
                raise pytest.UsageError(f"{item.nodeid} proves nothing while it is not run")
            feature, how = str(mark.args[0]), str(mark.kwargs.get("how", ""))
            cells += [(feature, way, how, item.nodeid) for way in _ways(item, str(mark.kwargs.get("ways", "out")))]
    Path(os.environ[_OUT]).write_text(json.dumps(cells), encoding="utf-8")


def _ways(item: pytest.Item, said: str) -> list[str]:
    if "-" in said:
        return [one.strip() for one in said.split(",")]
    params = getattr(item, "callspec").params  # noqa: B009 - only parametrised items have one
    first, *_, last = str(params.get("pair") or params["pairing"]).split("-")
    return [f"{first}-{last}", f"{last}-{first}"] if said == "both" else [f"{first}-{last}"]


def collected(files: Iterable[Path] = ()) -> list[Cell]:
    """Every proof in these files, else in all tests, found by collecting what holds a marker."""
    every = sorted((ROOT / "tests").rglob("test_*.py"))
    names = [str(path) for path in files or every if "mark.fidelity(" in path.read_text(encoding="utf-8")]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n0", "-p", "no:cacheprovider"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "cells.json"
        done = subprocess.run(
            [*command, "-p", "tests.support.fidelity", *names],
            cwd=ROOT,
            env={**os.environ, _OUT: str(out)},
            capture_output=True,
            text=True,
            timeout=100,
        )
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        return [Cell(*row) for row in json.loads(out.read_text(encoding="utf-8"))]


def matrix(cells: Iterable[Cell]) -> str:
    """The table and its proofs, in the order in which features are first found."""
    rows: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.feature, {}).setdefault(cell.way, cell)
    lines = [f"| | {' | '.join(COLUMNS.values())} |", f"|---{'|---' * len(COLUMNS)}|"]
    proofs: list[str] = []
    for feature in sorted(rows, key=str.casefold):
        found = rows[feature]
        shown = [_tick(found.get(way)) for way in COLUMNS]
        lines.append(f"| {feature} | {' | '.join(shown)} |")
        tests = dict.fromkeys(one.test.partition("[")[0] for way in COLUMNS if (one := found.get(way)) is not None)
        proofs.append(f"- {feature}: " + ", ".join(f"`{test.removeprefix('tests/')}`" for test in tests))
    return "\n".join([*lines, "", "### Proofs", "", *proofs])


def _tick(cell: Cell | None) -> str:
    if cell is None:
        return "–"
    return f"✓ {cell.how}".rstrip()


def page(text: str, table: str) -> str:
    """The page with the table between its two marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), matrix(collected())), encoding="utf-8")
