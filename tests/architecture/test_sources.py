"""The bar for a source file, and proof that each check sees what it looks for."""

import ast
import io
import re
import tokenize
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, modules, texts

LINES = 300
LAZY = {("bot/drafting", "openai")}  # 23 MB and half a second that a desk without a model never needs
_EVERYTHING = {"Exception", "BaseException"}
_BLOCKS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_SQL = re.compile(
    r"\b(SELECT\s[\s\S]*?\sFROM\s|SELECT\s+\d+\b|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW|TRIGGER)\b|PRAGMA\s+\w|BEGIN\s+IMMEDIATE|SAVEPOINT\s"
    r"|ON\s+CONFLICT\s*\(|WHERE\s+\w+\s*(=|<|>|IN\b|IS\b)|ORDER\s+BY\s|FOR\s+UPDATE\s+SKIP)"
    r"|(?i:\bselect\s+\*\s+from\s|\binsert\s+into\s+\w+\s*\(|\bdelete\s+from\s+\w+\s+where\s)"
)


def _docstrings(tree: ast.Module) -> set[ast.Constant]:
    found = set()
    for node in ast.walk(tree):
        first = node.body[0] if isinstance(node, _BLOCKS) and node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            found.add(first.value)
    return found


def sql(path: Path, tree: ast.Module) -> list[str]:
    """Strings that speak SQL, docstrings aside."""
    docstrings = _docstrings(tree)
    return [
        f"{path}:{node.lineno}: SQL outside storage/"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings
        if _SQL.search(node.value)
    ]


def late_imports(path: Path, tree: ast.Module) -> list[str]:
    """Imports inside a function, the allowed ones aside."""
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            else:
                continue
            tops = {name.partition(".")[0] for name in names}
            if not tops <= {top for folder, top in LAZY if path.is_relative_to(folder)}:
                found.append(f"{path}:{node.lineno}: import of {', '.join(names)} inside {function.name}")
    return found


def swallowed(path: Path, tree: ast.Module) -> list[str]:
    """Errors caught and dropped without a word."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            silent = all(isinstance(s, ast.Pass) or _is_ellipsis(s) for s in node.body)
            if silent or node.type is None:
                found.append(f"{path}:{node.lineno}: except that says and does nothing, or names no error")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("suppress", "contextlib.suppress"):
            caught = {ast.unparse(argument) for argument in node.args}
            found += [f"{path}:{node.lineno}: suppress of every error"] * bool(caught & _EVERYTHING)
    return found


def _is_ellipsis(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(v := statement.value, ast.Constant) and v.value is ...


def bare_ignores(path: Path, text: str) -> list[str]:
    """Silenced checks that do not say which."""
    bare = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:)|mypy:|ruff:\s*noqa)")
    return [
        f"{path}:{token.start[0]}: {token.string}"
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and bare.search(token.string)
    ]


def unfinished(path: Path, text: str) -> list[str]:
    """Notes to finish later."""
    note = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b|NotImplementedErro[r]")  # brackets hide it from itself
    return [f"{path}:{n}: {line.strip()}" for n, line in enumerate(text.splitlines(), 1) if note.search(line)]


TREE_CHECKS: dict[str, tuple[Callable[[Path, ast.Module], list[str]], list[str]]] = {
    "sql": (
        sql,
        [
            'QUERY = "SELECT id FROM lane"',
            'q = f"UPDATE {table} SET " + "x"\nr = f"UPDATE lane SET head = {n}"',
            'q = """\n  insert into lane (id) values (1)"""',
            'q = "PRAGMA user_version"',
            'q = "owner = :me ORDER BY ready_at"',
        ],
    ),
    "late imports": (
        late_imports,
        [
            "def f():\n    import json",
            "class A:\n    async def f(self):\n        from bot import app",
            "def f():\n  import openai",
        ],
    ),
    "swallowed": (
        swallowed,
        [
            "try:\n    f()\nexcept ValueError:\n    pass",
            "try:\n    f()\nexcept ValueError:\n    ...",
            "try:\n    f()\nexcept:\n    g()",
            "with contextlib.suppress(ValueError, Exception):\n    f()",
        ],
    ),
}
# A ~ in a sample is dropped before it is checked, so that this file passes its own checks.
TEXT_CHECKS: dict[str, tuple[Callable[[Path, str], list[str]], list[str]]] = {
    "bare ignores": (bare_ignores, ["x = 1  # type:~ ignore\n", "import os  # no~qa\n", "# ruff: no~qa\n"]),
    "unfinished": (unfinished, ["# TO~DO: later\n", "x = 1  # FIX~ME\n", "raise NotImplemented~Error\n"]),
}


def test_files_are_short() -> None:
    lengths = {path: texts()[path].count("\n") for path in modules(*PACKAGES)}

    assert len(lengths) > 20
    assert {str(path): length for path, length in lengths.items() if length > LINES} == {}


@pytest.mark.parametrize("name", TREE_CHECKS)
def test_sources_hold_nothing_of(name: str) -> None:
    check, planted = TREE_CHECKS[name]
    looked_at = {path: tree for path, tree in modules(*PACKAGES).items() if name != "sql" or path.parts[0] != "storage"}

    assert len(looked_at) > 20
    assert [found for path, tree in looked_at.items() for found in check(path, tree)] == []
    assert [sample for sample in planted if not check(Path("bot/planted.py"), ast.parse(sample))] == []


@pytest.mark.parametrize("name", TEXT_CHECKS)
def test_python_files_hold_nothing_of(name: str) -> None:
    check, planted = TEXT_CHECKS[name]
    looked_at = modules(*PACKAGES, "tests", "benchmarks")

    assert len(looked_at) > 40
    assert [found for path in looked_at for found in check(path, texts()[path])] == []
    assert [sample for sample in planted if not check(Path("bot/planted.py"), sample.replace("~", ""))] == []


def test_words_and_settings_hold_nothing_unfinished() -> None:
    looked_at = {
        path: text for path, text in texts().items() if path.suffix in {".md", ".toml", ".sql", ".yaml", ".html"}
    }

    assert len(looked_at) > 5
    assert [found for path, text in looked_at.items() for found in unfinished(path, text)] == []


def test_plain_english_and_the_allowed_lazy_import_pass() -> None:
    fine = 'HELP = "Select a case from the list, then update it."\n"""Insert into the case what you know."""\n'

    assert sql(Path("handlers/help.py"), ast.parse(fine)) == []
    assert late_imports(Path("bot/drafting/model.py"), ast.parse("def f():\n    import openai")) == []
