"""Complaints: at most one a case at a time; what it says is nowhere in here."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def open(tx: Tx, case_id: int, by: int, now: int) -> bool:
    """A complaint stands from now on; False if one does already."""
    return (
        tx.execute(
            """INSERT INTO complaint(case_id, opened_by, opened_at, last_draft) VALUES (:case, :by, :now,
                 COALESCE((SELECT MAX(no) FROM draft WHERE case_id = :case), 0))
               ON CONFLICT (case_id) DO UPDATE SET opened_by = excluded.opened_by, opened_at = excluded.opened_at,
                 last_draft = excluded.last_draft, closed_at = NULL, shared_by = NULL
               WHERE complaint.closed_at IS NOT NULL""",
            {"case": case_id, "by": by, "now": now},
        )
        == 1
    )


def standing(tx: Tx, case_id: int) -> Row | None:
    """The complaint that stands in a case."""
    return tx.one("SELECT * FROM complaint WHERE case_id = :case AND closed_at IS NULL", {"case": case_id})


def began_after(tx: Tx, case_id: int, draft_no: int) -> bool:
    """Whether a complaint began when a draft had been made, over or not."""
    row = tx.one(
        "SELECT case_id FROM complaint WHERE case_id = :case AND last_draft >= :no", {"case": case_id, "no": draft_no}
    )
    return row is not None


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
