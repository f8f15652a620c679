"""Forewarnings of a case: what was decided about each, and whether it was acknowledged and the patient told."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, *, id: int, case_id: int, version: int, rule: str, severity: str, words: bytes, now: int) -> None:
    """A rule holds for a version of the plan (0 the intake): the specialist is asked."""
    tx.execute(
        """INSERT INTO forewarning(id, case_id, version, rule, severity, state, words_sealed, made_at)
           VALUES (:id, :case, :version, :rule, :severity, 'asked', :words, :now)""",
        {"id": id, "case": case_id, "version": version, "rule": rule, "severity": severity, "words": words, "now": now},
    )


def standing(tx: Tx, case_id: int) -> list[Row]:
    """All that were not superseded, red ones first; locked."""
    return tx.all(
        """SELECT * FROM forewarning WHERE case_id = :case AND state <> 'superseded'
           ORDER BY CASE WHEN severity = 'red' THEN 0 ELSE 1 END, id FOR UPDATE""",
        {"case": case_id},
    )


def get(tx: Tx, warning_id: int) -> Row | None:
    """One, locked."""
    return tx.one("SELECT * FROM forewarning WHERE id = :id FOR UPDATE", {"id": warning_id})


def supersede(tx: Tx, warning_id: int) -> None:
    """It does not hold any more, or holds for other reasons."""
    tx.execute("UPDATE forewarning SET state = 'superseded' WHERE id = :id", {"id": warning_id})


def decide(tx: Tx, warning_id: int, state: str, person_id: int, words: bytes, now: int) -> bool:
    """The specialist released (with these words) or withheld it; False if that is decided already."""
    return (
        tx.execute(
            """UPDATE forewarning SET state = :state, words_sealed = :words, decided_by = :person, decided_at = :now
               WHERE id = :id AND state = 'asked'""",
            {"id": warning_id, "state": state, "person": person_id, "words": words, "now": now},
        )
        == 1
    )


def acknowledge(tx: Tx, warning_id: int, person_id: int, now: int) -> bool:
    """The dentist has read it; False if that was said before."""
    return (
        tx.execute(
            """UPDATE forewarning SET state = 'acknowledged', acknowledged_by = :person, acknowledged_at = :now
               WHERE id = :id AND state = 'released'""",
            {"id": warning_id, "person": person_id, "now": now},
        )
        == 1
    )


def told(tx: Tx, warning_id: int, person_id: int, now: int) -> bool:
    """The dentist says that the patient was told, which they have read too; False if that was said before."""
    return (
        tx.execute(
            """UPDATE forewarning SET state = 'told', told_at = :now,
                 acknowledged_by = COALESCE(acknowledged_by, CAST(:person AS BIGINT)),
                 acknowledged_at = COALESCE(acknowledged_at, CAST(:now AS BIGINT))
               WHERE id = :id AND state IN ('released', 'acknowledged')""",
            {"id": warning_id, "person": person_id, "now": now},
        )
        == 1
    )
