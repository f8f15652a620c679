"""Answers that specialists keep for themselves, and what shows that they wrote much the same before."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def sketches(tx: Tx, person_id: int, limit: int) -> list[str]:
    """What somebody typed, as sketches, the newest first."""
    rows = tx.all(
        "SELECT sketch FROM answer_sketch WHERE person_id = :person ORDER BY at DESC LIMIT :limit",
        {"person": person_id, "limit": limit},
    )
    return [row["sketch"] for row in rows]


def add_sketch(tx: Tx, message_id: int, person_id: int, sketch: str, now: int) -> None:
    """Remember that somebody typed something like this."""
    tx.execute(
        """INSERT INTO answer_sketch(message_id, person_id, sketch, at) VALUES (:m, :person, :sketch, :now)
           ON CONFLICT DO NOTHING""",
        {"m": message_id, "person": person_id, "sketch": sketch, "now": now},
    )


def offer(tx: Tx, *, id: int, person_id: int, case_id: int, message_id: int, now: int) -> None:
    """Somebody is asked whether they want to keep an answer."""
    tx.execute(
        """INSERT INTO own_answer(id, person_id, case_id, message_id, state, at)
           VALUES (:id, :person, :case, :m, 'offered', :now)""",
        {"id": id, "person": person_id, "case": case_id, "m": message_id, "now": now},
    )


def get(tx: Tx, answer_id: int) -> Row | None:
    """One answer, locked."""
    return tx.one("SELECT * FROM own_answer WHERE id = :id FOR UPDATE", {"id": answer_id})


def save(tx: Tx, answer_id: int, question: bytes, text: bytes, now: int) -> None:
    """Keep it, in words for any case."""
    tx.execute(
        """UPDATE own_answer SET state = 'saved', question_sealed = :q, text_sealed = :t, at = :now WHERE id = :id""",
        {"id": answer_id, "q": question, "t": text, "now": now},
    )


def remove(tx: Tx, answer_id: int, now: int) -> None:
    """Its owner keeps it no longer: its words go."""
    tx.execute(
        """UPDATE own_answer SET state = 'removed', question_sealed = NULL, text_sealed = NULL, at = :now
           WHERE id = :id""",
        {"id": answer_id, "now": now},
    )


def saved(tx: Tx, person_id: int) -> list[Row]:
    """What somebody keeps, the newest first."""
    return tx.all(
        "SELECT * FROM own_answer WHERE person_id = :person AND state = 'saved' ORDER BY at DESC LIMIT 200",
        {"person": person_id},
    )


def withdraw(tx: Tx, case_id: int) -> list[int]:
    """The case is erased: what was kept or offered from it holds no word any more, and shows in no likeness."""
    tx.execute(
        "DELETE FROM answer_sketch WHERE message_id IN (SELECT id FROM message WHERE case_id = :c)", {"c": case_id}
    )
    rows = tx.all(
        """UPDATE own_answer SET state = 'withdrawn', question_sealed = NULL, text_sealed = NULL
           WHERE case_id = :case AND state <> 'withdrawn' RETURNING id""",
        {"case": case_id},
    )
    return [int(row["id"]) for row in rows]
