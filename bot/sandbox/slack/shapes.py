"""Small checks that compose into Block Kit's rules: each takes (value, path) and yields what is wrong."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


def string(longest: int | None = None, shortest: int = 0) -> Check:
    """A string of `shortest` to `longest` characters."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"must be a string [json-pointer:{path}]"
        elif len(value) < shortest:
            yield f"must be more than {shortest - 1} characters [json-pointer:{path}]"
        elif longest is not None and len(value) > longest:
            yield f"must be less than {longest + 1} characters [json-pointer:{path}]"

    return check


def number(lowest: int | None = None, highest: int | None = None) -> Check:
    """A whole number within bounds."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"must be a number [json-pointer:{path}]"
        elif (lowest is not None and value < lowest) or (highest is not None and value > highest):
            yield f"must be between {lowest} and {highest} [json-pointer:{path}]"

    return check


def flag(value: Any, path: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"must be a boolean [json-pointer:{path}]"


def choice(*allowed: object) -> Check:
    """One of these values."""

    def check(value: Any, path: str) -> Iterator[str]:
        if isinstance(value, bool) or value not in allowed:
            yield f"unsupported value [json-pointer:{path}]"

    return check


def array(of: Check, fewest: int = 0, most: int | None = None) -> Check:
    """A list of `fewest` to `most` items, each `of` a shape."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"must be an array [json-pointer:{path}]"
            return
        if len(value) < fewest or (most is not None and len(value) > most):
            yield f"must hold {fewest} to {most} items, holds {len(value)} [json-pointer:{path}]"
        for place, item in enumerate(value):
            yield from of(item, f"{path}/{place}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no other."""
    allowed = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"must be an object [json-pointer:{path}]"
            return
        for name in required:
            if name not in value:
                yield f"missing required field: {name} [json-pointer:{path}]"
        for name, item in value.items():
            if name in allowed:
                yield from allowed[name](item, f"{path}/{name}")
            else:
                yield f"invalid additional property: {name} [json-pointer:{path}]"

    return check


def tagged(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` picks its shape."""

    def check(value: Any, path: str) -> Iterator[str]:
        tag = value.get("type") if isinstance(value, dict) else None
        if not isinstance(tag, str) or tag not in shapes:
            yield f"unsupported type: {tag if isinstance(tag, str) else None} [json-pointer:{path}/type]"
        else:
            yield from shapes[tag](value, path)

    return check


def all_of(*checks: Check) -> Check:
    """Every check in turn, until one complains: later ones may rely on what earlier ones made sure of."""

    def check(value: Any, path: str) -> Iterator[str]:
        for one in checks:
            if found := list(one(value, path)):
                yield from found
                return

    return check


def exactly_one(*names: str) -> Check:
    """An object that holds exactly one of these fields."""

    def check(value: Any, path: str) -> Iterator[str]:
        if sum(name in value for name in names) != 1:
            yield f"needs exactly one of {', '.join(names)} [json-pointer:{path}]"

    return check
