"""What people read: `prompts/wording/<area>.toml`, looked up as `say("area.key", name=value)`.

A text holds `{name}` (text), `{n:int}`, `{x:number}` (2.0 prints as 2), `{names:and}` and `{names:or}`
(several texts, joined), `{n:case|cases}` (the word after a count), and `{{`, `}}` for braces.
The conventions are in prompts/wording/README.md.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import isfinite

Value = str | int | float | Sequence[str]

_PART = re.compile(r"[a-z][a-z0-9_]*\Z")
_FILE = re.compile(r"[a-z][a-z0-9_]*\.toml\Z")
_KINDS = frozenset({"text", "int", "number", "and", "or"})
_DYNAMIC = "_dynamic"


class WordingError(Exception):
    """A wording file is faulty, or a text was asked for with a wrong key or wrong values."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A literal run followed by at most one value: kind is one of _KINDS, or "one|many"."""

    literal: str
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    """One text, and the names of the values it takes."""

    slots: tuple[_Slot, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """Every text by key, and the prefixes whose keys are put together at run time."""

    texts: Mapping[str, _Text]
    dynamic: frozenset[str]

    @classmethod
    def read(cls, folder: Traversable) -> Wording:
        """All `*.toml` of the folder; WordingError lists every fault found."""
        texts: dict[str, _Text] = {}
        dynamic: set[str] = set()
        faults: list[str] = []
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if not file.name.endswith(".toml"):
                continue
            if not _FILE.match(file.name):
                faults.append(f"{file.name}: name a file area.toml, in lower case")
                continue
            area = file.name.removesuffix(".toml")
            try:
                table = tomllib.loads(file.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                faults.append(f"{file.name}: {error}")
                continue
            prefixes = table.pop(_DYNAMIC, {})
            for key, text in _leaves(area, table):
                try:
                    texts[key] = _parse(key, text)
                except WordingError as error:
                    faults.append(f"{file.name}: {error}")
            for prefix in _prefixes(area, prefixes, faults):
                if any(key.startswith(prefix) for key in texts):
                    dynamic.add(prefix)
                else:
                    faults.append(f"{file.name}: no key starts with the dynamic prefix {prefix}")
        if not texts and not faults:
            faults.append("no wording files found")
        if faults:
            raise WordingError("\n".join(faults))
        return cls(texts, frozenset(dynamic))

    def say(self, key: str, values: Mapping[str, Value]) -> str:
        """The text with its values in; WordingError on an unknown key or values that do not match."""
        text = self._text(key)
        if text.names != values.keys():
            missing, surplus = sorted(text.names - values.keys()), sorted(values.keys() - text.names)
            raise WordingError(f"{key}: missing values {missing}, surplus values {surplus}")
        parts: list[str] = []
        for slot in text.slots:
            parts.append(slot.literal)
            if slot.name:
                parts.append(_show(key, slot, values[slot.name]))
        return "".join(parts)

    def placeholders(self, key: str) -> Mapping[str, frozenset[str]]:
        """Each value the text takes, with the kinds it is used as: text, int, number, and, or, "one|many"."""
        kinds: dict[str, set[str]] = {}
        for slot in self._text(key).slots:
            if slot.name:
                kinds.setdefault(slot.name, set()).add(slot.kind)
        return {name: frozenset(found) for name, found in kinds.items()}

    def _text(self, key: str) -> _Text:
        try:
            return self.texts[key]
        except KeyError:
            raise WordingError(f"no wording for {key}") from None


@cache
def load() -> Wording:
    """The wording shipped with the program, read and checked once; call it at start."""
    return Wording.read(files("prompts") / "wording")


def say(key: str, /, **values: Value) -> str:
    """The text for a key such as "intake.title"; WordingError if key or values do not match."""
    return load().say(key, values)


def has(key: str) -> bool:
    """Whether there is a text for the key: for optional ones, such as a field's help."""
    return key in load().texts


def keys() -> frozenset[str]:
    """Every key."""
    return frozenset(load().texts)


def placeholders(key: str) -> Mapping[str, frozenset[str]]:
    """Each value the text of the key takes, with the kinds it is used as."""
    return load().placeholders(key)


def _leaves(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for part, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(f"{prefix}.{part}", value)
        else:
            yield f"{prefix}.{part}", value


def _prefixes(area: str, declared: object, faults: list[str]) -> Iterator[str]:
    if declared == {}:
        return
    only = isinstance(declared, dict) and declared.keys() == {"prefixes"}
    given = declared["prefixes"] if isinstance(declared, dict) and only else None
    if not isinstance(given, list) or not given:
        faults.append(f'{area}.toml: [_dynamic] holds one line, prefixes = ["field.", …]')
        return
    for prefix in given:
        if isinstance(prefix, str) and prefix.endswith("."):
            yield f"{area}.{prefix}"
        else:
            faults.append(f"{area}.toml: a dynamic prefix is a text that ends in a full stop, not {prefix!r}")


def _parse(key: str, text: object) -> _Text:
    if not all(_PART.match(part) for part in key.split(".")):
        raise WordingError(f"{key}: a key is lower-case words, digits and _")
    if not isinstance(text, str):
        raise WordingError(f"{key}: must be a text, not {type(text).__name__}")
    if not text.strip():
        raise WordingError(f"{key}: is empty")
    try:
        parts = list(string.Formatter().parse(text.strip("\n")))
    except ValueError as error:
        raise WordingError(f"{key}: {error}") from None
    slots: list[_Slot] = []
    for literal, name, spec, conversion in parts:
        if name is None:
            slots.append(_Slot(literal))
            continue
        kind = spec or "text"
        if not _PART.match(name) or conversion:
            raise WordingError(f"{key}: {{{name}}} is not a plain placeholder")
        if kind not in _KINDS and not re.fullmatch(r"[^|{}]*\|[^|{}]+", kind):
            known = ", ".join(sorted(_KINDS))
            raise WordingError(f"{key}: {{{name}:{kind}}} has an unknown type; use {known} or one|many")
        slots.append(_Slot(literal, name, kind))
    return _Text(tuple(slots), frozenset(slot.name for slot in slots if slot.name))


def _show(key: str, slot: _Slot, value: object) -> str:
    if slot.kind == "text" and isinstance(value, str):
        return str(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    if slot.kind == "int" and whole:
        return str(value)
    if slot.kind == "number" and (whole or (isinstance(value, float) and isfinite(value))):
        return str(value).removesuffix(".0")
    if "|" in slot.kind and whole:
        one, many = slot.kind.split("|")
        return one if value == 1 else many
    if slot.kind in ("and", "or") and isinstance(value, Sequence) and not isinstance(value, str):
        return _joined(key, slot, value)
    raise WordingError(f"{key}: {slot.name} must be {slot.kind}, not {type(value).__name__}")


def _joined(key: str, slot: _Slot, items: Sequence[object]) -> str:
    words = [item for item in items if isinstance(item, str)]
    if not words or len(words) != len(items):
        raise WordingError(f"{key}: {slot.name} must be one or more texts")
    return f" {slot.kind} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
