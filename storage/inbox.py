"""The durable inbox: raw updates, sealed until they are handled, and the keyed hashes that make repeats collapse."""

from __future__ import annotations

from collections.abc import Sequence

from storage.engine.base import Row, Tx


def first_time(tx: Tx, hashes: Sequence[bytes], now: int) -> bool:
    """Remember the keys of an update, all different; False if any of them was seen before."""
    added = tx.many(
        "INSERT INTO seen(key_hash, at) VALUES (:key, :now) ON CONFLICT DO NOTHING",
        [{"key": key, "now": now} for key in hashes],
    )
    return added == len(hashes)


def add(tx: Tx, *, id: int, platform: str, workspace: str, queue: str, body: bytes, now: int) -> None:
    """Keep one raw update until it is handled."""
    tx.execute(
        """INSERT INTO inbox(id, platform, workspace, queue, body_sealed, state, ready_at, received_at)
           VALUES (:id, :p, :w, :queue, :body, 'new', :now, :now)""",
        {"id": id, "p": platform, "w": workspace, "queue": queue, "body": body, "now": now},
    )


def done(tx: Tx, inbox_id: int) -> bool:
    """Forget a handled update; False if it was handled before (then this transaction must do nothing)."""
    return tx.execute("DELETE FROM inbox WHERE id = :id AND state = 'new'", {"id": inbox_id}) == 1


def failed(tx: Tx, inbox_id: int, error: str, most: int) -> str:
    """Count a failed try; returns 'new' or, after `most` tries, 'dead'."""
    row = tx.one(
        """UPDATE inbox SET attempts = attempts + 1, error = :e,
             state = CASE WHEN attempts + 1 >= :most THEN 'dead' ELSE 'new' END
           WHERE id = :id AND state = 'new' RETURNING state""",
        {"id": inbox_id, "e": error, "most": most},
    )
    return "dead" if row is None else str(row["state"])


def pending(tx: Tx, limit: int) -> list[Row]:
    """Unhandled updates in arrival order, at most `limit` of each queue, the oldest."""
    return tx.all(
        """SELECT * FROM (SELECT inbox.*, ROW_NUMBER() OVER (PARTITION BY queue ORDER BY id) AS place
                          FROM inbox WHERE state = 'new') AS waiting
           WHERE place <= :limit ORDER BY id""",
        {"limit": limit},
    )


def requeue(tx: Tx, inbox_id: int) -> bool:
    """Give a dead update another chance."""
    return (
        tx.execute("UPDATE inbox SET state = 'new', attempts = 0 WHERE id = :id AND state = 'dead'", {"id": inbox_id})
        == 1
    )


def dead(tx: Tx) -> list[Row]:
    """Parked updates, oldest first; no content."""
    return tx.all(
        "SELECT id, platform, workspace, attempts, received_at, error FROM inbox WHERE state = 'dead' ORDER BY id"
    )


def cursor(tx: Tx, name: str) -> str | None:
    """A poller's last committed cursor."""
    row = tx.one("SELECT value FROM cursor_mark WHERE name = :n", {"n": name})
    return None if row is None else str(row["value"])


def set_cursor(tx: Tx, name: str, value: str, now: int) -> None:
    """Commit a poller's cursor with the updates it covers."""
    tx.execute(
        """INSERT INTO cursor_mark(name, value, at) VALUES (:n, :v, :now)
           ON CONFLICT (name) DO UPDATE SET value = :v, at = :now""",
        {"n": name, "v": value, "now": now},
    )
