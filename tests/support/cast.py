"""Who is in every play and what they start from: the roster, their accounts, an intake, the rules, a clock."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.rules import SECOND, Rules

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


class MovableClock:
    """The machine's clock, moved by hand: it keeps running, as a day does."""

    def __init__(self, begins: datetime | None) -> None:
        self.offset = 0 if begins is None else round(begins.timestamp() * SECOND) - time.time_ns() // 1000

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1000 + self.offset

    def seconds(self) -> float:
        """The same for the fakes."""
        return self.now() / SECOND
