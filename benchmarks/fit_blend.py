"""How much likeness to what belongs to no entry counts against a draft, and the least score of one: for `fit_gate`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.faq import Entry, Policy
from bot.drafting import vectors
from bot.drafting.minilm import MiniLM, Vector
from bot.drafting.search import Index
from bot.drafting.vectors import Vectors
from prompts import gate_sentences, library

WORDS, CENTRE, HALF = 0.15, 0.5, 8.0
"""Chosen on Banking77 and confirmed on CLINC150, earlier: no dental question had a part in it."""
ASIDE = tuple(step / 10 for step in range(11))
STEPS = tuple(step / 100 for step in range(-40, 81))
METHOD = (
    "the library's own questions asked with the row itself left out, against questions for no entry with their group "
    "left out; aside: the step that tells the two apart best; least: the step at which the share of the former that "
    "gets a draft and the share of the latter that gets none are greatest together"
)
Scores = NDArray[np.float64]


def made(model: MiniLM) -> dict[str, Any]:
    """The blend, and what it showed where nothing had seen the question."""
    known = Vectors(model, vectors.load_ready())
    other = [one for one in gate_sentences.load() if one.topic == gate_sentences.OTHER]
    aside = known.rows(one.text for one in other)
    styles = np.array([one.style for one in other])
    inside, like = _own(known, aside)
    index = Index(library.rows(library.load()), known)
    outside = np.array([index.search(one.text, row)[0].score for one, row in zip(other, aside, strict=True)])
    unlike = np.array([(aside[styles != styles[at]] @ row).max() for at, row in enumerate(aside)])
    steps = {step: _auroc(inside - step * like, outside - step * unlike) for step in ASIDE}
    best = max(steps, key=lambda step: (round(steps[step], 3), -step))
    kept, left = inside - best * like, outside - best * unlike
    least = max(STEPS, key=lambda step: (kept >= step).mean() + (left < step).mean())
    words = Index(library.rows(library.load()), None)
    told = [words.search(one.text) for one in other]
    return {
        "blend_method": METHOD,
        "blend_cross_validated": {
            "questions": {"inside": len(inside), "outside": len(outside)},
            "auroc": {f"{step:.1f}": round(value, 4) for step, value in steps.items()},
            "inside_drafted": round(float((kept >= least).mean()), 4),
            "outside_left_alone": round(float((left < least).mean()), 4),
            "outside_left_alone_by_words": round(float(np.mean([not one or one[0].score < 1 / 3 for one in told])), 4),
        },
        "blend": {
            "words": WORDS,
            "centre": CENTRE,
            "half": HALF,
            "aside": best,
            "least": least,
            "least_words": round(1 / 3, 4),
        },
    }


def _own(known: Vectors, aside: Vector) -> tuple[Scores, Scores]:
    """Of every question of an entry that may be drafted: its best score without its own row, its likeness to aside."""
    entries = library.load()
    rows = library.rows(entries)
    scores, like = [], []
    for entry in entries:
        for text in _asked(entry):
            vector = known.rows([text])[0]
            index = Index([row for row in rows if row[1] != text], known)
            scores.append(index.search(text, vector)[0].score)
            like.append(float((aside @ vector).max()))
    return np.array(scores), np.array(like)


def _asked(entry: Entry) -> tuple[str, ...]:
    return () if entry.policy is Policy.NEVER_AUTO else entry.questions


def _auroc(inside: Scores, outside: Scores) -> float:
    return float((inside[:, None] > outside[None]).mean() + 0.5 * (inside[:, None] == outside[None]).mean())
