"""Sentences that the escalation gate learns from: `prompts/gate/*.toml`. None of them is ever shown."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def load() -> tuple[tuple[str, bool], ...]:
    """(sentence, whether it needs a person now), checked once."""
    found: list[tuple[str, bool]] = []
    for name, urgent in (("escalation", True), ("ordinary", False)):
        groups = tomllib.loads((files("prompts") / "gate" / f"{name}.toml").read_text(encoding="utf-8"))
        found += [(sentence, urgent) for group in groups.values() for sentence in group]
    return tuple(found)
