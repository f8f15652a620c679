"""The best topics for a text, by words and by meaning: one index and one configuration for every bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.drafting import fitted
from bot.drafting.minilm import Vector
from bot.drafting.vectors import Vectors
from storage.faq_index import LexicalIndex


@dataclass(frozen=True, slots=True)
class Found:
    """A topic with its score, higher is better: about 1 at most, below 0 where the text is rather for no topic."""

    topic: str
    score: float
    words: float = 0.0
    """What its words alone say."""


class Index:
    """Rows of (topic, text). Without `vectors` the words decide alone. Safe to use from any thread.

    `aside` are texts that belong to no topic: what is like one of them scores less, whichever topic is asked about.
    """

    def __init__(self, rows: Sequence[tuple[str, str]], vectors: Vectors | None, aside: Sequence[str] = ()) -> None:
        self._blend = fitted.load().blend
        self._lexical = LexicalIndex(rows)
        self._topics = list(dict.fromkeys(topic for topic, _ in rows))
        self._vectors = vectors if rows else None
        if self._vectors is not None:
            number = {topic: at for at, topic in enumerate(self._topics)}
            self._rows = self._vectors.rows(text for _, text in rows)
            self._owner = np.array([number[topic] for topic, _ in rows])
            centres = np.stack([self._rows[self._owner == at].mean(axis=0) for at in range(len(self._topics))])
            self._centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
            self._aside = self._vectors.rows(aside) if aside else None

    def search(self, text: str, vector: Vector | None = None, *, asked: bool = True) -> list[Found]:
        """Every topic that has any evidence, best first; `vector` is the text's own where it is known already.

        Words that are not `asked` by a dentist but name a topic are like nothing aside.
        """
        blend = self._blend
        words = {
            hit.topic: hit.score / (hit.score + blend.half) for hit in self._lexical.search(text, len(self._topics))
        }
        if self._vectors is None:
            return [Found(topic, score, score) for topic, score in words.items()]
        query = self._vectors.query(text) if vector is None else vector
        best = np.full(len(self._topics), -1.0, dtype=np.float32)
        np.maximum.at(best, self._owner, self._rows @ query)
        meaning = (1 - blend.centre) * best + blend.centre * (self._centres @ query)
        less = 0.0 if self._aside is None or not asked else blend.aside * max(0.0, float((self._aside @ query).max()))
        share = 1 - blend.words
        found = [
            Found(topic, share * float(meaning[at]) + blend.words * (said := words.get(topic, 0.0)) - less, said)
            for at, topic in enumerate(self._topics)
        ]
        return sorted(found, key=lambda one: (-one.score, one.topic))
