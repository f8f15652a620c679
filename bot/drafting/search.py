"""The best topics for a text, by words and by meaning: one index and one configuration for every bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.drafting.minilm import Vector
from bot.drafting.vectors import Vectors
from storage.faq_index import LexicalIndex

WORDS = 0.15
"""The share of the words; the rest is meaning."""
CENTRE = 0.5
"""Of the meaning, the share of the topic's mean vector; the rest is its best row."""
HALF = 8.0
"""BM25 that counts half: words alone are never sure."""


@dataclass(frozen=True, slots=True)
class Found:
    """A topic with its score from 0 to about 1, higher is better."""

    topic: str
    score: float
    words: float = 0.0
    """What its words alone say."""


class Index:
    """Rows of (topic, text). Without `vectors` the words decide alone. Safe to use from any thread."""

    def __init__(self, rows: Sequence[tuple[str, str]], vectors: Vectors | None) -> None:
        self._lexical = LexicalIndex(rows)
        self._topics = list(dict.fromkeys(topic for topic, _ in rows))
        self._vectors = vectors if rows else None
        if self._vectors is not None:
            number = {topic: at for at, topic in enumerate(self._topics)}
            self._rows = self._vectors.rows(text for _, text in rows)
            self._owner = np.array([number[topic] for topic, _ in rows])
            centres = np.stack([self._rows[self._owner == at].mean(axis=0) for at in range(len(self._topics))])
            self._centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)

    def search(self, text: str, vector: Vector | None = None) -> list[Found]:
        """Every topic that has any evidence, best first; `vector` is the text's own where it is known already."""
        words = {hit.topic: hit.score / (hit.score + HALF) for hit in self._lexical.search(text, len(self._topics))}
        if self._vectors is None:
            return [Found(topic, score, score) for topic, score in words.items()]
        query = self._vectors.query(text) if vector is None else vector
        best = np.full(len(self._topics), -1.0, dtype=np.float32)
        np.maximum.at(best, self._owner, self._rows @ query)
        meaning = (1 - CENTRE) * best + CENTRE * (self._centres @ query)
        found = [
            Found(topic, (1 - WORDS) * float(meaning[at]) + WORDS * (said := words.get(topic, 0.0)), said)
            for at, topic in enumerate(self._topics)
        ]
        return sorted(found, key=lambda one: (-one.score, one.topic))
