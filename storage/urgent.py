"""Messages marked urgent: who was asked, who has it, and when it is looked at again. Their words are not in here."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, *, id: int, case_id: int, message_id: int, asker_id: int, now: int, level: str = "page") -> bool:
    """A message is urgent, or to be answered the same day; False if it is already."""
    return (
        tx.execute(
            """INSERT INTO urgent(id, case_id, message_id, asker_id, state, raised_at, level, upto_no)
               VALUES (:id, :case, :message, :asker, 'asked', :now, :level,
                       (SELECT last_no FROM case_file WHERE id = :case))
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


def called_for(tx: Tx, message_id: int) -> Row | None:
    """The one of a message that nobody has yet, or that somebody has; None if it can wait."""
    return tx.one(
        """SELECT * FROM urgent WHERE message_id = :m AND state IN ('asked', 'seen') ORDER BY id DESC LIMIT 1
           FOR UPDATE""",
        {"m": message_id},
    )


def goes_with(tx: Tx, urgent_id: int, message_id: int) -> None:
    """Whoever has it has it still: its words are another message's now."""
    tx.execute("UPDATE urgent SET message_id = :m WHERE id = :id", {"id": urgent_id, "m": message_id})


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


_CALLS = """SELECT u.id, m.no FROM urgent u JOIN message m ON m.id = u.message_id
            WHERE u.case_id = :case AND u.level = 'page' AND u.state <> 'not_urgent' AND m.side = 'dentist'
              AND m.state <> 'withdrawn'"""
"""What a dentist said that needs a person: neither dropped nor taken back."""
_ANSWER = """(SELECT 1 FROM message s WHERE s.case_id = u.case_id AND s.side = 'specialist' AND s.no > u.upto_no
               AND s.state <> 'withdrawn' AND s.kind NOT IN ('draft', 'check_in')
               AND (s.said_at >= m.said_at OR m.kind = 'check_in'))"""


def standing(tx: Tx, case_id: int) -> Row | None:
    """What a dentist said urgently and the specialist has written nothing since; the newest, with its number `no`.

    Neither a tap nor a draft sent before counts as writing, nor what was said before it and came late.
    """
    return tx.one(f"{_CALLS} AND NOT EXISTS {_ANSWER} ORDER BY u.id DESC LIMIT 1", {"case": case_id})


def raised_after(tx: Tx, case_id: int, no: int) -> bool:
    """Whether a dentist's message was urgent once the case had come as far as a message's number."""
    return tx.one(f"{_CALLS} AND u.upto_no >= :no LIMIT 1", {"case": case_id, "no": no}) is not None


def hurry(tx: Tx, case_id: int, now: int) -> None:
    """Somebody has the case from now on: what waits in it for a person is put to them at once."""
    tx.execute(
        """UPDATE urgent SET due_at = :now WHERE case_id = :case AND state = 'asked' AND level = 'page'
             AND COALESCE(reader_id, 0) <> COALESCE((SELECT specialist_id FROM case_file WHERE id = :case), 0)
             AND message_id IN (SELECT id FROM message WHERE case_id = :case AND side = 'dentist')""",
        {"case": case_id, "now": now},
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
