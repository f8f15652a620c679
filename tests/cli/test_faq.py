"""`chairside faq`: adding entries, reviews that are due, and the picture of the trade-offs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.services import faq_library
from prompts import library
from tests.support.console import Console
from tests.support.theatre import Theatre

ENTRY = """---
id: mints
title: Mints and aligners
version: 1
policy: draft
questions:
- May she have mints with her aligners in?
sources: []
owner: Dr Amar Johal
review_by: 2001-02-03
---
Sugar-free ones, please.
"""
PNG = b"\x89PNG"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with nothing in it yet, in place of the package's."""
    place = tmp_path / "library"
    place.mkdir()
    monkeypatch.setattr(library, "folder", lambda: place)
    monkeypatch.setattr(library, "load", lambda: library.read(place))
    return place


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "new.md"
    path.write_text(ENTRY, encoding="utf-8")
    return path


def test_an_entry_goes_beside_the_others_and_a_change_needs_a_new_version(
    console: Console, shelf: Path, draft: Path
) -> None:
    assert console.ok("faq", "add", str(draft)).startswith("mints: added as ")
    assert [path.name for path in shelf.iterdir()] == ["mints.md"]
    assert "already" in console.ok("faq", "add", str(draft))
    assert json.loads(console.ok("faq", "list", "--json"))[0]["review_by"] == "2001-02-03"

    draft.write_text(ENTRY.replace("please", "thanks"), encoding="utf-8")
    refused = console.run("faq", "add", str(draft))
    assert refused.exit_code == 1
    assert "should be version 2 or more" in refused.stderr
    assert (shelf / "mints.md").read_text(encoding="utf-8") == ENTRY
    draft.write_text(ENTRY.replace("version: 1", "version: 2"), encoding="utf-8")
    console.ok("faq", "add", str(draft))
    assert "version: 2" in (shelf / "mints.md").read_text(encoding="utf-8")


def test_every_fault_is_said_and_nothing_is_added(console: Console, shelf: Path, draft: Path) -> None:
    draft.write_text(
        ENTRY.replace("id: mints", "id: ../mints")
        .replace("policy: draft", "policy: perhaps\ncolour: red")
        .replace("2001-02-03", "soon")
        .replace("Sugar-free ones, please.\n", ""),
        encoding="utf-8",
    )
    result = console.run("faq", "add", str(draft))
    assert result.exit_code == 1
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [
        "id",
        "policy",
        "review_by",
        "colour",
        "answer",
    ]
    assert "should be draft, draft_flag or never_auto" in result.stderr
    assert list(shelf.iterdir()) == []


