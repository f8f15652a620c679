"""Held messages: kept sealed until their sender says what they are for."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(
    tx: Tx,
    *,
    id: int,
    person_id: int,
    why: str,
    case_id: int | None,
    event: bytes,
    now: int,
    ask_again_at: int | None,
) -> None:
    """Keep one message."""
    tx.execute(
        """INSERT INTO held(id, person_id, why, case_id, event_sealed, state, held_at, ask_again_at)
           VALUES (:id, :p, :why, :case, :event, 'held', :now, :again)""",
        {"id": id, "p": person_id, "why": why, "case": case_id, "event": event, "now": now, "again": ask_again_at},
    )


def get(tx: Tx, held_id: int) -> Row | None:
    """One held message, locked."""
    return tx.one("SELECT * FROM held WHERE id = :id FOR UPDATE", {"id": held_id})


def of_person(tx: Tx, person_id: int, why: str) -> list[Row]:
    """What is still held of a person for one reason, oldest first."""
    return tx.all(
        "SELECT * FROM held WHERE person_id = :p AND why = :why AND state = 'held' ORDER BY id",
        {"p": person_id, "why": why},
    )


def open_of_person(tx: Tx, person_id: int) -> list[Row]:
    """All that is still held of a person, oldest first, locked."""
    return tx.all("SELECT * FROM held WHERE person_id = :p AND state = 'held' ORDER BY id FOR UPDATE", {"p": person_id})


def set_event(tx: Tx, held_id: int, event: bytes) -> None:
    """Its sender changed what they wrote."""
    tx.execute("UPDATE held SET event_sealed = :event WHERE id = :id", {"id": held_id, "event": event})


def settle(tx: Tx, held_id: int, state: str, case_id: int | None) -> None:
    """It is sent, kept as a note or discarded; the kept text goes with it."""
    tx.execute(
        """UPDATE held SET state = :state, case_id = COALESCE(:case, case_id), ask_again_at = NULL,
             event_sealed = :gone WHERE id = :id""",
        {"id": held_id, "state": state, "case": case_id, "gone": b""},
    )


def set_why(tx: Tx, held_id: int, why: str, ask_again_at: int) -> None:
    """It is held for another reason now."""
    tx.execute(
        "UPDATE held SET why = :w, ask_again_at = :at WHERE id = :id", {"id": held_id, "w": why, "at": ask_again_at}
    )


def due(tx: Tx, now: int, limit: int) -> list[Row]:
    """What is to be asked about again."""
    return tx.all(
        """SELECT * FROM held WHERE state = 'held' AND ask_again_at <= :now ORDER BY ask_again_at LIMIT :limit
           FOR UPDATE SKIP LOCKED""",
        {"now": now, "limit": limit},
    )


def next_due(tx: Tx) -> int | None:
    """When the next question is due (µs)."""
    row = tx.one("SELECT MIN(ask_again_at) AS at FROM held WHERE state = 'held'")
    return None if row is None or row["at"] is None else int(row["at"])


def asked_again(tx: Tx, held_id: int) -> None:
    """It was asked about once more; it is not asked about a third time."""
    tx.execute("UPDATE held SET asked = asked + 1, ask_again_at = NULL WHERE id = :id", {"id": held_id})
