import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import Account
from bot.domain.people import Role
from bot.domain.roster import USUAL_CAPACITY, Roster, RosterPerson, RosterPractice
from bot.services.roster_file import Fault, read_roster

SAMPLE = """\
practices:
  - {name: Riverside Dental, timezone: Europe/London}
people:
  - {id: patel, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, telegram: 700001}
  - {id: johal, name: Dr Amar Johal, role: specialist, slack: T0001/U0002, capacity: 25,
     expertise: [rotations, open-bite], hours: "Mon-Fri 09:00-17:30", timezone: Europe/London}
  - {id: ops, name: Sam Reid, role: coordinator, slack: T0001/U0003}
"""


def faults(text: str) -> tuple[Fault, ...]:
    read = read_roster(text)
    assert not isinstance(read, Roster)
    return read


def test_the_sample() -> None:
    assert read_roster(SAMPLE) == Roster(
        (RosterPractice("Riverside Dental", "Europe/London"),),
        (
            RosterPerson(
                "patel",
                "Dr Asha Patel",
                Role.DENTIST,
                "Europe/London",
                practice="Riverside Dental",
                accounts=(Account("telegram", "", "700001"),),
            ),
            RosterPerson(
                "johal",
                "Dr Amar Johal",
                Role.SPECIALIST,
                "Europe/London",
                accounts=(Account("slack", "T0001", "U0002"),),
                capacity=25,
                expertise=("rotations", "open-bite"),
                hours="Mon-Fri 09:00-17:30",
            ),
            RosterPerson(
                "ops",
                "Sam Reid",
                Role.COORDINATOR,
                "Europe/London",
                accounts=(Account("slack", "T0001", "U0003"),),
            ),
        ),
    )


def test_everything_a_file_may_say() -> None:
    roster = read_roster(
        """
practices:
  - name: Riverside Dental
    timezone: Europe/Dublin
    country: IE
    region: SCT
people:
  - id: patel
    name: Dr Asha Patel
    role: dentist
    practice: Riverside Dental
    slack: T0001/U0001
    telegram: 700001
    prefers: telegram
    gdc: 012345
    cover: patel-2
  - {id: patel-2, name: Dr Bina Patel, role: dentist, practice: Riverside Dental, telegram: ~}
  - {id: shah, name: Dr Shah, role: specialist}
"""
    )
    assert isinstance(roster, Roster)
    assert roster.practices == (RosterPractice("Riverside Dental", "Europe/Dublin", "IE", "SCT"),)
    patel, second, shah = roster.people
    assert patel.accounts == (Account("telegram", "", "700001"), Account("slack", "T0001", "U0001"))
    assert (patel.prefers, patel.gdc, patel.cover) == ("telegram", "012345", "patel-2")
    assert patel.timezone == second.timezone == "Europe/Dublin"  # the practice's
    assert second.accounts == ()
    assert (shah.capacity, shah.timezone) == (USUAL_CAPACITY, "Europe/London")


