"""The identifier guard's memory: each case's vault of names and allow list, and the questions that were asked."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def known(tx: Tx, case_id: int) -> list[Row]:
    """All a case knows, oldest first; the texts are sealed."""
    return tx.kept("SELECT * FROM identifier_known WHERE case_id = :case ORDER BY id", {"case": case_id})


def remember(tx: Tx, *, id: int, case_id: int, kind: str, state: str, text: bytes, now: int) -> None:
    """Keep one text, sealed: `state` is seen, sure or fine."""
    tx.execute(
        """INSERT INTO identifier_known(id, case_id, kind, state, text_sealed, known_at)
           VALUES (:id, :case, :kind, :state, :text, :now)""",
        {"id": id, "case": case_id, "kind": kind, "state": state, "text": text, "now": now},
    )


def set_state(tx: Tx, known_id: int, state: str) -> None:
    """A guess was confirmed."""
    tx.execute("UPDATE identifier_known SET state = :state WHERE id = :id", {"state": state, "id": known_id})


def forget(tx: Tx, known_id: int) -> None:
    """It was no name after all."""
    tx.execute("DELETE FROM identifier_known WHERE id = :id", {"id": known_id})


def people(tx: Tx, case_id: int) -> list[str]:
    """Who and what may be named in a case: everybody who had a seat in it, the coordinators, and the practice."""
    rows = tx.all(
        """SELECT p.name FROM seat s JOIN person p ON p.id = s.person_id WHERE s.case_id = :case
           UNION SELECT p.name FROM person p WHERE p.role = 'coordinator'
           UNION SELECT q.name FROM case_file c JOIN practice q ON q.id = c.practice_id WHERE c.id = :case""",
        {"case": case_id},
    )
    return [str(row["name"]) for row in rows]


# --- questions ---------------------------------------------------------------------------------------------------


def asked_on(tx: Tx, case_id: int, day: str) -> bool:
    """Whether a case has had a question on this day."""
    return (
        tx.one(
            "SELECT id FROM identifier_hint WHERE case_id = :case AND day = :day LIMIT 1", {"case": case_id, "day": day}
        )
        is not None
    )


def ask(tx: Tx, *, id: int, case_id: int, message_id: int, person_id: int, kinds: str, day: str, now: int) -> None:
    """Record a question; `kinds` with commas between."""
    tx.execute(
        """INSERT INTO identifier_hint(id, case_id, message_id, person_id, kinds, state, day, asked_at)
           VALUES (:id, :case, :message, :person, :kinds, 'asked', :day, :now)""",
        {
            "id": id,
            "case": case_id,
            "message": message_id,
            "person": person_id,
            "kinds": kinds,
            "day": day,
            "now": now,
        },
    )


def hint(tx: Tx, hint_id: int) -> Row | None:
    """One question, locked."""
    return tx.one("SELECT * FROM identifier_hint WHERE id = :id FOR UPDATE", {"id": hint_id})


def open_of_message(tx: Tx, message_id: int) -> list[Row]:
    """Questions about a message that nobody has answered."""
    return tx.all(
        "SELECT * FROM identifier_hint WHERE message_id = :m AND state = 'asked' ORDER BY id", {"m": message_id}
    )


def settle(tx: Tx, hint_id: int, state: str, now: int) -> None:
    """It was answered (redacted, fine) or is void."""
    tx.execute(
        "UPDATE identifier_hint SET state = :state, answered_at = :now WHERE id = :id",
        {"state": state, "now": now, "id": hint_id},
    )
