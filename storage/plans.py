"""Plan versions of a case: the newest counts, the others stay on record."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(
    tx: Tx,
    *,
    id: int,
    case_id: int,
    version: int,
    person_id: int,
    side: str,
    aligner_set: int,
    facts: bytes,
    now: int,
) -> None:
    """Keep a version; those before it that nobody approved are superseded."""
    tx.execute(
        """UPDATE plan_version SET state = 'superseded', settled_at = :now
           WHERE case_id = :case AND state IN ('proposed', 'change_asked')""",
        {"case": case_id, "now": now},
    )
    tx.execute(
        """INSERT INTO plan_version(id, case_id, version, person_id, side, aligner_set, state, facts_sealed, made_at)
           VALUES (:id, :case, :version, :person, :side, :set, 'proposed', :facts, :now)""",
        {
            "id": id,
            "case": case_id,
            "version": version,
            "person": person_id,
            "side": side,
            "set": aligner_set,
            "facts": facts,
            "now": now,
        },
    )


def all_of(tx: Tx, case_id: int) -> list[Row]:
    """Every version of a case's plan, the newest first."""
    return tx.all("SELECT * FROM plan_version WHERE case_id = :case ORDER BY version DESC", {"case": case_id})


def newest(tx: Tx, case_id: int) -> Row | None:
    """The newest version, locked."""
    return tx.one(
        "SELECT * FROM plan_version WHERE case_id = :case ORDER BY version DESC LIMIT 1 FOR UPDATE", {"case": case_id}
    )


def settle(tx: Tx, plan_id: int, state: str, person_id: int, now: int) -> bool:
    """Approved, or another one is asked for; False if that was settled before."""
    return (
        tx.execute(
            """UPDATE plan_version SET state = :state, settled_by = :person, settled_at = :now
               WHERE id = :id AND state IN ('proposed', 'change_asked') AND state <> :state""",
            {"id": plan_id, "state": state, "person": person_id, "now": now},
        )
        == 1
    )
