"""Practices and people, their absences, and how much each specialist has to do."""

from __future__ import annotations

from bot.domain.rules import HOUR
from storage.engine.base import Row, Tx, Value, first

_FIELDS = (
    "handle",
    "name",
    "role",
    "practice_id",
    "timezone",
    "hours",
    "capacity",
    "expertise",
    "gdc",
    "prefers",
)


def get(tx: Tx, person_id: int) -> Row | None:
    """One person."""
    return tx.one("SELECT * FROM person WHERE id = :id", {"id": person_id})


def by_handle(tx: Tx, handle: str) -> Row | None:
    """A person by the id the roster gives them."""
    return tx.one("SELECT * FROM person WHERE handle = :handle", {"handle": handle})


def everyone(tx: Tx) -> list[Row]:
    """Every person ever listed with their practice's name, those in the roster first, by role and handle."""
    return tx.all(
        """SELECT p.*, q.name AS practice FROM person p LEFT JOIN practice q ON q.id = p.practice_id
           ORDER BY p.listed DESC, p.role, p.handle"""
    )


def add(tx: Tx, id: int, fields: dict[str, Value], now: int) -> None:
    """Insert a person; `fields` are those of `differs`."""
    tx.execute(
        """INSERT INTO person(id, handle, name, role, practice_id, timezone, hours, capacity, expertise, gdc, prefers,
                              created_at)
           VALUES (:id, :handle, :name, :role, :practice_id, :timezone, :hours, :capacity, :expertise, :gdc, :prefers,
                   :now)""",
        {"id": id, "now": now, **{name: fields[name] for name in _FIELDS}},
    )


def update(tx: Tx, id: int, fields: dict[str, Value]) -> None:
    """Bring a person up to date with the roster; they are listed again."""
    tx.execute(
        """UPDATE person SET name = :name, role = :role, practice_id = :practice_id, timezone = :timezone,
             hours = :hours, capacity = :capacity, expertise = :expertise, gdc = :gdc, prefers = :prefers, listed = 1
           WHERE id = :id""",
        {"id": id, **{name: fields[name] for name in _FIELDS if name != "handle"}},
    )


def differs(row: Row, fields: dict[str, Value]) -> bool:
    """Whether the roster says anything else than the row."""
    return row["listed"] != 1 or any(row[name] != fields[name] for name in _FIELDS)


def set_cover(tx: Tx, person_id: int, cover_id: int | None) -> bool:
    """Who usually answers for this person; whether that is new."""
    return (
        tx.execute(
            """UPDATE person SET cover_id = CAST(:cover AS BIGINT)
               WHERE id = :id AND COALESCE(cover_id, 0) <> COALESCE(CAST(:cover AS BIGINT), 0)""",
            {"id": person_id, "cover": cover_id},
        )
        == 1
    )


def unlist(tx: Tx, person_id: int) -> None:
    """No longer in the roster: open cases go on, no new ones come."""
    tx.execute("UPDATE person SET listed = 0 WHERE id = :id", {"id": person_id})


def set_capacity(tx: Tx, person_id: int, capacity: int) -> None:
    """How many open cases a specialist takes on."""
    tx.execute("UPDATE person SET capacity = :n WHERE id = :id", {"id": person_id, "n": capacity})


def set_locked(tx: Tx, person_id: int, locked: bool) -> bool:
    """Hold or let go everything that goes to or comes from a person; whether that is new."""
    return (
        tx.execute(
            "UPDATE person SET locked = :to WHERE id = :id AND locked <> :to", {"id": person_id, "to": int(locked)}
        )
        == 1
    )


def assigned(tx: Tx, person_id: int, now: int) -> None:
    """A case was just given to this specialist."""
    tx.execute("UPDATE person SET last_assigned_at = :now WHERE id = :id", {"id": person_id, "now": now})


# --- practices ---------------------------------------------------------------------------------------------------


def practice(tx: Tx, practice_id: int) -> Row | None:
    """One practice."""
    return first(tx.kept("SELECT * FROM practice WHERE id = :id", {"id": practice_id}))


def practice_by_name(tx: Tx, name: str) -> Row | None:
    """A practice by its name."""
    return tx.one("SELECT * FROM practice WHERE name = :name", {"name": name})


def put_practice(tx: Tx, id: int, name: str, timezone: str, country: str, region: str) -> bool:
    """Insert or bring up to date; whether anything changed."""
    return (
        tx.execute(
            """INSERT INTO practice(id, name, timezone, country, region) VALUES (:id, :name, :zone, :country, :region)
               ON CONFLICT (name) DO UPDATE SET timezone = excluded.timezone, country = excluded.country,
                 region = excluded.region
               WHERE practice.timezone <> excluded.timezone OR practice.country <> excluded.country
                 OR practice.region <> excluded.region""",
            {"id": id, "name": name, "zone": timezone, "country": country, "region": region},
        )
        == 1
    )


