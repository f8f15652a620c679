"""What is planned to be asked in a case: added, moved, and what of a step lies behind."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def plan(
    tx: Tx, *, id: int, case_id: int, person_id: int, step: str, occurrence: int, due_at: int, local_rule: str
) -> bool:
    """Plan one, or move it while it has not been asked; False if nothing changes."""
    return (
        tx.execute(
            """INSERT INTO check_in(id, case_id, person_id, step, occurrence, due_at, ready_at, local_rule, state)
               VALUES (:id, :case, :person, :step, :n, :due, :due, :rule, 'planned')
               ON CONFLICT (case_id, step, occurrence) DO UPDATE
                 SET due_at = excluded.due_at, ready_at = excluded.ready_at, local_rule = excluded.local_rule,
                     person_id = excluded.person_id, state = 'planned'
               WHERE check_in.asks = 0 AND check_in.wished = 0 AND check_in.asked_at IS NULL
                 AND ((check_in.state = 'planned' AND check_in.due_at <> excluded.due_at)
                      OR check_in.state = 'void')""",
            {
                "id": id,
                "case": case_id,
                "person": person_id,
                "step": step,
                "n": occurrence,
                "due": due_at,
                "rule": local_rule,
            },
        )
        == 1
    )


def upcoming(tx: Tx, case_id: int) -> list[Row]:
    """What is still planned for a case, in order."""
    return tx.all(
        "SELECT * FROM check_in WHERE case_id = :case AND state = 'planned' ORDER BY due_at", {"case": case_id}
    )


def gone_by(tx: Tx, case_id: int, step: str, before: int) -> int:
    """How many of a step were due before a moment and are answered, or given up."""
    query = """SELECT id FROM check_in WHERE case_id = :case AND step = :step AND due_at < :before
                 AND state IN ('answered', 'rested', 'skipped', 'dismissed')"""
    return len(tx.all(query, {"case": case_id, "step": step, "before": before}))
