"""Labelled questions by kind and by style of writing: `python -m benchmarks.blind [QUESTIONS.jsonl]`.

The file beside it was written before anything was fitted, in other styles than the sentences the gate learns from
(clinical notes, dictation, words passed on, what is buried in something else); nothing is ever fitted on it.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from bot.drafting import evaluation
from bot.drafting.evaluation import Question
from bot.drafting.retrieval import Library
from bot.ports.drafter import Verdict
from prompts import library

FILE = Path(__file__).with_name("questions_blind.jsonl")


def main(path: Path = FILE) -> None:
    """The figures of `chairside faq eval`, then the share that calls a person by topic or policy, and by style."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ready = Library(library.load())
    asked = [Question(row["question"], row["topic"], row["policy"]) for row in rows]
    for name, value in evaluation.measure(asked, ready.search, ready.suggest).items():
        print(f"{name:24}{value}")
    began = time.perf_counter()
    called: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        hit = ready.suggest(row["question"]).verdict is Verdict.ESCALATE
        urgent = row["policy"] == "escalate"
        called[row["topic"] if urgent else row["policy"]].append(hit)
        called[f"{'urgent' if urgent else 'other'}, {row.get('style', 'any')}"].append(hit)
    print(f"{'ms_per_decision':24}{(time.perf_counter() - began) * 1000 / len(rows):.2f}")
    for name in sorted(called):
        print(f"{name:24}{sum(called[name])} of {len(called[name])} call a person")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
