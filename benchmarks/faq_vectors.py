"""Make `bot/drafting/vectors.npz` anew: the vectors of what ships, as int8. `python -m benchmarks.faq_vectors`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import bot.drafting
from bot.drafting import minilm
from bot.drafting.vectors import FILE, mark
from prompts import gate_sentences, library


def shipped() -> list[str]:
    """Every text whose vector is wanted, once."""
    entries = library.load()
    return sorted({text for _, text in library.rows(entries)} | set(gate_sentences.other()))


def main() -> None:
    """Write the file."""
    model = minilm.load()
    if model is None:
        raise SystemExit("The package of the model is not installed.")
    texts = shipped()
    values = np.stack([model.vector(text) for text in texts])
    values = np.round(values / np.abs(values).max(axis=1, keepdims=True) * 127).astype(np.int8)
    path = Path(bot.drafting.__path__[0]) / FILE
    np.savez_compressed(path, keys=np.array([mark(text) for text in texts], dtype=np.uint64), values=values)
    print(f"{len(texts)} texts, {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
