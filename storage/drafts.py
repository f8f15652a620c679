"""Draft jobs and drafts: what a specialist may approve, bound to what they saw."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add_job(tx: Tx, id: int, case_id: int, message_id: int, now: int) -> None:
    """Ask for a draft to a dentist's message; no message ever waits for it."""
    tx.execute(
        """INSERT INTO draft_job(id, case_id, message_id, state, ready_at) VALUES (:id, :case, :m, 'new', :now)
           ON CONFLICT DO NOTHING""",
        {"id": id, "case": case_id, "m": message_id, "now": now},
    )


def void_open(tx: Tx, case_id: int, now: int) -> list[Row]:
    """The case moved on: no open draft of it may be approved any more; returns the voided rows."""
    return tx.all(
        """UPDATE draft SET state = 'void', settled_at = :now WHERE case_id = :case AND state = 'open'
           RETURNING id, no, specialist_id""",
        {"case": case_id, "now": now},
    )
