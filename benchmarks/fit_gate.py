"""Make `bot/drafting/fitted.json` anew from what is authored: `python -m benchmarks.fit_gate`. Ten minutes at most.

The gate learns from `prompts/gate/` and the library's own questions and titles; the blend from the library asked by its
own questions, each left out in turn, and from questions that belong to no entry. No labelled set of questions is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import bot.drafting
from benchmarks import fit_blend
from bot.domain import redflags
from bot.domain.faq import Policy
from bot.drafting import fitted, minilm
from prompts import gate_cues, gate_sentences, library
from prompts.gate_sentences import Sentence

RIDGE = 0.5
FOLDS = 8
HARD = ("harmless", "harmless_styles")
CALLED = 0.08
"""Share of the ordinary sentences, the deliberately hard ones among them, for which it may call a person."""
METHOD = (
    "logistic regression with ridge, both kinds weighing the same, over the unit means of the model's last layers and "
    "the cues found; 8 folds by group (an entry's style of writing, a sort of ordinary question, an entry's own "
    "questions), lexicon counted in; threshold: the lowest that calls a person for at most .08 of the ordinary "
    "sentences left out, the deliberately hard ones among them"
)
Numbers = NDArray[np.float64]


def rows() -> list[Sentence]:
    """Every sentence to learn from, once; the library's own questions are of the style `library`."""
    own = [
        Sentence(text, entry.policy is Policy.NEVER_AUTO, entry.id, "library")
        for entry in library.load()
        for text in (*entry.questions, entry.title)
    ]
    return list({one.text: one for one in (*own, *gate_sentences.load())}.values())


def digest(sentences: Sequence[Sentence]) -> str:
    """What the fit was made of: sentences, cues and the library's rows."""
    cues = [(name, pattern.pattern) for name, pattern in gate_cues.load().patterns]
    told = [(one.text, one.urgent, one.topic, one.style) for one in sentences]
    whole = json.dumps([told, cues, library.rows(library.load())], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def bare(text: str) -> str:
    """What the gate looks at; a denial with nothing beside it stays one full stop."""
    left = redflags.said(text)
    return left if any(letter.isalpha() for letter in left) else "."


def fit(x: Numbers, urgent: NDArray[np.bool_], ridge: float) -> Numbers:
    """Newton's steps; the last weight is the constant, which is not held back."""
    x = np.hstack([x, np.ones((len(x), 1))])
    share = float(urgent.mean())
    weigh = np.where(urgent, 0.5 / share, 0.5 / (1 - share))
    hold = np.full(x.shape[1], ridge)
    hold[-1] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(25):
        odds = 1 / (1 + np.exp(-(x @ weights)))
        slope = x.T @ (weigh * (odds - urgent)) + hold * weights
        step = np.linalg.solve(x.T @ (x * (weigh * odds * (1 - odds))[:, None]) + np.diag(hold), slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def crossed(x: Numbers, sentences: Sequence[Sentence]) -> Numbers:
    """Each sentence's score by a fit that has seen none of its group."""
    urgent = np.array([one.urgent for one in sentences])
    groups = [f"{one.topic}/{one.style}" for one in sentences]
    names = sorted(set(groups), key=lambda name: hashlib.sha256(name.encode()).digest())
    fold = np.array([names.index(group) % FOLDS for group in groups])
    scores = np.zeros(len(urgent))
    for number in range(FOLDS):
        out = fold == number
        weights = fit(x[~out], urgent[~out], RIDGE)
        scores[out] = x[out] @ weights[:-1] + weights[-1]
    return scores


def gate(x: Numbers, sentences: Sequence[Sentence], cues: Sequence[str]) -> dict[str, Any]:
    """The weights, threshold and cross-validated shares; the columns of `x` are the layers' and then the cues'."""
    urgent = np.array([one.urgent for one in sentences])
    hard = np.array([one.topic in HARD for one in sentences])
    called = np.array([redflags.found(one.text) for one in sentences])
    scores = crossed(x, sentences)
    certain = np.where(called, np.inf, scores)
    threshold = round(float(np.quantile(certain[~urgent], 1 - CALLED, method="higher")), 2)
    weights = fit(x, urgent, RIDGE)
    layers = x.shape[1] - len(cues)
    made: dict[str, Any] = {
        "ridge": RIDGE,
        "threshold": threshold,
        "cross_validated": {
            "auroc": _auroc(scores, urgent),
            "caught": _share(certain[urgent] > threshold),
            "caught_by_topic": {
                topic: _share(certain[[one.urgent and one.topic == topic for one in sentences]] > threshold)
                for topic in sorted({one.topic for one in sentences if one.urgent})
            },
            "others_called": _share(certain[~urgent & ~hard] > threshold),
            "hard_others_called": _share(certain[hard] > threshold),
        },
        "constant": round(float(weights[-1]), 4),
        "cues": {name: round(float(value), 3) for name, value in zip(cues, weights[layers:-1], strict=True)},
    }
    if layers:
        made["layers"] = [round(float(value), 3) for value in weights[:layers]]
    return made


def make() -> dict[str, Any]:
    """All that the file holds but the day."""
    model = minilm.load()
    if model is None:
        raise SystemExit("The package of the model is not installed.")
    sentences = rows()
    cues = [name for name, _ in gate_cues.load().patterns]
    meaning = np.stack([model.read(bare(one.text)).layers for one in sentences]).astype(np.float64)
    marks = np.array([[name in found for name in cues] for found in map(_cues, sentences)], dtype=np.float64)
    return {
        "made_by": "python -m benchmarks.fit_gate",
        "data": digest(sentences),
        "rows": {"urgent": sum(one.urgent for one in sentences), "others": sum(not one.urgent for one in sentences)},
        "method": METHOD,
        **fit_blend.made(model),
        "gate_words": gate(marks, sentences, cues),
        "gate": gate(np.hstack([meaning, marks]), sentences, cues),
    }


def main() -> None:
    """Write the file, and print what it says of itself."""
    data = {"made": datetime.now(UTC).date().isoformat(), **make()}
    path = Path(bot.drafting.__path__[0]) / fitted.FILE
    path.write_text(_written(data), encoding="utf-8")
    print(json.dumps({**data, **{name: data[name]["cross_validated"] for name in ("gate", "gate_words")}}, indent=1))


def _written(data: dict[str, Any]) -> str:
    """JSON to read: an object a line each, but what is long and only numbers in one line."""
    long = json.dumps(data["gate"]["layers"])
    short = {**data, "gate": {**data["gate"], "layers": "LAYERS"}}
    return json.dumps(short, indent=1, ensure_ascii=False).replace('"LAYERS"', long) + "\n"


def _cues(one: Sentence) -> set[str]:
    return set(gate_cues.load().found(bare(one.text)))


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4)


def _auroc(scores: Numbers, urgent: NDArray[np.bool_]) -> float:
    rank = np.argsort(np.argsort(scores)) + 1
    mine, theirs = int(urgent.sum()), int((~urgent).sum())
    return round(float((rank[urgent].sum() - mine * (mine + 1) / 2) / (mine * theirs)), 4)


if __name__ == "__main__":
    main()
