"""Covers: a seat looked after by somebody else for a time, after which it goes back."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(
    tx: Tx,
    *,
    id: int,
    case_id: int,
    side: str,
    person_id: int,
    former_id: int,
    starts_at: int,
    ends_at: int,
    asked_by: int | None,
) -> None:
    """Plan a cover from `starts_at` to `ends_at`."""
    tx.execute(
        """INSERT INTO seat_cover(id, case_id, side, person_id, former_id, starts_at, ends_at, state, due_at, asked_by)
           VALUES (:id, :case, :side, :person, :former, :starts, :ends, 'planned', :starts, :by)""",
        {
            "id": id,
            "case": case_id,
            "side": side,
            "person": person_id,
            "former": former_id,
            "starts": starts_at,
            "ends": ends_at,
            "by": asked_by,
        },
    )


def get(tx: Tx, cover_id: int) -> Row | None:
    """One cover, locked."""
    return tx.one("SELECT * FROM seat_cover WHERE id = :id FOR UPDATE", {"id": cover_id})


def set_state(tx: Tx, cover_id: int, state: str) -> None:
    """Move a cover on; while it runs its end is what is due."""
    tx.execute(
        "UPDATE seat_cover SET state = :state, due_at = CASE WHEN :state = 'running' THEN ends_at ELSE due_at END"
        " WHERE id = :id",
        {"id": cover_id, "state": state},
    )


def void_case(tx: Tx, case_id: int, side: str) -> int:
    """A newer word about this seat replaces every cover of it; how many."""
    return tx.execute(
        """UPDATE seat_cover SET state = 'void'
           WHERE case_id = :case AND side = :side AND state IN ('planned', 'running')""",
        {"case": case_id, "side": side},
    )


def due(tx: Tx, now: int, limit: int) -> list[Row]:
    """Covers to begin or to end, oldest first; not locked, since a case is locked before its covers are."""
    return tx.all(
        """SELECT * FROM seat_cover WHERE state IN ('planned', 'running') AND due_at <= :now ORDER BY due_at, id
           LIMIT :limit""",
        {"now": now, "limit": limit},
    )


def of_case(tx: Tx, case_id: int) -> list[Row]:
    """Covers of a case that are planned or running, with their person's handle, in order."""
    return tx.all(
        """SELECT v.*, p.handle FROM seat_cover v JOIN person p ON p.id = v.person_id
           WHERE v.case_id = :case AND v.state IN ('planned', 'running') ORDER BY v.starts_at, v.id""",
        {"case": case_id},
    )


def next_due(tx: Tx) -> int | None:
    """When the next cover begins or ends (µs)."""
    row = tx.one("SELECT MIN(due_at) AS at FROM seat_cover WHERE state IN ('planned', 'running')")
    return None if row is None or row["at"] is None else int(row["at"])


def end_now(tx: Tx, person_id: int, now: int) -> int:
    """Somebody is back: what runs in their place is due to end now; how many."""
    return tx.execute(
        "UPDATE seat_cover SET due_at = :now, ends_at = :now WHERE former_id = :p AND state = 'running'",
        {"p": person_id, "now": now},
    )
