"""Offers: one case put to one specialist, with the reason, until they answer or its time is up."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, id: int, case_id: int, specialist_id: int, reason: str, now: int, due_at: int) -> None:
    """Make an offer; `reason` is JSON of what put this specialist first. A case has at most one open offer."""
    tx.execute(
        """INSERT INTO offer(id, case_id, specialist_id, state, reason, made_at, due_at)
           VALUES (:id, :case, :specialist, 'open', :reason, :now, :due)""",
        {"id": id, "case": case_id, "specialist": specialist_id, "reason": reason, "now": now, "due": due_at},
    )


def look(tx: Tx, offer_id: int) -> Row | None:
    """One offer as it stands: to learn its case, which is locked before the offer is."""
    return tx.one("SELECT * FROM offer WHERE id = :id", {"id": offer_id})


def get(tx: Tx, offer_id: int) -> Row | None:
    """One offer, locked."""
    return tx.one("SELECT * FROM offer WHERE id = :id FOR UPDATE", {"id": offer_id})


def open_of_case(tx: Tx, case_id: int) -> Row | None:
    """The open offer of a case, locked."""
    return tx.one("SELECT * FROM offer WHERE case_id = :case AND state = 'open' FOR UPDATE", {"case": case_id})


def settle(tx: Tx, offer_id: int, state: str, now: int) -> bool:
    """Answer, expire or void an open offer; False if it was settled already."""
    return (
        tx.execute(
            "UPDATE offer SET state = :state, answered_at = :now WHERE id = :id AND state = 'open'",
            {"id": offer_id, "state": state, "now": now},
        )
        == 1
    )


def asked(tx: Tx, case_id: int) -> list[int]:
    """Specialists who were offered this case and did not take it."""
    rows = tx.all(
        "SELECT DISTINCT specialist_id FROM offer WHERE case_id = :case AND state IN ('declined', 'expired')",
        {"case": case_id},
    )
    return [int(row["specialist_id"]) for row in rows]


def due(tx: Tx, now: int, limit: int) -> list[Row]:
    """Open offers whose time is up, oldest first; not locked, since a case is locked before its offers are."""
    return tx.all(
        "SELECT * FROM offer WHERE state = 'open' AND due_at <= :now ORDER BY due_at, id LIMIT :limit",
        {"now": now, "limit": limit},
    )


def next_due(tx: Tx) -> int | None:
    """When the next open offer runs out (µs)."""
    row = tx.one("SELECT MIN(due_at) AS at FROM offer WHERE state = 'open'")
    return None if row is None or row["at"] is None else int(row["at"])


def open_of_person(tx: Tx, person_id: int) -> list[Row]:
    """Open offers to one specialist."""
    return tx.all("SELECT * FROM offer WHERE specialist_id = :p AND state = 'open' ORDER BY id", {"p": person_id})
