"""Commands against temporary folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.console import Console
from tests.support.theatre import ROSTER


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A keyboard in an empty folder, with no settings but that the log is quiet and no port is taken."""
    monkeypatch.chdir(tmp_path)
    return Console(tmp_path, {"CHAIRSIDE_HTTP": "127.0.0.1:0"})


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """The usual people, as a file."""
    path = tmp_path / "people.yaml"
    path.write_text(ROSTER, encoding="utf-8")
    return path
