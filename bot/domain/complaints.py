"""Tells a patient's complaint about care from "chief complaint", "no complaints" and symptoms."""

from __future__ import annotations

import re

from bot.domain import stems

_MADE = r"(?:mak|rais|lodg|fil|submit|hand|send|put|bring|writ|receiv|threaten|got|get|had|have|has|mad|sen|wro)\w*"
REAL = re.compile(
    rf"""
      \b(?:formal|written|official|legal)\s+complaint\b
    | \bcomplaints?\s+(?:letter|procedure|form|against)\b
    | \bcomplaints?\s+about\s+(?:me|us|the\s+(?:practice|treatment|care|service))\b
    | \bletter\s+of\s+complaint\b
    | \b{_MADE}\s+(?:in\s+|us\s+|me\s+)?(?:a|her|his|their)\s+(?:[a-z]+\s+)?complaint\b(?!\s*(?::|of\b))
    | \bcomplain(?:s|ed|ing)?\s+(?:formally|officially|in\s+writing)\b
    | \bcomplain(?:s|ed|ing)?\s+to\s+(?:the\s+)?(?:gdc|cqc|ombudsman|practice|manager|dental|general\s+dental|nhs)\b
    | \b(?:report|refer)\w*\s+(?:me|us|you|the\s+practice)\s+to\s+(?:the\s+)?(?:gdc|cqc|general\s+dental)\b
    | \b(?:solicitor|lawyer|barrister|litigation|suing|sue\s+(?:me|us|the))\b
    | \b(?:legal\s+action|letter\s+before\s+action)\b
    | \bdental\s+complaints\s+service\b
    | \b(?:claim|seek|demand)\w*\s+compensation\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_STEMS = (
    "complain",
    "gdc",
    "cqc",
    "general",
    "solicitor",
    "lawyer",
    "barrister",
    "litigation",
    "su",
    "legal",
    "action",
    "compensation",
)
"""One of them is in whatever `REAL` finds."""
_NOT = re.compile(
    r"\b(?:no|not|never|nobody|without|isn['’]?t|hasn['’]?t|haven['’]?t|didn['’]?t|doesn['’]?t|won['’]?t|wouldn['’]?t"
    r"|chief|presenting|main)\b[^.!?;\n]{0,40}\Z",
    re.IGNORECASE,
)


_CLAUSES = re.compile(r"(?<=[.!?;,:])\s+|\n+|\s+(?=(?:and|but|because|since|after|while|so)\b)", re.IGNORECASE)


def without(text: str) -> str:
    """The text without the clauses that tell of a complaint: what is left may need a person for another reason."""
    return " ".join(part for part in _CLAUSES.split(text) if not found(part))


def found(text: str) -> bool:
    """Whether somebody complains of care; a symptom that a patient complains of is none."""
    if not stems.any_of(_STEMS, text):
        return False
    return any(not _NOT.search(text[: match.start()]) for match in REAL.finditer(text))
