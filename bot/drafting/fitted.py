"""What was fitted, with how: `fitted.json`, made by `python -m benchmarks.fit_gate`; nothing in it is set by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from bot.drafting.minilm import Vector

FILE = "fitted.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic fit: what each cue adds, what the layers' means add, and the score above which a person is needed."""

    constant: float
    cues: dict[str, float]
    layers: Vector | None
    threshold: float


@dataclass(frozen=True, slots=True)
class Blend:
    """How the index weighs its evidence (`bot/drafting/search.py`), and the scores below which nothing is offered."""

    words: float
    centre: float
    half: float
    aside: float
    least: float
    least_words: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """`gate` is used where there is a model of meaning, `gate_words` where there is none."""

    gate: Weights
    gate_words: Weights
    blend: Blend


@cache
def load() -> Fitted:
    """The file that ships, read once."""
    data = stored()
    return Fitted(_weights(data["gate"]), _weights(data["gate_words"]), Blend(**data["blend"]))


def stored() -> dict[str, Any]:
    """The file as it is, with what it says about itself."""
    found: dict[str, Any] = json.loads((files("bot.drafting") / FILE).read_text(encoding="utf-8"))
    return found


def _weights(data: dict[str, Any]) -> Weights:
    layers = np.array(data["layers"], dtype=np.float32) if "layers" in data else None
    return Weights(data["constant"], data["cues"], layers, data["threshold"])
