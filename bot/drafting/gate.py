"""Whether a message needs a person now, by meaning: a logistic fit over example sentences, beside the lexicon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.drafting.minilm import Vector
from bot.drafting.vectors import Vectors

RIDGE = 0.3
NEAR = 6.0
"""How much a unit of cosine counts by which the nearest urgent example is nearer than the nearest other."""
THRESHOLD = -0.3
"""Chosen on the development questions, as RIDGE and NEAR were beside a cross-validation over examples: what it shows
there is no held-out figure (`docs/faq-library.md`)."""


class Gate:
    """`examples` are (sentence, whether it needs a person now)."""

    def __init__(self, examples: Sequence[tuple[str, bool]], vectors: Vectors) -> None:
        self._rows = vectors.rows(text for text, _ in examples)
        self._urgent = np.array([urgent for _, urgent in examples])
        self._weights = _fit(self._rows.astype(np.float64), self._urgent)

    def score(self, vector: Vector) -> float:
        """Log odds, with what the nearest examples say; above THRESHOLD a person is needed."""
        near = self._rows @ vector
        gap = float(near[self._urgent].max() - near[~self._urgent].max())
        return float(vector @ self._weights[:-1] + self._weights[-1]) + NEAR * gap


def _fit(rows: NDArray[np.float64], urgent: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Ridge logistic regression by Newton's steps, both kinds weighing the same; the last weight is the constant."""
    x = np.hstack([rows, np.ones((len(rows), 1))])
    share = float(urgent.mean())
    weigh = np.where(urgent, 0.5 / share, 0.5 / (1 - share))
    ridge = np.eye(x.shape[1]) * RIDGE
    ridge[-1, -1] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        odds = 1 / (1 + np.exp(-(x @ weights)))
        slope = x.T @ (weigh * (odds - urgent)) + ridge @ weights
        step = np.linalg.solve(x.T @ (x * (weigh * odds * (1 - odds))[:, None]) + ridge, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights
