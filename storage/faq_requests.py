"""What specialists ask the library for in words of their own: looked up off the loop, then forgotten."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, *, id: int, case_id: int, person_id: int, words: bytes, now: int) -> None:
    """Somebody asks; it is looked up at once."""
    tx.execute(
        """INSERT INTO faq_request(id, case_id, person_id, words_sealed, state, ready_at)
           VALUES (:id, :case, :person, :words, 'new', :now)""",
        {"id": id, "case": case_id, "person": person_id, "words": words, "now": now},
    )


def due(tx: Tx, now: int, until: int, limit: int) -> list[Row]:
    """Take requests, until `until`, in the order they were made."""
    taken = tx.all(
        """UPDATE faq_request SET ready_at = :until, attempts = attempts + 1 WHERE id IN
             (SELECT id FROM faq_request WHERE state = 'new' AND (ready_at <= :now OR ready_at > :until)
              ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING *""",
        {"now": now, "until": until, "limit": limit},
    )
    return sorted(taken, key=lambda row: int(row["id"]))


def done(tx: Tx, request_id: int) -> bool:
    """It was looked up; its words are not kept. False if it was before."""
    return (
        tx.execute(
            "UPDATE faq_request SET state = 'done', words_sealed = NULL WHERE id = :id AND state = 'new'",
            {"id": request_id},
        )
        == 1
    )
