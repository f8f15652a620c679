"""`chairside db` and `chairside faq`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prompts import library
from storage import migrate
from tests.support.console import Console
from tests.support.theatre import Theatre


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
def test_the_schema_from_nothing(console: Console, bare_url: str) -> None:
    console.env["DATABASE_URL"] = bare_url
    names = [str(migration) for migration in migrate.load()]
    before = console.run("db", "status")
    assert before.exit_code == 1
    assert before.stdout.splitlines() == [f"pending  {name}" for name in names]
    assert console.run("cases").exit_code == 2  # a line, not a traceback

    assert console.ok("db", "upgrade").splitlines() == [f"applied  {name}" for name in names]
    assert console.ok("db", "upgrade") == "The schema is up to date.\n"
    found = json.loads(console.ok("db", "status", "--json"))
    assert (found["applied"], found["pending"], found["schema_problem"]) == (names, [], None)
    assert not (console.folder / "data" / "chairside.key").exists()  # nothing is sealed by that
    assert json.loads(console.ok("cases", "--json")) == []


async def test_a_running_service_is_up_to_date(console: Console, tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        console.env |= {"CHAIRSIDE_DATA_DIR": str(tmp_path), "DATABASE_URL": play.url}
        assert (await console.aside("db", "upgrade")).stdout == "The schema is up to date.\n"
        assert (await console.aside("db", "status")).exit_code == 0


def test_a_server_that_is_not_there(console: Console) -> None:
    console.env["DATABASE_URL"] = "postgresql://secret:word@127.0.0.1:1/none"
    result = console.run("roster", "lock", "ops")
    assert result.exit_code == 1, result.output
    assert len(result.stderr.splitlines()) == 1
    assert "secret" not in result.stderr
    assert "word" not in result.stderr


def test_the_library_is_listed_and_its_sources_reviewed(console: Console) -> None:
    entries = library.load()
    listed = console.ok("faq", "list").splitlines()
    assert len(listed) == len(entries) + 1
    assert any(line.startswith("not_seating ") and "draft_flag" in line and "2/3" in line for line in listed)
    assert len(json.loads(console.ok("faq", "list", "--json"))) == len(entries)
    checked = console.ok("faq", "check").splitlines()
    assert checked[-1].startswith(f"{len(entries)} entries can be used; ")
    assert any(line.startswith("not_seating: nobody has looked up “General orthodontic teaching”") for line in checked)


def test_a_faulty_library_is_named(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty() -> None:
        raise library.LibraryError("a.md: has no question\nb.md: has no answer below its front matter")

    monkeypatch.setattr(library, "load", faulty)
    result = console.run("faq", "check")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == ["a.md: has no question", "b.md: has no answer below its front matter"]
