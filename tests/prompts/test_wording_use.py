"""Every literal key exists, is given the values its text names, and every text is used."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prompts import wording

ROOT = Path(__file__).parents[2]
TREES = ("bot", "handlers", "storage", "prompts")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\Z")
# As say(…), these take a key first and its values as keyword arguments: Problem.of(…), Caution.of(…).
OF = {"Problem", "Caution"}


@dataclass(frozen=True)
class Use:
    """One call: where it stands, the key (or the literal start of one), and the values given to it."""

    where: str
    key: str
    whole: bool
    given: frozenset[str]
    open_ended: bool


def is_say(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id="say") | ast.Attribute(attr="say", value=ast.Name(id="wording")):
            return True
        case ast.Attribute(attr="of", value=ast.Name(id=name)):
            return name in OF
    return False


def keys_in(node: ast.expr) -> Iterator[tuple[str, bool]]:
    match node:
        case ast.Constant(value=str(text)):
            yield text, True
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            yield start, False
        case ast.JoinedStr():
            yield "", False
        case ast.IfExp(body=body, orelse=orelse):
            yield from keys_in(body)
            yield from keys_in(orelse)


def uses(source: str, where: str) -> Iterator[Use]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and is_say(node) and node.args:
            given = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
            open_ended = any(keyword.arg is None for keyword in node.keywords)
            for key, whole in keys_in(node.args[0]):
                yield Use(f"{where}:{node.lineno}", key, whole, given, open_ended)


def literals(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.match(node.value):
            yield node.value


def sources() -> list[tuple[str, str]]:
    paths = [path for tree in TREES for path in sorted((ROOT / tree).rglob("*.py"))]
    return [(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))) for path in paths]


def faults(found: list[Use], book: wording.Wording) -> list[str]:
    wrong = []
    for use in found:
        if not use.whole:
            if not any(use.key.startswith(prefix) for prefix in book.dynamic):
                wrong.append(f"{use.where}: {use.key}… is put together, and no [_dynamic] prefix covers it")
        elif use.key not in book.texts:
            wrong.append(f"{use.where}: no wording for {use.key}")
        else:
            wanted = frozenset(book.placeholders(use.key))
            if not (use.given <= wanted if use.open_ended else use.given == wanted):
                wrong.append(f"{use.where}: {use.key} takes {sorted(wanted)}, is given {sorted(use.given)}")
    return wrong


def unused(found: set[str], book: wording.Wording) -> list[str]:
    return sorted(key for key in book.texts if key not in found and not key.startswith(tuple(book.dynamic)))


def test_every_call_matches_its_text() -> None:
    read = sources()
    assert len(read) > 10
    found = [use for source, where in read for use in uses(source, where)]
    assert found, "looked at no call"
    assert faults(found, wording.load()) == []


def test_every_text_is_used() -> None:
    found = {key for source, _ in sources() for key in literals(source)}
    assert found
    assert unused(found, wording.load()) == []


def test_the_scan_bites(tmp_path: Path) -> None:
    text = 'a = "Hello {who}"\n[f]\nx = "x"\n[g]\ny = "y"\n[_dynamic]\nprefixes = ["f."]'
    (tmp_path / "desk.toml").write_text(text)
    book = wording.Wording.read(tmp_path)
    good = 'say("desk.a", who="x"); wording.say("desk.a", **v); say(f"desk.f.{n}")'
    good += '; Problem.of("desk.a" if x else "desk.g.y", who=1)'
    bad = 'say("desk.b"); say("desk.a"); say("desk.a", who=1, more=2); say(f"desk.g.{n}"); say(f"{n}")'
    bad += '; Problem.of("desk.a", **v, more=1)'
    assert faults(list(uses(good, "good")), book) == ["good:1: desk.g.y takes [], is given ['who']"]
    assert len(faults(list(uses(bad, "bad")), book)) == 6
    assert unused(set(literals('say("desk.a")')), book) == ["desk.g.y"]
    assert unused(set(literals('KEY = "desk.a", "desk.g.y"')), book) == []
