"""What stands in the documentation is so: commands, handlers, and every line of the README that can be typed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.support import chat_page
from tests.support.console import Console
from tests.support.theatre import ROSTER

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
TYPED = [
    shlex.split(line.partition("  #")[0].strip())
    for block in BLOCKS
    for line in block.splitlines()
    if line.strip() and not line.startswith("#")
]
OURS = [words[1:] for words in TYPED if Path(words[0]).name == "chairside"]
PYTHON = [words[1:] for words in TYPED if words[0] == "python"]
MAKE = [words for words in TYPED if words[0] == "make"]
ENDS = {"init": (2, "needs a terminal"), "run": (2, "SLACK_BOT_TOKEN"), "doctor": (1, "ok")}
"""What ends otherwise than with 0 in a folder without tokens, and what it says."""


def test_the_page_of_what_people_can_do_is_the_code_s_own() -> None:
    written = chat_page.PAGE.read_text(encoding="utf-8")
    assert written == chat_page.page(), "make it anew: python -m tests.support.chat_page"
    assert written.count("\n| ") > 40


def test_every_line_of_the_readme_is_looked_at() -> None:
    assert len(OURS) >= 5
    assert len(PYTHON) >= 2
    assert len(MAKE) >= 4
    assert {Path(words[0]).name for words in TYPED} == {"chairside", "python", "make"}


@pytest.mark.parametrize("words", PYTHON, ids=" ".join)
def test_a_test_that_the_readme_names_is_there(words: list[str]) -> None:
    assert words[:2] == ["-m", "pytest"]
    command = [sys.executable, *words, "--collect-only", "-q", "-n0", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "::" in done.stdout


def test_the_commands_of_the_readme_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.yaml").write_text(ROSTER, encoding="utf-8")
    console = Console(tmp_path, {"CHAIRSIDE_HTTP": "127.0.0.1:0"})
    assert OURS
    for words in OURS:
        result = console.run(*words)
        code, said = ENDS.get(words[0], (0, ""))
        assert (result.exit_code, said in result.output) == (code, True), (words, result.output)
