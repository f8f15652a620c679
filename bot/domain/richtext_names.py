"""Names as they may be shown: what cannot be seen, or turns other text around, is taken out."""

from __future__ import annotations

import unicodedata

_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | _SELECTORS
_MARKS_IN_A_ROW = 3


def clean_name(name: str, limit: int = 80) -> str:
    """The name on one line, without control, bidi, zero-width, tag, filler and private characters.

    Marks are not stacked. At most `limit` characters, "…" at the end if it was cut; empty if nothing can be seen.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", name.translate(_UNSEEN)):
        category = unicodedata.category(char)
        if category[0] == "Z" or char in "\t\n\v\f\r\x85":
            kept.append(" ")
            continue
        if category[0] == "C" or char in _INVISIBLE:
            continue
        marks = marks + 1 if category[0] == "M" else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    shown = " ".join("".join(kept).split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


_UNSEEN: dict[int, None] = {ord(char): None for char in _INVISIBLE}
