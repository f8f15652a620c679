"""What a model is told before it rewords library answers: `prompts/rewording/system.md`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def system() -> str:
    """The instructions, read once."""
    return (files("prompts") / "rewording" / "system.md").read_text(encoding="utf-8").strip()
