"""Commands against temporary folders; what they do to the process's logging is undone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.support.console import Console
from tests.support.databases import bare_url, dialect, postgres_server
from tests.support.theatre import ROSTER

__all__ = ["bare_url", "dialect", "postgres_server"]


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    before = structlog.get_config()
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.configure(**before)


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
