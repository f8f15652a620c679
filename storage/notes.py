"""Private notes of a case: in the record, never relayed."""

from __future__ import annotations

from storage.engine.base import Tx


def add(tx: Tx, id: int, case_id: int, person_id: int, body: bytes, now: int) -> None:
    """Keep one note, sealed."""
    tx.execute(
        "INSERT INTO note(id, case_id, person_id, body_sealed, made_at) VALUES (:id, :case, :p, :body, :now)",
        {"id": id, "case": case_id, "p": person_id, "body": body, "now": now},
    )
