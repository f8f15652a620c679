"""What the specialist of a case owes, and how far its clock has run."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def of_case(tx: Tx, case_id: int) -> list[Row]:
    """What is owed in a case, an answer before the plan."""
    return tx.all("SELECT * FROM owed WHERE case_id = :case ORDER BY slot DESC", {"case": case_id})


def locked(tx: Tx, case_id: int) -> list[Row]:
    """The same, locked."""
    return tx.all("SELECT * FROM owed WHERE case_id = :case ORDER BY slot DESC FOR UPDATE", {"case": case_id})


def get(tx: Tx, case_id: int, slot: str) -> Row | None:
    """One of the two, locked."""
    return tx.one(
        "SELECT * FROM owed WHERE case_id = :case AND slot = :slot FOR UPDATE", {"case": case_id, "slot": slot}
    )


def begin(
    tx: Tx, case_id: int, slot: str, *, kind: str, since: int, length: int, due_at: int | None, next_at: int | None
) -> None:
    """Something is owed from `since` on; what was owed in its place is forgotten. `length` is working time (µs)."""
    tx.execute(
        """INSERT INTO owed(case_id, slot, kind, since, length, spent, started_at, due_at, stage, next_at)
           VALUES (:case, :slot, :kind, :since, :length, 0, :since, CAST(:due AS BIGINT), 'running',
                   CAST(:next AS BIGINT))
           ON CONFLICT (case_id, slot) DO UPDATE SET kind = excluded.kind, since = excluded.since,
             length = excluded.length, spent = 0, started_at = excluded.started_at, due_at = excluded.due_at,
             stage = excluded.stage, next_at = excluded.next_at""",
        {
            "case": case_id,
            "slot": slot,
            "kind": kind,
            "since": since,
            "length": length,
            "due": due_at,
            "next": next_at,
        },
    )


def pause(tx: Tx, case_id: int, slot: str, spent: int) -> None:
    """The dentist owes something first; `spent` is the working time used so far."""
    tx.execute(
        """UPDATE owed SET spent = :spent, started_at = NULL, due_at = NULL, next_at = NULL
           WHERE case_id = :case AND slot = :slot""",
        {"case": case_id, "slot": slot, "spent": spent},
    )


def run(
    tx: Tx, case_id: int, slot: str, *, started_at: int, due_at: int | None, stage: str, next_at: int | None
) -> None:
    """The clock goes on, or has come to another stage."""
    tx.execute(
        """UPDATE owed SET started_at = :started, due_at = CAST(:due AS BIGINT), stage = :stage,
             next_at = CAST(:next AS BIGINT)
           WHERE case_id = :case AND slot = :slot""",
        {"case": case_id, "slot": slot, "started": started_at, "due": due_at, "stage": stage, "next": next_at},
    )


def settle(tx: Tx, case_id: int, slot: str) -> bool:
    """It is owed no more; False if nothing was."""
    return tx.execute("DELETE FROM owed WHERE case_id = :case AND slot = :slot", {"case": case_id, "slot": slot}) == 1


def due(tx: Tx, now: int, limit: int) -> list[Row]:
    """What comes to another stage now, with the case's people; oldest first."""
    return tx.all(
        """SELECT o.*, c.ref, c.state AS case_state, c.practice_id, c.dentist_id, c.specialist_id
           FROM owed o JOIN case_file c ON c.id = o.case_id WHERE o.next_at <= :now ORDER BY o.next_at LIMIT :limit""",
        {"now": now, "limit": limit},
    )


def of_specialist(tx: Tx, person_id: int) -> list[Row]:
    """Everything whose clock runs for a specialist."""
    return tx.all(
        """SELECT o.*, c.practice_id, c.specialist_id FROM owed o JOIN case_file c ON c.id = o.case_id
           WHERE c.specialist_id = :p AND c.state = 'open' AND o.started_at IS NOT NULL ORDER BY o.case_id, o.slot""",
        {"p": person_id},
    )


def next_due(tx: Tx) -> int | None:
    """When the next stage is looked at (µs)."""
    row = tx.one("SELECT MIN(next_at) AS at FROM owed WHERE next_at IS NOT NULL")
    return None if row is None or row["at"] is None else int(row["at"])


def late(tx: Tx, now: int) -> list[Row]:
    """Open cases whose answer or plan is past its target, with the reference."""
    return tx.all(
        """SELECT o.*, c.ref FROM owed o JOIN case_file c ON c.id = o.case_id
           WHERE c.state = 'open' AND o.due_at < :now ORDER BY o.due_at""",
        {"now": now},
    )


def set_expected(tx: Tx, case_id: int, until: int) -> None:
    """The dentist was told that nobody answers before then."""
    tx.execute("UPDATE case_file SET expected_until = :until WHERE id = :id", {"id": case_id, "until": until})
