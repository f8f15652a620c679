"""Nothing stands in the use cases or the stores that the product does not use: tests alone keep nothing alive."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
USERS = ("bot", "handlers", "storage", "prompts", "benchmarks")
KEPT = ("bot/services/", "storage/")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def names_used(tree: ast.AST) -> Iterator[str]:
    """Every name that is read somewhere, as itself or behind a dot; an import alone is no use."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value  # `getattr`, and annotations in quotes


def unused(sources: Mapping[str, str]) -> list[str]:
    """Public functions and classes of the kept folders whose name nothing uses."""
    trees = {path: ast.parse(text) for path, text in sources.items()}
    used = {name for tree in trees.values() for name in names_used(tree)}
    return [
        f"{path}: {node.name}"
        for path, tree in sorted(trees.items())
        if path.startswith(KEPT)
        for node in tree.body
        if isinstance(node, DEFINITIONS) and not node.name.startswith("_") and node.name not in used
    ]


def sources() -> dict[str, str]:
    """The product, by path."""
    paths = (path for folder in USERS for path in (ROOT / folder).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_everything_is_used() -> None:
    assert unused(sources()) == []


def test_what_nobody_uses_is_found() -> None:
    planted = {
        "bot/services/odd.py": "def left_over(): ...\ndef wanted(): ...\nclass Idle: ...\ndef _own(): ...\n",
        "handlers/odd.py": "from bot.services import odd\nfrom bot.services.odd import left_over\nodd.wanted()\n",
    }
    found = set(unused({**sources(), **planted})) - set(unused(sources()))
    assert found == {"bot/services/odd.py: left_over", "bot/services/odd.py: Idle"}