def test_a_library_that_cannot_be_written_to(
    console: Console, shelf: Path, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = shelf / "not there"
    monkeypatch.setattr(library, "folder", lambda: gone)
    result = console.run("faq", "add", str(draft))
    assert result.exit_code == 1
    assert f"Its place is {gone / 'mints.md'}" in result.stderr


def test_an_entry_past_its_review_is_named(console: Console, shelf: Path) -> None:
    (shelf / "mints.md").write_text(ENTRY, encoding="utf-8")
    (shelf / "gum.md").write_text(ENTRY.replace("mints", "gum").replace("2001", "9001"), encoding="utf-8")
    late = [line for line in console.ok("faq", "check").splitlines() if "was to be read again" in line]
    assert len(late) == 1
    assert late[0].startswith("mints: was to be read again by 2001-02-03 (owner: Dr Amar Johal)")


def test_the_picture_of_an_evaluation(console: Console, tmp_path: Path) -> None:
    questions, picture = tmp_path / "q.jsonl", tmp_path / "curve.png"
    rows = [("Which photos do you need?", "records", "draft"), ("His face is swollen", "x_pain", "escalate")]
    text = "".join(json.dumps({"question": q, "topic": t, "policy": p}) + "\n" for q, t, p in rows)
    questions.write_text(text, encoding="utf-8")
    result = console.run("faq", "eval", str(questions), "--report", str(picture))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("figure")
    assert picture.read_bytes().startswith(PNG)

    nowhere = console.run("faq", "eval", str(questions), "--report", str(tmp_path / "no" / "curve.png"))
    assert nowhere.exit_code == 1
    assert "cannot be written" in nowhere.stderr
    questions.write_text(json.dumps({"question": "Any news?", "topic": None, "policy": "none"}), encoding="utf-8")
    empty = console.run("faq", "eval", str(questions), "--report", str(tmp_path / "none.png"))
    assert empty.exit_code == 1
    assert empty.stderr.startswith("Nothing to draw")


async def test_with_the_database_what_chat_changed_counts(console: Console, tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        console.env |= {"CHAIRSIDE_DATA_DIR": str(tmp_path), "DATABASE_URL": play.url}
        account = {"person_id": await _johal(play), "role": "specialist"}
        changed = {"title": "same", "questions": "same", "answer": "Twenty-two hours."}
        shipped = {one.id: one for one in library.load()}
        await play.do(lambda unit: faq_library.edit(unit, account, "wear_hours", changed))
        await play.do(lambda unit: faq_library.retire(unit, account, "travel", shipped["travel"].version))

        bare = await console.aside("faq", "check")
        assert "Read from the files alone" in bare.stderr
        assert "made from chat" not in bare.stdout
        seen = (await console.aside("faq", "check", "--database")).stdout.splitlines()
        version = shipped["wear_hours"].version + 1
        assert f"wear_hours: version {version} was made from chat: “{shipped['wear_hours'].title}”." in seen
        assert "wear_hours: no source of its answer was looked up; please review it." in seen
        assert "travel: is retired, and nothing is drafted from it." in seen
        assert seen[-1].startswith(f"{len(shipped) - 1} entries can be used;")
        listed = json.loads((await console.aside("faq", "list", "--database", "--json")).stdout)
        assert {one["id"]: one["answer"] for one in listed}["wear_hours"] == "Twenty-two hours."
        assert "travel" not in {one["id"] for one in listed}


async def _johal(play: Theatre) -> int:
    (row,) = await play.rows("SELECT id FROM person WHERE handle = 'johal'")
    return int(row["id"])


def test_without_a_database_it_says_so(console: Console) -> None:
    result = console.run("faq", "check", "--database")
    assert result.exit_code != 0
    assert len(result.stderr.splitlines()) == 1


def test_front_matter_nobody_would_write_is_said_in_a_line(console: Console, shelf: Path, draft: Path) -> None:
    for odd in ("1: 2", "a: " + "[" * 20_000):
        draft.write_text(ENTRY.replace("version: 1", f"version: 1\n{odd}"), encoding="utf-8")
        result = console.run("faq", "add", str(draft))
        assert result.exit_code == 1, odd
        assert result.stderr.startswith("new.md: ")
    assert list(shelf.iterdir()) == []


def test_another_policy_is_named(console: Console, shelf: Path, draft: Path) -> None:
    (shelf / "mints.md").write_text(ENTRY.replace("policy: draft", "policy: never_auto"), encoding="utf-8")
    draft.write_text(ENTRY.replace("version: 1", "version: 2"), encoding="utf-8")
    assert "mints: its policy was never_auto and is draft from now on." in console.ok("faq", "add", str(draft))


def test_a_faulty_library_starts_nothing_and_is_said_in_lines(console: Console, shelf: Path, tmp_path: Path) -> None:
    (shelf / "mints.md").write_text(ENTRY.replace("policy: draft", "policy: perhaps"), encoding="utf-8")
    database = f"sqlite:///{tmp_path / 'chairside.db'}"
    console.env |= {
        "DATABASE_URL": database,
        "CHAIRSIDE_DATA_DIR": str(tmp_path),
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    console.env["TELEGRAM_BOT_TOKEN"] = f"123456:{'A' * 35}"
    result = console.run("run")
    assert result.exit_code == 2
    assert "mints.md: policy: should be draft, draft_flag or never_auto" in result.stderr
