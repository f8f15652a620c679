"""Who is in the sandbox: the roster, and their accounts in both stand-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

TEAM: Final = "T0001"
ROSTER: Final = """\
practices:
  - {name: Riverside Dental, timezone: Europe/London}
people:
  - {id: patel, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, telegram: 700001}
  - {id: bina, name: Dr Bina Patel, role: dentist, practice: Riverside Dental, slack: T0001/U0005}
  - {id: johal, name: Dr Amar Johal, role: specialist, slack: T0001/U0002, capacity: 25,
     expertise: [spacing, rotations], hours: "24/7", timezone: Europe/London, cover: shah}
  - {id: shah, name: Dr Mira Shah, role: specialist, telegram: 700004, capacity: 20,
     hours: "24/7", timezone: Europe/London}
  - {id: sam, name: Sam Reid, role: coordinator, slack: T0001/U0003}
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account: `handle` as scripts name them, `user` as the platform does."""

    handle: str
    name: str
    role: str
    platform: Literal["telegram", "slack"]
    user: str
    first_name: str = ""


ACCOUNTS: Final = (
    Account("patel", "Dr Asha Patel", "dentist", "telegram", "700001", "Asha"),
    Account("shah", "Dr Mira Shah", "specialist", "telegram", "700004", "Mira"),
    Account("stranger", "Somebody", "not in the roster", "telegram", "700009", "Somebody"),
    Account("johal", "Dr Amar Johal", "specialist", "slack", "U0002"),
    Account("bina", "Dr Bina Patel", "dentist", "slack", "U0005"),
    Account("sam", "Sam Reid", "coordinator", "slack", "U0003"),
)
BY_HANDLE: Final = {one.handle: one for one in ACCOUNTS}
DENTIST: Final = int(BY_HANDLE["patel"].user)
COVER: Final = int(BY_HANDLE["shah"].user)
"""Has pressed Start before the story begins, as a specialist who is at work."""
SPECIALIST: Final = BY_HANDLE["johal"].user
