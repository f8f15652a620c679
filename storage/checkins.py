"""Check-ins: rows with a due moment and the local rule it came from; unique per case, step and occurrence."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def plan(
    tx: Tx, *, id: int, case_id: int, person_id: int, step: str, occurrence: int, due_at: int, local_rule: str
) -> bool:
    """Plan one; False if it is planned already."""
    return (
        tx.execute(
            """INSERT INTO check_in(id, case_id, person_id, step, occurrence, due_at, local_rule, state)
               VALUES (:id, :case, :person, :step, :n, :due, :rule, 'planned')
               ON CONFLICT (case_id, step, occurrence) DO NOTHING""",
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


def due(tx: Tx, now: int, limit: int) -> list[Row]:
    """Planned check-ins whose moment has come, oldest first, locked against other workers."""
    return tx.all(
        """SELECT * FROM check_in WHERE state = 'planned' AND due_at <= :now ORDER BY due_at, id LIMIT :limit
           FOR UPDATE SKIP LOCKED""",
        {"now": now, "limit": limit},
    )


def next_due(tx: Tx) -> int | None:
    """When the next one is due (µs)."""
    row = tx.one("SELECT MIN(due_at) AS at FROM check_in WHERE state = 'planned'")
    return None if row is None or row["at"] is None else int(row["at"])


def get(tx: Tx, check_in_id: int) -> Row | None:
    """One check-in, locked."""
    return tx.one("SELECT * FROM check_in WHERE id = :id FOR UPDATE", {"id": check_in_id})


def asked(tx: Tx, check_in_id: int, now: int) -> None:
    """Its question is on the way."""
    tx.execute("UPDATE check_in SET state = 'asked', asked_at = :now WHERE id = :id", {"id": check_in_id, "now": now})


def answered(tx: Tx, check_in_id: int, answer: str, now: int) -> bool:
    """Keep the answer; False if it was answered before or is void."""
    return (
        tx.execute(
            """UPDATE check_in SET state = 'answered', answer = :answer, answered_at = :now
               WHERE id = :id AND state = 'asked'""",
            {"id": check_in_id, "answer": answer, "now": now},
        )
        == 1
    )


def void(tx: Tx, check_in_id: int) -> None:
    """It makes no sense any more."""
    tx.execute("UPDATE check_in SET state = 'void' WHERE id = :id", {"id": check_in_id})


def void_planned(tx: Tx, case_id: int) -> None:
    """The case is over: nothing more is asked."""
    tx.execute(
        "UPDATE check_in SET state = 'void' WHERE case_id = :case AND state IN ('planned', 'asked')", {"case": case_id}
    )


def upcoming(tx: Tx, case_id: int) -> list[Row]:
    """What is still planned for a case, in order."""
    return tx.all(
        "SELECT * FROM check_in WHERE case_id = :case AND state = 'planned' ORDER BY due_at", {"case": case_id}
    )


def ask_anew(tx: Tx, case_id: int, person_id: int) -> int:
    """The parties of a case changed: open check-ins move along, and what was asked is asked again; how many."""
    return tx.execute(
        """UPDATE check_in SET person_id = :person, state = 'planned', asked_at = NULL
           WHERE case_id = :case AND state IN ('planned', 'asked')""",
        {"case": case_id, "person": person_id},
    )
