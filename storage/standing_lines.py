"""A specialist's signed lines of one case: at most one of each kind stands."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def sign(tx: Tx, *, id: int, case_id: int, kind: str, plan_version: int, person_id: int, text: bytes, now: int) -> None:
    """A new line takes the place of the one that stood."""
    void(tx, case_id, kind)
    tx.execute(
        """INSERT INTO standing_line(id, case_id, kind, plan_version, person_id, text_sealed, signed_at, state)
           VALUES (:id, :case, :kind, :version, :person, :text, :now, 'signed')""",
        {
            "id": id,
            "case": case_id,
            "kind": kind,
            "version": plan_version,
            "person": person_id,
            "text": text,
            "now": now,
        },
    )


def void(tx: Tx, case_id: int, kind: str) -> bool:
    """Its line stands no more; whether one did."""
    return (
        tx.execute(
            "UPDATE standing_line SET state = 'void' WHERE case_id = :case AND kind = :kind AND state = 'signed'",
            {"case": case_id, "kind": kind},
        )
        == 1
    )


def signed(tx: Tx, case_id: int) -> list[Row]:
    """The lines that were signed and not taken back, with their signer's name, by kind."""
    return tx.all(
        """SELECT l.*, p.name AS person_name FROM standing_line l JOIN person p ON p.id = l.person_id
           WHERE l.case_id = :case AND l.state = 'signed' ORDER BY l.kind""",
        {"case": case_id},
    )
