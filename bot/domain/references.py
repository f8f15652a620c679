"""Case references: short, unguessed, easy to say and to type. They carry no date, count or name."""

from __future__ import annotations

import re
from collections.abc import Callable

ALPHABET = "23456789CDFGHJKMNPQRTVWXY"
"""No two signs that look alike (0 O, 1 I L, 2 Z, 5 S, 8 B, U V) and no vowel, so that no word comes up."""

_MISREAD = str.maketrans("ZSB", "258")
_SIGN = f"[{ALPHABET}ZSB]"
_SHAPE = re.compile(rf"C[-–—−\s]*({_SIGN}{{4,12}}|{_SIGN}(?:\s{_SIGN}){{3,11}})\Z", re.IGNORECASE)


def make_reference(randbelow: Callable[[int], int], existing: int) -> str:
    """A new reference like "C-7K3F", longer once a tenth of a length is used. It may be taken: try again."""
    length = 4
    while existing * 10 >= len(ALPHABET) ** length:
        length += 1
    return "C-" + "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(length))


def parse_reference(text: str) -> str | None:
    """The reference as we write it, whatever its case and blanks ("c 7k3f", "C7K3F"); None if it is none."""
    found = _SHAPE.match(text.strip())
    return "C-" + re.sub(r"\s", "", found[1]).upper().translate(_MISREAD) if found else None
