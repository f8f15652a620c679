"""Whether a change of wording may change what somebody does: numbers, units, teeth, sides and negations."""

from __future__ import annotations

import re
from collections import Counter

_NUMBER = re.compile(
    r"(?:[<>≤≥±~+\-−–]\s?)?\d+(?:[.,/:]\d+)*"
    r"(?:\s?(?:%|°|mm|cm|µm|um|mg|g|ml|mcg|µg|degrees?|deg|hours?|hrs?|h|days?|d|weeks?|wks?|months?|x|times)\b|%|°)?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\b(?:no|not|never|none|nor|without|neither|cannot|stop|hold|don'?t|doesn'?t|didn'?t|isn'?t|aren'?t|won'?t|can'?t|"
    r"shouldn'?t|mustn'?t|left|right|upper|lower|mesial|distal|buccal|lingual|palatal|"
    r"per contact|per surface|each side|both sides|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|half|twice|once|"
    r"u[lr]\s?[1-8a-e]|l[lr]\s?[1-8a-e])\b",
    re.IGNORECASE,
)


def facts(text: str) -> Counter[str]:
    """The numbers with their signs and units, the teeth, sides, counts and negations of a text, each counted."""
    plain = text.replace("’", "'")
    numbers = (re.sub(r"\s+", "", found[0]).replace("−", "-").replace("–", "-") for found in _NUMBER.finditer(plain))
    words = (" ".join(found[0].split()).replace("'", "") for found in _WORDS.finditer(plain))
    return Counter(word.lower() for word in (*numbers, *words))


def changed(before: str, after: str) -> bool:
    """Whether an edit touches any of those facts: then the reader has to be told loudly."""
    return facts(before) != facts(after)
