"""The outside model: consent for each case, and what was sent to it."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def consent(tx: Tx, case_id: int) -> Row | None:
    """Whether a case's dentist was asked, and what they said."""
    return tx.one("SELECT * FROM model_consent WHERE case_id = :case", {"case": case_id})


def set_consent(tx: Tx, case_id: int, person_id: int, state: str, now: int) -> None:
    """The dentist was asked, or has answered."""
    tx.execute(
        """INSERT INTO model_consent(case_id, person_id, state, at) VALUES (:case, :person, :state, :now)
           ON CONFLICT (case_id) DO UPDATE SET person_id = excluded.person_id, state = excluded.state,
             at = excluded.at""",
        {"case": case_id, "person": person_id, "state": state, "now": now},
    )


def add(tx: Tx, *, id: int, case_id: int, job_id: int, model: str, payload: bytes, now: int) -> None:
    """A request is about to leave."""
    tx.execute(
        """INSERT INTO model_call(id, case_id, job_id, model, payload_sealed, outcome, at)
           VALUES (:id, :case, :job, :model, :payload, 'asked', :now)""",
        {"id": id, "case": case_id, "job": job_id, "model": model, "payload": payload, "now": now},
    )


def settle(tx: Tx, call_id: int, *, outcome: str, why: str, reply: bytes, milliseconds: int) -> None:
    """What came of a request."""
    tx.execute(
        """UPDATE model_call SET outcome = :outcome, why = :why, reply_sealed = :reply, milliseconds = :ms
           WHERE id = :id""",
        {"id": call_id, "outcome": outcome, "why": why, "reply": reply, "ms": milliseconds},
    )


def since(tx: Tx, at: int) -> int:
    """How many requests were made since a moment (µs)."""
    row = tx.one("SELECT COUNT(*) AS n FROM model_call WHERE at >= :at", {"at": at})
    return 0 if row is None else int(row["n"])
