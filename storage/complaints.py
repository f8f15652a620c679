"""Complaints: at most one a case at a time; what it says is nowhere in here."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def open(tx: Tx, case_id: int, by: int, now: int) -> bool:
    """A complaint stands from now on; False if one does already."""
    return (
        tx.execute(
            """INSERT INTO complaint(case_id, opened_by, opened_at) VALUES (:case, :by, :now)
               ON CONFLICT (case_id) DO UPDATE SET opened_by = excluded.opened_by, opened_at = excluded.opened_at,
                 closed_at = NULL, shared_by = NULL
               WHERE complaint.closed_at IS NOT NULL""",
            {"case": case_id, "by": by, "now": now},
        )
        == 1
    )


def standing(tx: Tx, case_id: int) -> Row | None:
    """The complaint that stands in a case."""
    return tx.one("SELECT * FROM complaint WHERE case_id = :case AND closed_at IS NULL", {"case": case_id})


def close(tx: Tx, case_id: int, now: int) -> bool:
    """It stands no more; False if none did."""
    return (
        tx.execute(
            "UPDATE complaint SET closed_at = :now WHERE case_id = :case AND closed_at IS NULL",
            {"case": case_id, "now": now},
        )
        == 1
    )


def share(tx: Tx, case_id: int, by: int) -> bool:
    """One of the two told the coordinator; False if that was done."""
    return (
        tx.execute(
            """UPDATE complaint SET shared_by = :by
               WHERE case_id = :case AND closed_at IS NULL AND shared_by IS NULL""",
            {"case": case_id, "by": by},
        )
        == 1
    )
