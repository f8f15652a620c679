"""Words that count for or against calling a person, by what they mean: `prompts/gate/cues.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Cues:
    """Named patterns, in the order of the file."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    def found(self, text: str) -> list[str]:
        """The names of the cues that a text holds, whatever its case and spacing."""
        plain = " ".join(text.lower().replace("’", "'").split())
        return [name for name, pattern in self.patterns if pattern.search(plain)]


@cache
def load() -> Cues:
    """The cues that ship, compiled once."""
    groups = tomllib.loads((files("prompts") / "gate" / "cues.toml").read_text(encoding="utf-8"))
    named = [(name, words) for group in groups.values() for name, words in group.items()]
    return Cues(tuple((name, re.compile(rf"(?<![a-z0-9])(?:{'|'.join(words)})(?![a-z0-9])")) for name, words in named))
