"""What the coordinators are told once while it lasts, or once an hour while it happens again and again."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def open(tx: Tx, id: int, kind: str, subject: str, now: int, told_before: int = -1) -> bool:
    """Open an incident; False if the same one is open already, and was told of later than `told_before` (µs)."""
    return (
        tx.execute(
            """INSERT INTO incident(id, kind, subject, opened_at, told_at) VALUES (:id, :k, :s, :now, :now)
               ON CONFLICT (kind, subject) WHERE closed_at IS NULL
               DO UPDATE SET told_at = excluded.told_at WHERE incident.told_at <= :before""",
            {"id": id, "k": kind, "s": subject, "now": now, "before": told_before},
        )
        == 1
    )


def close(tx: Tx, kind: str, subject: str, now: int) -> None:
    """Close an incident if it is open."""
    tx.execute(
        "UPDATE incident SET closed_at = :now WHERE kind = :k AND subject = :s AND closed_at IS NULL",
        {"k": kind, "s": subject, "now": now},
    )


def close_kind(tx: Tx, kind: str, now: int) -> None:
    """Close every incident of a kind."""
    tx.execute("UPDATE incident SET closed_at = :now WHERE kind = :k AND closed_at IS NULL", {"k": kind, "now": now})


def still_open(tx: Tx) -> list[Row]:
    """Every open incident, oldest first."""
    return tx.all("SELECT * FROM incident WHERE closed_at IS NULL ORDER BY opened_at, id")


def open_untold(tx: Tx, id: int, kind: str, subject: str, now: int) -> bool:
    """Open an incident of which the coordinators are told later, with others; False if it is open already."""
    return (
        tx.execute(
            """INSERT INTO incident(id, kind, subject, opened_at) VALUES (:id, :k, :s, :now)
               ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING""",
            {"id": id, "k": kind, "s": subject, "now": now},
        )
        == 1
    )


def untold(tx: Tx) -> list[Row]:
    """Open incidents nobody was told of, oldest first."""
    return tx.all("SELECT * FROM incident WHERE closed_at IS NULL AND told_at IS NULL ORDER BY opened_at, id")


def any_untold(tx: Tx) -> bool:
    """Whether there is one."""
    return tx.one("SELECT id FROM incident WHERE closed_at IS NULL AND told_at IS NULL LIMIT 1") is not None


def told(tx: Tx, now: int) -> None:
    """The coordinators were told of all that is open."""
    tx.execute("UPDATE incident SET told_at = :now WHERE closed_at IS NULL AND told_at IS NULL", {"now": now})
