"""Turn a benchmark of intents into files for `chairside faq eval`: `python -m benchmarks.faq_banks FILE.json OUT`.

The file holds `bank` and `queries` as [text, intent] and `oos` as texts; OUT gets questions.jsonl and bank.jsonl.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def convert(source: Path, out: Path) -> None:
    """Write both files."""
    data = json.loads(source.read_text(encoding="utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "bank.jsonl", ({"topic": topic, "text": text} for text, topic in data["bank"]))
    asked = [{"question": text, "topic": topic, "policy": "draft"} for text, topic in data["queries"]]
    asked += [{"question": text, "topic": None, "policy": "none"} for text in data["oos"]]
    _write(out / "questions.jsonl", asked)


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
