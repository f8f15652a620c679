"""Sentence vectors, what ships comes ready made: `vectors.npz`, made by `benchmarks.faq_vectors`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.resources import as_file, files

import numpy as np
import structlog

from bot.drafting import minilm
from bot.drafting.minilm import MiniLM, Reading, Vector
from prompts import library
from prompts.library import rows

log = structlog.get_logger("vectors")
FILE = "vectors.npz"
ALIKE = 0.99
"""How near a text of the library lies to its own vector as it ships, where the weights are those it was made with."""


def mark(text: str) -> int:
    """A text's key in the file: 64 bits of its SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


class Vectors:
    """Rows of unit vectors for texts; each text is read by the model once."""

    def __init__(self, model: MiniLM, ready: dict[int, Vector]) -> None:
        self._model = model
        self._known = ready

    def rows(self, texts: Iterable[str]) -> Vector:
        """One row a text."""
        return np.stack([self._one(text) for text in texts])

    def query(self, text: str) -> Vector:
        """The vector of what somebody said; it is not kept."""
        return self._model.vector(text)

    def read(self, text: str) -> Reading:
        """All that the model makes of what somebody said; it is not kept."""
        return self._model.read(text)

    def _one(self, text: str) -> Vector:
        key = mark(text)
        if key not in self._known:
            self._known[key] = self._model.vector(text)
        return self._known[key]


def fault() -> str:
    """What is wrong with the installed model, as the kind of error; empty where it is right, or not there."""
    try:
        model = minilm.load()
        ready = load_ready()
        text = next((text for _, text in rows(library.load()) if mark(text) in ready), "")
        if model is None or float(model.vector(text) @ ready.get(mark(text), model.vector(text))) > ALIKE:
            return ""
    except Exception as error:  # noqa: BLE001 - whatever became of its files
        return type(error).__name__
    return "other weights"


def load() -> Vectors | None:
    """With the model of the installed package; None where it is not installed, or where its files cannot be used."""
    try:
        model = minilm.load()
        return None if model is None else Vectors(model, load_ready())
    except Exception as error:  # noqa: BLE001 - whatever became of its files: words serve without it
        log.warning("vectors.unusable", error=type(error).__name__)
        return None


def load_ready() -> dict[int, Vector]:
    """The vectors that ship, by the mark of their text."""
    place = files("bot.drafting") / FILE
    if not place.is_file():
        return {}
    with as_file(place) as path, np.load(path, allow_pickle=False) as stored:
        values = stored["values"].astype(np.float32)
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        return {int(key): row for key, row in zip(stored["keys"], values, strict=True)}
