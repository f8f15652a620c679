"""Checks the arguments of one request against the table, and decodes them; anything unknown is refused."""

import contextlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.sandbox.telegram.errors import ApiError, illegal
from bot.sandbox.telegram.schema import FAMILIES, METHOD_FIELDS, OBJECT_FIELDS, Field

INTEGER = re.compile(r"-?\d{1,19}")


def decode(method: str, raw: Mapping[str, object], files: Collection[str]) -> dict[str, Any]:
    """Typed arguments of `method` (exact name); raw values are form strings or JSON values. Raises ApiError 400."""
    fields = METHOD_FIELDS[method]
    args: dict[str, Any] = {}
    for name, value in raw.items():
        known = fields.get(name)
        if known is None:
            raise illegal(f"unknown argument {name} of {method}")
        if known.unserved:
            raise illegal(f"argument {name} of {method} is not served by the sandbox")
        args[name] = _argument(method, known, value)
    for name, known in fields.items():
        if known.required and name not in args and not ("file" in known.kinds and name in files):
            raise _missing(name)
    allowed = {name for name, known in fields.items() if "file" in known.kinds} | set(attachments(args))
    for name in files:
        if name not in allowed:
            raise illegal(f"file {name} of {method} is not referred to")
    return args


def attachments(value: object) -> Iterator[str]:
    """Names referred to as `attach://NAME` anywhere in the arguments."""
    if isinstance(value, str):
        if value.startswith("attach://"):
            yield value.removeprefix("attach://")
    elif isinstance(value, dict):
        for inner in value.values():
            yield from attachments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from attachments(inner)


def _missing(name: str) -> ApiError:
    words = {"text": "message text is empty", "chat_id": "chat_id is empty"}
    return illegal(words.get(name, f"parameter {name} is missing"))


def _argument(method: str, known: Field, value: object) -> object:
    """One top-level argument: a form or JSON string may hold any type as JSON."""
    where = f"{method}.{known.name}"
    if isinstance(value, str):
        for kind in known.kinds:
            if kind in ("str", "file"):
                return value
            if kind in ("int", "id") and INTEGER.fullmatch(value):
                return int(value)
        if "id" in known.kinds:
            return _chat_name(where, value)
        try:
            value = json.loads(value)
        except ValueError:
            raise illegal(f"can't parse {where}") from None
        if isinstance(value, int | str) and not isinstance(value, bool):
            raise _ill_typed(where, known.kinds)
    return _any_of(where, known.kinds, value)


def _chat_name(where: str, value: str) -> str:
    if re.fullmatch(r"@\w{4,32}", value):
        return value
    raise illegal(f"{where} is neither an id nor a @name")


def _any_of(where: str, kinds: tuple[str, ...], value: object) -> object:
    if isinstance(value, dict) and len(kinds) > 1:
        # Of several objects the one that knows these keys is meant; its problems are worth saying.
        named = [kind for kind in kinds if set(value) <= set(OBJECT_FIELDS.get(kind, ()))]
        return _typed(where, (named or list(kinds))[0], value)
    for kind in kinds[:-1]:
        with contextlib.suppress(ApiError):
            return _typed(where, kind, value)
    return _typed(where, kinds[-1], value)


def _typed(where: str, kind: str, value: object) -> object:
    match kind:
        case "int" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "float" if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        case "bool" if isinstance(value, bool):
            return value
        case "str" | "file" if isinstance(value, str):
            return value
        case "id" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "id" if isinstance(value, str):
            return int(value) if INTEGER.fullmatch(value) else _chat_name(where, value)
        case _ if kind.startswith("[") and isinstance(value, list):
            return [_typed(f"{where}[{place}]", kind[1:-1], item) for place, item in enumerate(value)]
        case _ if kind in FAMILIES and isinstance(value, dict):
            family = FAMILIES[kind]
            name = value.get("type")
            if not isinstance(name, str) or name not in family:
                raise illegal(f"{where}: unknown type of {kind}")
            return _object(where, family[name], value)
        case _ if kind in OBJECT_FIELDS and isinstance(value, dict):
            return _object(where, kind, value)
    raise _ill_typed(where, (kind,))


def _object(where: str, kind: str, value: dict[str, object]) -> dict[str, object]:
    fields = OBJECT_FIELDS[kind]
    decoded: dict[str, object] = {}
    for name, inner in value.items():
        known = fields.get(name)
        if known is None:
            raise illegal(f"{where}: unknown field {name} of {kind}")
        if known.unserved:
            raise illegal(f"{where}: field {name} of {kind} is not served by the sandbox")
        decoded[name] = _any_of(f"{where}.{name}", known.kinds, inner)
    for name, known in fields.items():
        if known.required and name not in decoded:
            raise illegal(f"{where}: field {name} of {kind} is missing")
    return decoded


def _ill_typed(where: str, kinds: tuple[str, ...]) -> ApiError:
    return illegal(f"{where} is not {' or '.join(kinds)}")
