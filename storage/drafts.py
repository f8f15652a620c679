"""Draft jobs and drafts: what a specialist may approve, bound to what they saw."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add_job(tx: Tx, id: int, case_id: int, message_id: int, now: int) -> None:
    """Ask for a draft to a dentist's message; no message ever waits for it."""
    tx.execute(
        """INSERT INTO draft_job(id, case_id, message_id, state, ready_at) VALUES (:id, :case, :m, 'new', :now)
           ON CONFLICT DO NOTHING""",
        {"id": id, "case": case_id, "m": message_id, "now": now},
    )


def void_open(tx: Tx, case_id: int, now: int) -> list[Row]:
    """The case moved on: no open draft of it may be approved any more; returns the voided rows."""
    return tx.all(
        """UPDATE draft SET state = 'void', settled_at = :now WHERE case_id = :case AND state = 'open'
           RETURNING id, no, specialist_id""",
        {"case": case_id, "now": now},
    )


def due_jobs(tx: Tx, now: int, until: int, limit: int) -> list[Row]:
    """Take questions that wait for a draft, until `until`; later ones were put off by a clock put back since."""
    return tx.all(
        """UPDATE draft_job SET ready_at = :until, attempts = attempts + 1 WHERE id IN
             (SELECT id FROM draft_job WHERE state = 'new' AND (ready_at <= :now OR ready_at > :until)
              ORDER BY ready_at LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING *""",
        {"now": now, "until": until, "limit": limit},
    )


def job_done(tx: Tx, job_id: int) -> bool:
    """A question was looked at; False if it was before."""
    return tx.execute("UPDATE draft_job SET state = 'done' WHERE id = :id AND state = 'new'", {"id": job_id}) == 1


def add(
    tx: Tx,
    *,
    id: int,
    case_id: int,
    question: Row,
    recipient_id: int,
    specialist_id: int,
    epoch: int,
    topic: str,
    text: bytes,
    text_hash: str,
    now: int,
) -> int:
    """Keep a draft; returns its number in the case."""
    row = tx.one("SELECT COALESCE(MAX(no), 0) + 1 AS no FROM draft WHERE case_id = :case", {"case": case_id})
    no = 1 if row is None else int(row["no"])
    tx.execute(
        """INSERT INTO draft(id, case_id, no, question_id, question_version, recipient_id, specialist_id, case_epoch,
                             topic, text_sealed, text_hash, state, made_at)
           VALUES (:id, :case, :no, :q, :qv, :recipient, :specialist, :epoch, :topic, :text, :hash, 'open', :now)""",
        {
            "id": id,
            "case": case_id,
            "no": no,
            "q": question["id"],
            "qv": question["version"],
            "recipient": recipient_id,
            "specialist": specialist_id,
            "epoch": epoch,
            "topic": topic,
            "text": text,
            "hash": text_hash,
            "now": now,
        },
    )
    return no


def get(tx: Tx, draft_id: int) -> Row | None:
    """One draft, locked."""
    return tx.one("SELECT * FROM draft WHERE id = :id FOR UPDATE", {"id": draft_id})


def by_no(tx: Tx, case_id: int, no: int) -> Row | None:
    """A case's draft by its number, locked."""
    return tx.one("SELECT * FROM draft WHERE case_id = :case AND no = :no FOR UPDATE", {"case": case_id, "no": no})


def of_question(tx: Tx, case_id: int, message_id: int) -> list[Row]:
    """Every draft made for a message of a case."""
    return tx.all(
        "SELECT * FROM draft WHERE case_id = :case AND question_id = :m ORDER BY id", {"case": case_id, "m": message_id}
    )


def settle(tx: Tx, draft_id: int, state: str, now: int, sent_message_id: int | None = None) -> bool:
    """Approve or dismiss an open draft; False if it is not open any more."""
    return (
        tx.execute(
            """UPDATE draft SET state = :state, settled_at = :now, sent_message_id = :m
               WHERE id = :id AND state = 'open'""",
            {"id": draft_id, "state": state, "now": now, "m": sent_message_id},
        )
        == 1
    )
