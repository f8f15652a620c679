"""Words that mean a person may need help now. A net with wide meshes: it only ever adds a warning, never an answer."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.domain import stems

_DATES = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.I)
_SIGN = (
    r"(?:pain|ache|aching|discomfort|tenderness|swelling|fever|pus|abscess|mobility|looseness|trauma|recession|bleeding"
    r"|numbness|ulcers?|ulceration|lesions?|lumps?|sensitivity|symptoms?|resorption|redness|bruising|infection|clicking"
    r"|locking|allerg(?:y|ies)|asthma|medic(?:ines?|ations?)|meds|complaints?|bone\s+loss|pockets?|pocketing|soreness)"
)
_MORE = r"(?:(?:any|signs?\s+of|history\s+of|further|other|more|known|new|drug|jaw|joint|tooth|dental|facial|gum)\s+)*"
_DENIED = re.compile(
    rf"(?<!\bnot )\b(?:no|nil|without|not\s+on|den(?:ies|ied|ying)|free\s+of|absence\s+of)\s+{_MORE}{_SIGN}\b"
    rf"(?:(?:\s*,\s*{_MORE}{_SIGN})*\s*,?\s*(?:\bn?or\b|/)\s*{_MORE}{_SIGN}\b)?"
    r"(?!\s*-?(?:relief|killer|medicat|control|threshold))",
    re.IGNORECASE,
)
"""What is said not to be there. After "and" or a lone comma nothing is denied: "no pain, swelling since Monday"."""
FLAGS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:swell(?:ing|ed)|swollen|abscess|pus|cellulitis|fever)\b",
        r"\b(?:can(?:'|no)?t|cannot|difficulty|trouble|struggling to)\s+(?:breath\w*|swallow\w*)",
        r"\b(?:airway|choking|choked|swallowed (?:an?|the|her|his) (?:aligner|attachment|button))\b",
        r"\b(?:anaphyla\w+|allerg(?:y|ic) reaction|hives|rash)\b",
        r"\b(?:severe|unbearable|constant|throbbing)\s+pain\b",
        r"\bpain\b.*\b(?:night|sleep|worse|days)\b",
        r"\b(?:tooth|teeth|it|incisor|molar)\b.{0,30}\b(?:loose|mobile|wobbl\w+|mobility)\b",
        r"\b(?:trauma|knocked|avuls\w+|fractur\w+|fell on|hit in the)\b",
        r"\b(?:bisphosphonate\w*|alendron\w+|denosumab|warfarin|apixaban)\b",
        r"\b(?:numb(?:ness)?|lock(?:ed)? jaw|jaw (?:is )?lock\w*)\b",
        r"\b(?:ulcer|lesion|lump)\b.{0,40}\b(?:weeks?|not heal\w*|growing)\b",
        r"\b(?:safeguarding|self-?harm|suicid\w+|abuse[d]?)\b",
    )
)
_STEMS = (
    "swell", "swoll", "abscess", "pus", "cellulit", "fever", "breath", "swallow", "airway", "chok", "anaphyla",
    "allerg", "hives", "rash", "pain", "loose", "mobil", "wobbl", "trauma", "knock", "avuls", "fractur", "fell",
    "hit", "bisphos", "alendron", "denosumab", "warfarin", "apixaban", "numb", "lock", "ulcer", "lesion", "lump",
    "safeguard", "harm", "suicid", "abuse",
)  # fmt: skip
"""One of them is in whatever a flag finds."""


def said(text: str) -> str:
    """The text without dates, which look like ages, and without signs that it says are not there."""
    return _DENIED.sub(" ", _DATES.sub(" ", text))


@lru_cache(maxsize=64)  # one message is asked about by several
def found(text: str) -> bool:
    """Whether the text holds a word that calls for the emergency wording."""
    if not stems.any_of(_STEMS, text):
        return False
    bare = said(text)
    return any(flag.search(bare) for flag in FLAGS)
