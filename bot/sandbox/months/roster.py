"""The people of a simulation: practices of dentists on Telegram, specialists on Slack who cover each other."""

from __future__ import annotations

from bot.domain.addresses import Account
from bot.domain.people import Role
from bot.domain.roster import Roster, RosterPerson, RosterPractice
from prompts.simulation import Size

ZONE = "Europe/London"
HOURS = "Mon-Fri 09:00-17:30"
TEAM = "T0001"


def roster(cases: int, size: Size) -> Roster:
    """As many people as so many cases need."""
    dentists = -(-cases // size.dentist_cases)
    specialists = max(2, -(-cases // size.specialist_cases))
    practices = -(-dentists // size.dentists_a_practice)
    people = [
        RosterPerson(
            handle=f"dentist{n}",
            name=f"Dr Dentist Number{_letters(n)}",
            role=Role.DENTIST,
            timezone=ZONE,
            practice=f"Practice {n // size.dentists_a_practice + 1}",
            accounts=(Account("telegram", "", str(900_000 + n)),),
            hours=HOURS,
        )
        for n in range(dentists)
    ]
    people += [
        RosterPerson(
            handle=f"specialist{n}",
            name=f"Dr Specialist Number{_letters(n)}",
            role=Role.SPECIALIST,
            timezone=ZONE,
            accounts=(Account("slack", TEAM, f"US{n:04}"),),
            capacity=size.specialist_cases,
            hours=HOURS,
            cover=f"specialist{(n + 1) % specialists}",
        )
        for n in range(specialists)
    ]
    people.append(
        RosterPerson(
            handle="coordinator",
            name="Sam Reid",
            role=Role.COORDINATOR,
            timezone=ZONE,
            accounts=(Account("slack", TEAM, "UC0001"),),
            hours=HOURS,
        )
    )
    return Roster(tuple(RosterPractice(f"Practice {n + 1}", ZONE) for n in range(practices)), tuple(people))


def _letters(number: int) -> str:
    """A, B, … Z, BA, BB: names hold no figures."""
    found = ""
    while True:
        number, rest = divmod(number, 26)
        found = chr(ord("A") + rest) + found
        if number == 0:
            return found.lower()
