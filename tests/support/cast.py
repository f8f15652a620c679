"""Who is in every play and what they start from: the roster, their accounts, an intake, the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.rules import Rules

PRACTICE = """\
practices:
  - {name: Riverside Dental, timezone: Europe/London}
people:
"""
PATEL = "  - {id: patel, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, telegram: 700001}\n"
JOHAL = """\
  - {id: johal, name: Dr Amar Johal, role: specialist, slack: T0001/U0002, capacity: 25,
     expertise: [rotations, open-bite], hours: "24/7", timezone: Europe/London}
"""
SAM = "  - {id: ops, name: Sam Reid, role: coordinator, slack: T0001/U0003}\n"
SHAH = """\
  - {id: shah, name: Dr Mira Shah, role: specialist, slack: T0001/U0004, capacity: 25,
     hours: "24/7", timezone: Europe/London}
"""
ROSTER = PRACTICE + PATEL + JOHAL + SAM
USERS = (("U0002", "Amar"), ("U0003", "Sam"), ("U0004", "Mira"), ("U0005", "Asha"), ("U0009", "Somebody"))
"""Members of every workspace; those with a seat in the roster are our people."""
ACCOUNTS = (
    (700001, "Asha"),
    (700002, "Amar"),
    (700004, "Mira"),
    (700005, "Rosa"),
    (700006, "Hill"),
    (700009, "Somebody"),
)

INTAKE: Mapping[str, Any] = {
    "pseudonym": "AB",
    "complaint": "I want the gaps between my teeth closed",
    "event_date": "2027-06-14",
    "event_what": "Wedding",
    "consent": True,
}
RULES = Rules(
    draft_pause=300_000,
    find_grace=1_500_000,
    backoff_first=50_000,
    backoff_most=500_000,
    album_pause=200_000,
    pacing=False,
)
"""Pacing has tests of its own; here nobody waits a second for each line."""
