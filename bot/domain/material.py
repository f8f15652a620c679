"""Whether a change of wording may change what somebody does: numbers, units, teeth, sides and negations."""

from __future__ import annotations

import re
from collections import Counter

_NUMBER = re.compile(
    r"(?:[<>≤≥±~+\-−–]\s?)?(?:\d+(?:[.,/:]\d+)*\s?[½⅓⅔¼¾⅛⅜⅝⅞]?|[½⅓⅔¼¾⅛⅜⅝⅞])"
    r"(?:\s?(?:%|°|mm|cm|µm|um|mg|g|ml|mcg|µg|degrees?|deg|hours?|hrs?|h|days?|d|weeks?|wks?|months?|x|times)\b|%|°)?",
    re.IGNORECASE,
)
_PALMER = re.compile(r"[1-8a-e]+\s?[⏌┘⌋⏋┐⌉]|[⎿└⌊⎾┌⌈]\s?[1-8a-e]+", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:no|not|never|none|nor|without|neither|nobody|nothing|cannot|stop|hold|"
    r"(?:do|does|did|is|are|was|were|wo|ca|could|would|should|must|has|have|had|need)n't|"
    r"dont|doesnt|didnt|isnt|arent|wont|cant|shouldnt|mustnt|"
    r"left|right|upper|lower|top|bottom|maxilla|maxillary|mandible|mandibular|anterior|posterior|"
    r"mesial|distal|buccal|labial|lingual|palatal|"
    r"centrals?|laterals?|incisors?|canines?|cuspids?|bicuspids?|premolars?|molars?|wisdom|"
    r"per contact|per surface|each side|both sides|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|half|quarter|double|once|twice|"
    r"first|second|third|fourth|fifth|1st|2nd|3rd|"
    r"u[lr]\s?[1-8a-e]|l[lr]\s?[1-8a-e])\b",
    re.IGNORECASE,
)


def facts(text: str) -> Counter[str]:
    """The numbers with their signs and units, the teeth, sides, counts and negations of a text, each counted."""
    plain = text.replace("’", "'")
    signs = (*_NUMBER.finditer(plain), *_PALMER.finditer(plain))
    numbers = (re.sub(r"\s+", "", found[0]).replace("−", "-").replace("–", "-") for found in signs)
    words = (" ".join(found[0].split()).replace("'", "") for found in _WORDS.finditer(plain))
    return Counter(word.lower() for word in (*numbers, *words))


def changed(before: str, after: str) -> bool:
    """Whether an edit touches any of those facts: then the reader has to be told loudly."""
    return facts(before) != facts(after)
