"""Frozen dataclasses to and from JSON, for sealed columns. Unknown or missing fields are errors, never guesses."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    found = _ADAPTERS.get(kind)
    if found is None:
        found = _ADAPTERS[kind] = TypeAdapter(kind)
    return found


def dump(value: object, kind: Any = None) -> bytes:
    """The value as compact UTF-8 JSON; `kind` when its own type does not say enough (a mapping, a union)."""
    return _adapter(kind or type(value)).dump_json(value, exclude_defaults=True)


def load(kind: type[T], data: bytes) -> T:
    """The value that `dump` wrote. Raises pydantic's ValidationError on anything else."""
    value: T = _adapter(kind).validate_json(data)
    return value
