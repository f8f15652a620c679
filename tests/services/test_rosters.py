"""The roster applied to the people: new, changed, gone, and never by halves."""

from __future__ import annotations

from bot.domain.ids import AccountId
from bot.domain.problems import Problem
from bot.domain.roster import Roster
from bot.services import invites, notices, rosters, unlinking
from bot.services.roster_file import read_roster
from bot.services.rosters import Applied
from bot.services.unit import Unit
from prompts.wording import say
from tests.support.casework import PATEL, Casework

FILE = """
practices:
  - {name: Riverside Dental, timezone: Europe/London}
people:
  - {id: patel, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, telegram: 700001}
  - {id: johal, name: Dr Amar Johal, role: specialist, slack: T0001/U0002, capacity: 25,
     expertise: [rotations, open-bite], hours: "Mon-Fri 09:00-17:30", timezone: Europe/London}
  - {id: shah, name: Dr Shah, role: specialist, slack: T0001/U0004, cover: johal}
  - {id: ops, name: Sam Reid, role: coordinator, slack: T0001/U0003}
"""


def roster(text: str = FILE) -> Roster:
    """As the file reads."""
    found = read_roster(text)
    assert isinstance(found, Roster), found
    return found


async def applied(desk: Casework, text: str = FILE) -> Applied:
    """Apply a file that fits."""
    found = await desk.do(lambda unit: rosters.apply(unit, roster(text)))
    assert isinstance(found, Applied), [say(one.key, **one.values) for one in found]
    return found


async def refused(desk: Casework, text: str) -> str:
    """Apply a file that does not fit: the line that says why."""
    found = await desk.do(lambda unit: rosters.apply(unit, roster(text)))
    assert isinstance(found, tuple)
    (problem,) = found
    assert isinstance(problem, Problem)
    return say(problem.key, **problem.values)


async def test_the_same_file_twice_changes_nothing(desk: Casework) -> None:
    assert {"johal", "shah"} <= set((await applied(desk)).changed)
    before = await desk.rows("SELECT * FROM person ORDER BY id")
    entries = len(await desk.rows("SELECT seq FROM audit_entry"))
    assert await applied(desk) == Applied()
    assert await desk.rows("SELECT * FROM person ORDER BY id") == before
    assert len(await desk.rows("SELECT seq FROM audit_entry")) == entries


async def test_people_keep_their_ids_and_get_what_the_file_says(desk: Casework) -> None:
    await applied(desk)
    people = {row["handle"]: row for row in await desk.rows("SELECT * FROM person")}
    assert {row["id"] for row in people.values()} == {1, 2, 3, 4}
    assert people["johal"]["expertise"] == '["rotations","open-bite"]'
    assert people["shah"]["cover_id"] == people["johal"]["id"]


async def test_a_new_person_is_bound_at_once(desk: Casework) -> None:
    text = FILE + "  - {id: shah2, name: Dr Shah, role: dentist, practice: Riverside Dental, telegram: 700002}\n"
    found = await applied(desk, text)
    assert found.added == ("shah2",)
    assert "shah2" in found.bound
    (row,) = await desk.rows("SELECT state FROM account WHERE user_ref = '700002'")
    assert row["state"] == "active"


async def test_whoever_is_missing_is_unlisted_and_never_deleted(desk: Casework) -> None:
    await applied(desk)
    without = "\n".join(line for line in FILE.splitlines() if "shah" not in line)
    assert (await applied(desk, without)).unlisted == ("shah",)
    (row,) = await desk.rows("SELECT listed FROM person WHERE handle = 'shah'")
    assert row["listed"] == 0
    assert (await applied(desk)).changed == ("shah",)  # and is listed again


async def test_names_are_cleaned(desk: Casework) -> None:
    await applied(desk, FILE.replace("Dr Shah,", '"Dr \u202eShah\u200b",'))
    (row,) = await desk.rows("SELECT name FROM person WHERE handle = 'shah'")
    assert row["name"] == "Dr Shah"


async def test_a_claim_counts_once_the_roster_names_the_account(desk: Casework) -> None:
    await desk.do(lambda unit: unit.tx.execute("DELETE FROM account WHERE id = 1"))
    code = await desk.do(lambda unit: invites.create(unit, PATEL, "test"))
    from_phone = roster().people[0].accounts[0]
    claim = await desk.do(lambda unit: invites.claim(unit, from_phone, code))
    assert claim.account is not None
    found = await applied(desk)
    assert found.bound == ("patel",)
    (row,) = await desk.rows("SELECT id, state FROM account WHERE user_ref = '700001'")
    assert row["state"] == "active"
    assert await desk.do(lambda unit: invites.confirm(unit, AccountId(row["id"]), PATEL)) is None


async def test_a_role_never_changes(desk: Casework) -> None:
    text = FILE.replace("role: specialist, slack: T0001/U0004, cover: johal", "role: coordinator, slack: T0001/U0004")
    line = await refused(desk, text)
    assert "shah is listed as specialist already" in line


