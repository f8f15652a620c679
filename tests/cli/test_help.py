"""Every command explains itself, and every command and setting stands in the documentation."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from bot.cli.main import COMMANDS, cli
from tests.support.console import ROOT, Console, environment

DOCS = ROOT / "docs"
SETTING = re.compile(r"(?:CHAIRSIDE|SLACK|TELEGRAM|OPENAI)_[A-Z_]+[A-Z]|DATABASE_URL")


def every_command() -> Iterator[tuple[str, ...]]:
    """Names from the top: ("roster", "import")."""
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None, name
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, one) for one in command.list_commands(context))


@pytest.mark.parametrize("names", list(every_command()), ids=" ".join)
def test_every_command_explains_itself(console: Console, names: tuple[str, ...]) -> None:
    said = console.ok(*names, "--help")
    assert said.startswith(f"Usage: chairside {' '.join(names)}")
    assert len(said.splitlines()) >= 5
    assert not list(console.folder.iterdir())


def test_the_whole(console: Console) -> None:
    said = console.ok("--help")
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\w", said, re.MULTILINE)
    assert re.match(r"chairside \d", console.ok("--version"))
    assert console.run("no-such-command").exit_code == 2
    assert console.run("roster", "capacity", "johal", "many").exit_code == 2


def test_it_can_be_started_in_both_ways(tmp_path: Path) -> None:
    (script,) = entry_points(group="console_scripts", name="chairside")
    assert script.value == "bot.cli.main:main"
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], cwd=tmp_path, env=environment({}), capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("chairside ")


def test_every_command_is_documented() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    missing = [" ".join(names) for names in every_command() if f"`chairside {' '.join(names)}" not in text]
    assert missing == []


def test_every_setting_is_documented_and_no_other() -> None:
    read = {
        name
        for path in (ROOT / "bot" / "config.py", ROOT / "bot" / "sandbox" / "wirelog.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for name in SETTING.findall(node.value)
    }
    read |= {f"SLACK_{part}" for part in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET")}
    told = set(SETTING.findall((DOCS / "settings.md").read_text(encoding="utf-8")))
    assert len(read) > 12
    assert read - told == set()
    assert {name for name in told - read if not name.startswith("SLACK_A_") and not name.endswith("_FILE")} == set()


def test_the_readme_names_only_commands_that_exist() -> None:
    known = {" ".join(names) for names in every_command()}
    for path in (ROOT / "README.md", *DOCS.glob("*.md")):
        for words in re.findall(r"chairside ((?:[a-z]+)(?: [a-z]+)?)(?=[ `\n])", path.read_text(encoding="utf-8")):
            first = words.split()[0]
            assert words in known or first in known, f"{path.name}: chairside {words}"
