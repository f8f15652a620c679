"""What the database says is so, read plainly: parties, seats, what became of each message. No rule is applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
LIVING = frozenset({"opening", "open", "held"})


@dataclass(frozen=True)
class Facts:
    """One look."""

    cases: dict[int, Row]
    seats: dict[int, Row]
    messages: dict[int, Row]
    held: dict[int, Row]
    drafts: dict[int, Row]
    check_ins: dict[int, Row]
    locked: frozenset[int]
    top: int
    """The newest delivery's id."""
    refs: dict[str, int] = field(default_factory=dict)

    def party(self, case: int, side: str) -> int | None:
        """Who holds a side of an open case."""
        row = self.cases[case]
        return row[f"{side}_id"] if row["state"] == "open" else None

    def side(self, case: int, person: int) -> str | None:
        """Which side of an open case a person holds."""
        return next((side for side in ("dentist", "specialist") if self.party(case, side) == person), None)

    def cases_of(self, person: int) -> list[int]:
        """The open cases a person has a side in."""
        return [case for case in self.cases if self.side(case, person) is not None]

    def seat(self, case: int, person: int) -> Row | None:
        """A person's living seat in a case."""
        rows = self.seats.values()
        return next(
            (r for r in rows if (r["case_id"], r["person_id"]) == (case, person) and r["state"] in LIVING), None
        )

    def stamp(self, case: int) -> tuple[object, ...]:
        """Changes with every message, edit, withdrawal, change of party and end of a case."""
        rows = [row for row in self.messages.values() if row["case_id"] == case]
        withdrawn = sum(row["state"] == "withdrawn" for row in rows)
        return len(rows), sum(row["version"] for row in rows), withdrawn, *self.cases[case].values()

    @property
    def core(self) -> tuple[object, ...]:
        """All that a press which must do nothing leaves as it was."""
        settled = {
            key: row["state"] for table in (self.held, self.drafts, self.check_ins) for key, row in table.items()
        }
        said = {key: (row["state"], row["version"]) for key, row in self.messages.items()}
        return self.cases, settled, said, self.locked


def look(read: Callable[[str], list[Row]]) -> Facts:
    """Read it all."""

    def table(query: str) -> dict[int, Row]:
        return {int(row["id"]): row for row in read(query)}

    cases = table("SELECT id, ref, dentist_id, specialist_id, state, epoch FROM case_file ORDER BY id")
    return Facts(
        cases,
        table(
            "SELECT id, case_id, side, person_id, state, platform, workspace, chat, topic, shared FROM seat ORDER BY id"
        ),
        table("SELECT id, case_id, no, side, person_id, state, version FROM message"),
        table("SELECT id, person_id, state, case_id FROM held"),
        table("SELECT id, case_id, topic, origin, state FROM draft ORDER BY id"),
        table("SELECT id, case_id, state FROM check_in"),
        frozenset(int(row["id"]) for row in read("SELECT id FROM person WHERE locked = 1")),
        int(read("SELECT COALESCE(MAX(id), 0) AS top FROM delivery")[0]["top"]),
        {row["ref"]: key for key, row in cases.items()},
    )