async def test_an_account_with_a_room_is_not_given_away(desk: Casework) -> None:
    await desk.open_case()
    text = (
        FILE.replace(", telegram: 700001", "")
        .replace(
            "people:",
            "people:\n  - {id: new, name: Dr New, role: dentist, practice: Riverside Dental, telegram: 700001}",
        )
        .replace("name: Riverside Dental, timezone: Europe/London", "name: Riverside Dental, timezone: Europe/Paris")
    )
    assert "telegram:700001 belongs to patel" in await refused(desk, text)
    assert await desk.rows("SELECT * FROM person WHERE handle = 'new'") == []
    (row,) = await desk.rows("SELECT timezone FROM practice")
    assert row["timezone"] == "Europe/London"  # nothing of the file was taken


async def test_a_mistaken_account_is_moved_while_it_has_no_room(desk: Casework) -> None:
    text = FILE.replace(", telegram: 700001", "").replace(
        "people:", "people:\n  - {id: new, name: Dr New, role: dentist, practice: Riverside Dental, telegram: 700001}"
    )
    assert "new" in (await applied(desk, text)).bound
    (row,) = await desk.rows(
        "SELECT p.handle FROM account a JOIN person p ON p.id = a.person_id WHERE a.user_ref = '700001'"
    )
    assert row["handle"] == "new"


async def lines_to_coordinators(desk: Casework) -> list[str]:
    """What was written about accounts that are left."""
    await desk.settle()
    return [one.text for one in desk.platforms["slack"].shown if "is still connected" in one.text]


async def test_an_account_that_the_roster_names_no_more_is_named_and_stays_until_somebody_takes_it_away(
    desk: Casework,
) -> None:
    assert (await applied(desk)).left == ()
    other = FILE.replace("telegram: 700001", "telegram: 700009")
    found = await applied(desk, other)
    assert (found.bound, found.left) == (("patel",), ("patel telegram:700001",))
    assert (await applied(desk, other)).left == ("patel telegram:700001",)
    (line,) = await lines_to_coordinators(desk)  # once, however often the file is imported
    assert line.startswith("telegram:700001 is still connected")
    assert "chairside roster unlink HANDLE telegram:700001" in line
    rows = await desk.rows("SELECT user_ref, state FROM account WHERE person_id = 1 ORDER BY user_ref")
    assert [(row["user_ref"], row["state"]) for row in rows] == [("700001", "active"), ("700009", "active")]

    done = await desk.do(lambda unit: unlinking.unlink(unit, "patel", "Telegram 700001", "cli"))
    assert done == {"name": "Dr Asha Patel", "account": "telegram:700001"}
    assert (await applied(desk, other)).left == ()
    rows = await desk.rows("SELECT user_ref, state FROM account WHERE person_id = 1 ORDER BY user_ref")
    assert [(row["user_ref"], row["state"]) for row in rows] == [("700001", "removed"), ("700009", "active")]
    assert await desk.rows("SELECT id FROM incident WHERE kind = 'account_left' AND closed_at IS NULL") == []


async def test_an_account_that_the_roster_names_not_at_all_any_more_is_named_too(desk: Casework) -> None:
    await applied(desk)
    assert (await applied(desk, FILE.replace(", telegram: 700001", ""))).left == ("patel telegram:700001",)
    assert (await applied(desk)).left == ()
    assert await desk.rows("SELECT id FROM incident WHERE kind = 'account_left' AND closed_at IS NULL") == []


async def test_what_an_invitation_connected_is_no_account_left(desk: Casework) -> None:
    await desk.do(lambda unit: unit.tx.execute("UPDATE account SET confirmed_by = 3 WHERE id = 1"))
    assert (await applied(desk, FILE.replace(", telegram: 700001", ""))).left == ()


async def test_an_account_with_a_room_is_not_taken_away(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.settle()
    found = await desk.do(lambda unit: unlinking.unlink(unit, "patel", "telegram:700001", "cli"))
    assert found == Problem.of("people.problem.has_room", account="telegram:700001", handle="patel")
    await desk.says(case, "dentist", "Still here")
    for name in ("telegram:700002", "slack:T0001:U0002"):  # neither is theirs
        problem = await desk.do(lambda unit, name=name: unlinking.unlink(unit, "patel", name, "cli"))
        assert problem == Problem.of("people.problem.no_account", name="Dr Asha Patel", accounts="telegram:700001")


async def test_nothing_that_waits_for_an_account_taken_away_goes_there(desk: Casework) -> None:
    def write(unit: Unit) -> None:
        notices.to_person(unit, PATEL, "For Dr Patel alone")
        assert isinstance(unlinking.unlink(unit, "patel", "telegram:700001", "cli"), dict)

    await desk.do(write)
    await desk.settle()
    assert desk.platforms["telegram"].shown == []
    problem = await desk.do(lambda unit: unlinking.unlink(unit, "patel", "telegram:700001", "cli"))
    assert problem == Problem.of("people.problem.no_accounts", name="Dr Asha Patel")