def with_person(line: str) -> str:
    return SAMPLE + f"  - {{{line}}}\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("id: x, name: X, role: specialist, colour: red", "“colour” is not known"),
        ("id: x, id: y, name: X, role: specialist", "id is given twice"),
        ("name: X, role: specialist", "id is missing"),
        ("id: x, role: specialist", "name is missing"),
        ("id: x, name: X", "role is missing"),
        ("id: x, name: X, role: boss", "dentist, specialist or coordinator"),
        ("id: Dr X, name: X, role: specialist", "lower-case letters"),
        ("id: [x], name: X, role: specialist", "id is one value"),
        (f"id: x, name: {'X' * 81}, role: specialist", "80 characters"),
        ("id: patel, name: X, role: specialist", "id patel stands on line 4 already"),
        ("id: x, name: X, role: dentist", "belongs to a practice"),
        ("id: x, name: X, role: dentist, practice: Hillside", "no practice “Hillside”"),
        ("id: x, name: X, role: specialist, slack: U0009", "for example T0001/U0002"),
        ("id: x, name: X, role: specialist, slack: T0001/@shah", "for example T0001/U0002"),
        ("id: x, name: X, role: specialist, slack: T0001/U0002", "slack T0001/U0002 stands on line 5"),
        ("id: x, name: X, role: specialist, telegram: 700001", "telegram 700001 stands on line 4"),
        ("id: x, name: X, role: specialist, telegram: '@shah'", "numeric id"),
        ("id: x, name: X, role: specialist, telegram: -5", "numeric id"),
        ("id: x, name: X, role: specialist, telegram: 5, prefers: slack", "prefers is"),
        ("id: x, name: X, role: specialist, prefers: email", "prefers is"),
        ("id: x, name: X, role: coordinator, telegram: 5", "works in Slack"),
        ("id: x, name: X, role: coordinator, capacity: 5", "capacity is for specialists"),
        ("id: x, name: X, role: coordinator, expertise: [rotations]", "expertise is for specialists"),
        ("id: x, name: X, role: specialist, capacity: many", "from 0 to 999"),
        ("id: x, name: X, role: specialist, capacity: -1", "from 0 to 999"),
        ("id: x, name: X, role: specialist, expertise: [Open Bite]", "lower-case words"),
        ("id: x, name: X, role: specialist, expertise: [[a]]", "lower-case words"),
        ("id: x, name: X, role: specialist, hours: 'Mon-Fri 17:30-09:00'", "Hours start before they end"),
        ("id: x, name: X, role: specialist, hours: office", "Mon-Fri 09:00-17:30"),
        ("id: x, name: X, role: specialist, timezone: London", "Europe/London"),
        ("id: x, name: X, role: specialist, timezone: ../../etc/passwd", "Europe/London"),
        ("id: x, name: X, role: specialist, gdc: abc", "4 to 7 digits"),
        ("id: x, name: X, role: specialist, cover: nobody", "another specialist"),
        ("id: x, name: X, role: specialist, cover: x", "another specialist"),
        ("id: x, name: X, role: specialist, cover: patel", "another specialist"),
    ],
)
def test_faults_stand_on_their_line(line: str, says: str) -> None:
    (fault,) = faults(with_person(line))
    assert fault.line == 8
    assert says in fault.message


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "empty"),
        ("people:\n", 1, "nobody"),
        ("- a\n", 1, "practices and people"),
        ("people: johal\n", 1, "is a list"),
        ("people:\n  - johal\n", 2, "Expected entries"),
        ("persons: []\n", 1, "“persons” is not known"),
        ("people:\n  - {id: x\n", 3, "Not readable"),
        ("people:\n\t- x\n", 2, "Not readable"),
        ("a: 1\n---\nb: 2\n", 2, "Not readable"),
        ("people: \x07\n", 1, "signs"),
        ("practices:\n  - {timezone: Europe/London}\n", 2, "name is missing"),
        ("practices:\n  - {name: A}\n  - {name: A}\n", 3, "name A stands on line 2"),
        ("practices:\n  - {name: A, country: England}\n", 2, "two capitals"),
        ("practices:\n  - {name: A, region: scotland}\n", 2, "region"),
        ("practices:\n  - {name: A,\n     timezone: Mars/Base}\n", 3, "time zone"),
    ],
)
def test_faults_of_the_file(text: str, line: int, says: str) -> None:
    found = faults(text)
    assert (found[0].line, says in found[0].message) == (line, True)


def test_covers_stay_inside_the_practice() -> None:
    other = SAMPLE.replace("practices:\n", "practices:\n  - {name: Hillside}\n")
    line = "  - {id: x, name: X, role: dentist, practice: Hillside, cover: patel}\n"
    assert [(fault.line, "another practice" in fault.message) for fault in faults(other + line)] == [(9, True)]


def test_every_fault_is_said_at_once_in_order() -> None:
    found = faults(with_person("id: x, name: X, role: boss, gdc: abc") + "  - {id: y, colour: red}\n")
    assert [fault.line for fault in found] == [8, 8, 9, 9, 9]


def test_the_default_time_zone_is_the_services() -> None:
    roster = read_roster("people:\n  - {id: shah, name: Dr Shah, role: specialist}\n", "Europe/Dublin")
    assert isinstance(roster, Roster)
    assert roster.people[0].timezone == "Europe/Dublin"


pieces = st.sampled_from(
    [
        "practices:\n",
        "people:\n",
        "  - {",
        "id: x, ",
        "name: A, ",
        "role: dentist, ",
        "}\n",
        "&a [*a]",
        "<<: ",
        "? ",
        "~",
    ]
)


@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=60))
def test_never_fails(text: str) -> None:
    read = read_roster(text)
    assert isinstance(read, Roster) or (read and all(fault.line >= 1 and fault.message for fault in read))
