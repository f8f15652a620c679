"""Messages marked urgent: who was asked, who has it, and when it is looked at again. Their words are not in here."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, *, id: int, case_id: int, message_id: int, asker_id: int, now: int, level: str = "page") -> bool:
    """A message is urgent, or to be answered the same day; False if it is already."""
    return (
        tx.execute(
            """INSERT INTO urgent(id, case_id, message_id, asker_id, state, raised_at, level)
               VALUES (:id, :case, :message, :asker, 'asked', :now, :level)
               ON CONFLICT (message_id) WHERE state = 'asked' DO NOTHING""",
            {"id": id, "case": case_id, "message": message_id, "asker": asker_id, "now": now, "level": level},
        )
        == 1
    )


def get(tx: Tx, urgent_id: int) -> Row | None:
    """One of them, locked."""
    return tx.one("SELECT * FROM urgent WHERE id = :id FOR UPDATE", {"id": urgent_id})


def of_message(tx: Tx, message_id: int) -> Row | None:
    """The one of a message that nobody has yet."""
    return tx.one("SELECT * FROM urgent WHERE message_id = :m AND state = 'asked' FOR UPDATE", {"m": message_id})


def ask(tx: Tx, urgent_id: int, *, reader_id: int | None, second_id: int | None, due_at: int | None) -> None:
    """Who has been asked by now, and when to look again."""
    tx.execute(
        """UPDATE urgent SET reader_id = CAST(:reader AS BIGINT), second_id = CAST(:second AS BIGINT),
             due_at = CAST(:due AS BIGINT) WHERE id = :id""",
        {"id": urgent_id, "reader": reader_id, "second": second_id, "due": due_at},
    )


def settle(tx: Tx, urgent_id: int, state: str, now: int, by: int | None = None) -> bool:
    """Somebody has it, or it is not urgent any more; False if that was settled before."""
    return (
        tx.execute(
            """UPDATE urgent SET state = :state, seen_by = CAST(:by AS BIGINT), settled_at = :now, due_at = NULL
               WHERE id = :id AND state = 'asked'""",
            {"id": urgent_id, "state": state, "by": by, "now": now},
        )
        == 1
    )


def due(tx: Tx, now: int, limit: int) -> list[Row]:
    """What nobody has yet and is looked at again now."""
    return tx.all(
        """SELECT * FROM urgent WHERE state = 'asked' AND due_at <= :now ORDER BY due_at LIMIT :limit
           FOR UPDATE SKIP LOCKED""",
        {"now": now, "limit": limit},
    )


def next_due(tx: Tx) -> int | None:
    """When the next one is looked at again (µs)."""
    row = tx.one("SELECT MIN(due_at) AS at FROM urgent WHERE state = 'asked'")
    return None if row is None or row["at"] is None else int(row["at"])


def stand_ins(tx: Tx, person_id: int, now: int) -> list[int]:
    """Who answers for a person: the cover of their leave now, then their usual one."""
    rows = tx.all(
        """SELECT cover_id, 0 AS rank FROM absence
           WHERE person_id = :p AND starts_at <= :now AND ends_at > :now AND cover_id IS NOT NULL
           UNION ALL SELECT cover_id, 1 AS rank FROM person WHERE id = :p AND cover_id IS NOT NULL ORDER BY rank""",
        {"p": person_id, "now": now},
    )
    return [int(row["cover_id"]) for row in rows]


def colleagues(tx: Tx, role: str) -> list[Row]:
    """Everybody of a role in the roster and not on hold, least busy first; nothing is locked."""
    return tx.all(
        """SELECT p.*, (SELECT COUNT(*) FROM case_file c WHERE c.specialist_id = p.id AND c.state = 'open') AS load
           FROM person p WHERE p.role = :role AND p.listed = 1 AND p.locked = 0 ORDER BY load, p.id""",
        {"role": role},
    )
