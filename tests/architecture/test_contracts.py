"""Each import contract bites: a violation planted in a copy of the tree is reported, by that contract."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import PACKAGES, ROOT, modules

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in SETTINGS["contracts"]}
FLOORS = [layer.replace("(", "").replace(")", "").split() for layer in CONTRACTS["floors"]["layers"]]
ROOMS = [[name for name in floor if name not in "|:"] for floor in FLOORS]
OUTSIDE = CONTRACTS["no-outside-below"]
DATABASE = CONTRACTS["sql-only-in-storage"]

Plant = Mapping[str, list[str]]  # a new module and what it imports

ONE_OF_EACH: dict[str, Plant] = {
    "floors": {"prompts.planted": ["storage"]},
    "platforms-apart": {"bot.platforms.slack.planted": ["bot.platforms.telegram"]},
    "platforms-keep-to-ports": {"bot.platforms.telegram.planted": ["storage"]},
    "no-outside-below": {"prompts.planted": ["httpx"]},
    "slack-library-at-home": {"bot.workers.planted": ["slack_sdk"]},
    "telegram-library-at-home": {"bot.drafting.planted": ["telegram"]},
    "sql-only-in-storage": {"handlers.planted": ["sqlite3"]},
    "no-cycles": {
        "bot.domain.planted": ["bot.domain.planted_twin"],
        "bot.domain.planted_twin": ["bot.domain.planted"],
    },
}


class Copy:
    """A copy of the packages and their contracts, to plant things in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in modules(*PACKAGES):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
        shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
        for room in chain.from_iterable(ROOMS):  # rooms not built yet still have their place
            if not self.path(room).exists() and not self.path(room).with_suffix("").is_dir():
                self.path(room).touch()
        self.broken_when_clean = self.lint({})[0]

    def path(self, module: str) -> Path:
        return self.folder.joinpath(*module.split(".")).with_suffix(".py")

    def lint(self, plant: Plant) -> tuple[set[str], str]:
        """The ids of the broken contracts, and the whole report, with the plant in place."""
        for module, imported in plant.items():
            assert not self.path(module).exists(), f"{module} is a real module"
            self.path(module).write_text("".join(f"import {name}\n" for name in imported), encoding="utf-8")
        try:
            command = [
                sys.executable,
                "-c",
                "from importlinter.cli import lint_imports_command as c; c()",
                "--no-logo",
            ]
            ran = subprocess.run(
                command,
                cwd=self.folder,
                env=os.environ | {"COLUMNS": "400", "NO_COLOR": "1", "PYTHONPATH": str(self.folder)},
                capture_output=True,
                text=True,
                timeout=60,
            )
        finally:
            for module in plant:
                self.path(module).unlink()
        verdicts = {i: f"{c['name']} BROKEN" in ran.stdout for i, c in CONTRACTS.items()}
        kept = [i for i, c in CONTRACTS.items() if f"{c['name']} KEPT" in ran.stdout]
        assert len(kept) + sum(verdicts.values()) == len(CONTRACTS), ran.stdout + ran.stderr
        assert (ran.returncode == 0) == (not any(verdicts.values())), ran.stdout + ran.stderr
        return {i for i, broken in verdicts.items() if broken}, ran.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    assert len(modules(*PACKAGES)) > 20
    return Copy(tmp_path_factory.mktemp("copy"))


def test_the_clean_copy_keeps_every_contract(copy: Copy) -> None:
    assert copy.broken_when_clean == set()


def test_every_contract_has_a_plant() -> None:
    assert ONE_OF_EACH.keys() == CONTRACTS.keys()
    assert len(CONTRACTS) >= 8


@pytest.mark.parametrize("contract", ONE_OF_EACH)
def test_a_planted_violation_breaks_its_contract_alone(copy: Copy, contract: str) -> None:
    broken, _ = copy.lint(ONE_OF_EACH[contract])

    assert broken - copy.broken_when_clean == {contract}


def test_no_room_reaches_up_or_aside(copy: Copy) -> None:
    forbidden: dict[str, list[str]] = {}
    above: list[str] = []
    for names, rooms in zip(FLOORS, ROOMS, strict=True):
        for room in rooms:
            aside = [other for other in rooms if other != room] if "|" in names else []
            if above + aside and copy.path(room).with_suffix("").is_dir():
                forbidden[f"{room}.planted"] = above + aside
        above = above + rooms
    pairs = [(module, other) for module, others in forbidden.items() for other in others]
    assert len(pairs) > 50

    broken, report = copy.lint(forbidden)

    assert "floors" in broken
    assert [pair for pair in pairs if "{} -> {} (".format(*pair) not in report] == []


@pytest.mark.parametrize("contract", [OUTSIDE, DATABASE], ids=lambda contract: contract["id"])
def test_no_library_is_in_reach_where_it_is_forbidden(copy: Copy, contract: dict[str, Any]) -> None:
    plant = {f"{source}.planted": contract["forbidden_modules"] for source in contract["source_modules"]}
    pairs = [(module, library) for module, libraries in plant.items() for library in libraries]
    assert len(pairs) >= 12

    broken, report = copy.lint(plant)

    assert contract["id"] in broken
    assert [pair for pair in pairs if "{} -> {} (".format(*pair) not in report] == []


def test_every_room_of_the_house_is_on_a_floor() -> None:
    on_floors = {room for rooms in ROOMS for room in rooms}
    rooms = {
        path.parts[0] if path.parts[0] != "bot" else f"bot.{path.parts[1].removesuffix('.py')}"
        for path in modules(*PACKAGES)
    } - {"bot.__init__"}

    assert len(rooms) >= 10
    assert rooms <= on_floors
