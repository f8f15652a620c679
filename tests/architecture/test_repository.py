"""The repository around the code: what may stand at the top, be named in a file, be locked."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, texts, tracked

TOP = {
    *("bot", "handlers", "storage", "prompts", "tests", "docs", "benchmarks", "deploy", ".ci"),
    *("pyproject.toml", "requirements.txt", "requirements-dev.txt", "requirements-soak.txt", "Makefile"),
    *("README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"),
}
FIXED = {"slack-bolt", "python-telegram-bot", "aiosqlite", "apscheduler", "openai", "pytest-asyncio"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# A bracket round one letter keeps a pattern from matching itself.
PLACES = re.compile(
    r"(?<![\w.~-])(/roo[t]/|/wor[k]/|/User[s]/|/hom[e]/|C:\\User[s])|/opt/(wheel[s]|pyp[i])|/\.pyen[v]/"
)
HOSTS = re.compile(r"--(extra-)?index-ur[l]|--find-link[s]|pypi\.or[g]/simple|files\.pythonhoste[d]|registry\.npmj[s]")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", texts()[Path("Makefile")], re.MULTILINE))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", line)[0].lower() for line in requirements}


def pins(name: str) -> dict[str, str]:
    """Distribution to version, as locked."""
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", texts()[Path(name)], re.MULTILINE))


def test_the_top_level_holds_what_it_may() -> None:
    top = {path.parts[0] for path in tracked()}

    assert {"bot", "handlers", "storage", "prompts", "tests", "pyproject.toml", "README.md"} <= top
    assert {name for name in top - TOP if not name.startswith(".")} == set()
    assert top & {"uv.lock", "poetry.lock", ".env", ".venv", ".python-version"} == set()


@pytest.mark.parametrize("pattern", [PLACES, HOSTS], ids=["machine paths", "registry hosts"])
def test_no_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    looked_at = texts()
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in looked_at.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert len(looked_at) > 40
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "x = '/ro~ot/a'",
        "--index-~url x",
        "--extra-index-~url=x",
        "in /ho~me/someone/a",
        "https://pypi.~org/simple",
    ],
)
def test_a_planted_place_is_seen(line: str) -> None:
    assert PLACES.search(line.replace("~", "")) or HOSTS.search(line.replace("~", ""))


def test_the_two_commands_of_the_readme_exist() -> None:
    first_screen = texts()[Path("README.md")].splitlines()[:40]
    shown = [match[1] for line in first_screen if (match := re.match(r"(?:\$ )?make ([a-z]+)", line))]

    assert shown == ["demo", "test"]
    assert {"demo", "test", "check", "soak", "bench", "lock", "clean"} <= targets()


def test_ci_runs_make_test() -> None:
    script = Path(".ci/run")

    assert re.search(r"^(?:if ! )?make .*\btest\b", texts()[script], re.MULTILINE)
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(ROOT / script)]).returncode == 0


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_line_has_its_hashes(name: str) -> None:
    entries = [entry for entry in re.split(r"\n(?=\S)", texts()[Path(name)]) if not entry.startswith("#")]

    assert len(entries) > 40
    assert [entry for entry in entries if not re.search(r"==[\s\S]* --hash=sha256:[0-9a-f]{64}", entry)] == []
    assert len(entries) == len(pins(name))


def test_the_locks_agree_with_each_other_and_with_the_project() -> None:
    runtime, everything = pins("requirements.txt"), pins("requirements-dev.txt")
    asked = names(PROJECT["dependencies"])
    tests = names(PROJECT["optional-dependencies"]["test"])

    assert not FIXED - asked - tests
    assert asked | {"hatchling"} <= runtime.keys()
    assert tests <= everything.keys()
    assert runtime.items() <= everything.items()
    assert not {"pytest", "mypy", "ruff"} & runtime.keys()
