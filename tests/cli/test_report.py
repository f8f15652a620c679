"""`chairside report`: lines, JSON and charts, of what is there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.console import Console


def test_lines_json_and_charts(console: Console, roster: Path, tmp_path: Path) -> None:
    console.ok("roster", "import", str(roster))
    said = console.ok("report")
    assert said.splitlines() == ["0 cases have had a specialist.", "Dr Amar Johal: 0 of 25"]
    found = json.loads(console.ok("report", "--json"))
    assert found["cases"]["refinements_usual"] == 2.5
    assert found["load"] == [{"handle": "johal", "name": "Dr Amar Johal", "open": 0, "capacity": 25, "away": False}]
    result = console.run("report", "--out", str(tmp_path / "charts"))
    assert result.exit_code == 0
    assert "load.png" in result.stderr
    (chart,) = (tmp_path / "charts").iterdir()
    assert chart.read_bytes().startswith(b"\x89PNG")


def test_without_a_database_it_says_what_makes_one(console: Console) -> None:
    result = console.run("report")
    assert result.exit_code == 2
    assert "there is no database there yet" in result.stderr
