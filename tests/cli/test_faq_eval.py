"""`chairside faq eval` with files that are not as they should be: lines that say what would be right, no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.console import Console

GOOD = {"question": "Which photos do you need?", "topic": "records", "policy": "draft"}
FAULTS = [
    (b"", "should hold at least one row"),
    (b"\xff\xfe\x00", "should be UTF-8 text"),
    (b"[1]\n", "line 1: should be a JSON object"),
    (b'{"question": "a"\n', "line 1: should be one JSON object on one line"),
    (b"[" * 100_000, "line 1: should be one JSON object on one line"),
    (json.dumps({**GOOD, "question": " "}).encode(), "line 1: question should be some words"),
    (json.dumps({"question": "a", "policy": "draft"}).encode(), "line 1: topic should be the id of an entry, or null"),
    (json.dumps({**GOOD, "policy": "Draft"}).encode(), "line 1: policy should be draft, escalate or none"),
    (json.dumps({**GOOD, "policy": ["draft"]}).encode(), "line 1: policy should be draft, escalate or none"),
    (b"\n\n" + json.dumps({"topic": "records"}).encode(), "line 3: question should be some words"),
    (b"{}\n" * 9, "4 more lines are wrong"),
]


@pytest.mark.parametrize(("data", "said"), FAULTS)
def test_a_faulty_file_of_questions_is_said_by_line(console: Console, tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_bytes(data)
    result = console.run("faq", "eval", str(file))
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "row", [{"topic": None, "text": "a"}, {"text": "a"}, {"topic": "x"}, {"topic": "x", "text": ""}]
)
def test_a_faulty_bank_is_said_by_line(console: Console, tmp_path: Path, row: dict[str, object]) -> None:
    questions, bank = tmp_path / "q.jsonl", tmp_path / "b.jsonl"
    questions.write_text(json.dumps(GOOD), encoding="utf-8")
    bank.write_text(json.dumps(row), encoding="utf-8")
    result = console.run("faq", "eval", str(questions), "--bank", str(bank))
    assert result.exit_code == 1
    assert "b.jsonl, line 1: should have topic and text, each some words." in result.stderr


def test_other_ends_of_lines_and_a_mark_in_front_do_no_harm(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    odd = json.dumps({**GOOD, "question": "Which\u2028photos\u0085do you need?"}, ensure_ascii=False)
    file.write_bytes(b"\xef\xbb\xbf" + f"{odd}\r\n{json.dumps(GOOD)}\n".encode())
    figures = json.loads(console.ok("faq", "eval", str(file), "--json"))
    assert figures["recall_at_5"] == 1.0


def test_no_bar_is_drawn_in_a_pipe(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    assert console.run("faq", "eval", str(file)).stderr == ""