def set_targets(tx: Tx, practice_id: int, targets: str) -> None:
    """A practice's own response targets, JSON by kind."""
    tx.execute("UPDATE practice SET targets = :targets WHERE id = :id", {"id": practice_id, "targets": targets})


# --- absences ----------------------------------------------------------------------------------------------------


def add_absence(tx: Tx, id: int, person_id: int, starts_at: int, ends_at: int, cover_id: int | None) -> None:
    """Leave from `starts_at` (in) to `ends_at` (out)."""
    tx.execute(
        """INSERT INTO absence(id, person_id, starts_at, ends_at, cover_id)
           VALUES (:id, :person, :starts, :ends, :cover)""",
        {"id": id, "person": person_id, "starts": starts_at, "ends": ends_at, "cover": cover_id},
    )


def clear_absences(tx: Tx, person_id: int, starts_at: int, ends_at: int) -> int:
    """Drop absences that overlap a span: a newer word replaces them; how many."""
    return tx.execute(
        "DELETE FROM absence WHERE person_id = :person AND starts_at < :ends AND ends_at > :starts",
        {"person": person_id, "starts": starts_at, "ends": ends_at},
    )


def absences(tx: Tx, after: int) -> list[Row]:
    """Every absence that ends after `after`, by person and start."""
    return tx.all("SELECT * FROM absence WHERE ends_at > :after ORDER BY person_id, starts_at, id", {"after": after})


def working(tx: Tx, person_id: int, practice_id: int | None, after: int) -> list[Row]:
    """What says when somebody works: a row for each absence that ends after `after` or in its hour, at least one.

    Their `hours` and `timezone`, `away_from` and `away_to`, and `zone`, `country`, `region` of their practice, or of
    `practice_id` for whoever has none.
    """
    return tx.kept(
        """SELECT p.id, p.hours, p.timezone, a.starts_at AS away_from, a.ends_at AS away_to,
                  r.timezone AS zone, r.country, r.region
           FROM person p LEFT JOIN practice r ON r.id = COALESCE(p.practice_id, CAST(:practice AS BIGINT))
           LEFT JOIN absence a ON a.person_id = p.id AND a.ends_at > :after
           WHERE p.id = :person ORDER BY a.starts_at, a.id""",
        {"person": person_id, "practice": practice_id, "after": after - after % HOUR},
    )


# --- specialists -------------------------------------------------------------------------------------------------


def specialists(tx: Tx) -> list[Row]:
    """Specialists in the roster and not on hold, with their open cases (`load`).

    They are locked before they are counted, so that two cases at once see each other's offers. A case that is offered
    and not answered yet counts: or many could be offered to one person at once.
    """
    tx.all("""SELECT id FROM person WHERE role = 'specialist' AND listed = 1 AND locked = 0 ORDER BY id FOR UPDATE""")
    return tx.all(
        """SELECT p.*,
             (SELECT COUNT(*) FROM case_file c WHERE c.specialist_id = p.id AND c.state = 'open')
             + (SELECT COUNT(*) FROM offer o WHERE o.specialist_id = p.id AND o.state = 'open') AS load
           FROM person p WHERE p.role = 'specialist' AND p.listed = 1 AND p.locked = 0 ORDER BY p.id"""
    )


def loads(tx: Tx) -> dict[int, int]:
    """Open cases and open offers of everybody who has any; for showing, so nothing is locked."""
    rows = tx.all(
        """SELECT person_id, COUNT(*) AS n FROM
             (SELECT specialist_id AS person_id FROM case_file WHERE state = 'open' AND specialist_id IS NOT NULL
              UNION ALL SELECT specialist_id AS person_id FROM offer WHERE state = 'open') AS work
           GROUP BY person_id"""
    )
    return {int(row["person_id"]): int(row["n"]) for row in rows}


def shared_cases(tx: Tx, dentist_id: int) -> dict[int, int]:
    """How many cases each specialist has, or had, with this dentist."""
    rows = tx.all(
        """SELECT specialist_id, COUNT(*) AS n FROM case_file
           WHERE dentist_id = :dentist AND specialist_id IS NOT NULL GROUP BY specialist_id""",
        {"dentist": dentist_id},
    )
    return {int(row["specialist_id"]): int(row["n"]) for row in rows}
