"""Albums whose parts are still arriving, and the words of each part of a message that came in several."""

from __future__ import annotations

from storage.engine.base import Row, Tx, Value


def open_of(tx: Tx, platform: str, workspace: str, user: str, most: int) -> list[Row]:
    """A person's albums that are still gathered, oldest first, locked; none that failed `most` times."""
    theirs: dict[str, Value] = {"p": platform, "w": workspace, "u": user, "most": most}
    some = """SELECT a.id FROM album a
              WHERE a.platform = :p AND a.workspace = :w AND a.user_ref = :u AND a.attempts < :most"""
    if not tx.kept(some, theirs):  # as with nearly every message
        return []
    return tx.all(
        """SELECT * FROM album WHERE platform = :p AND workspace = :w AND user_ref = :u AND attempts < :most
           ORDER BY id FOR UPDATE""",
        theirs,
    )


def gather(tx: Tx, *, id: int, platform: str, workspace: str, user: str, name: str, due_at: int) -> int:
    """The album of this name, made if it is new; it is handed over at `due_at` at the earliest."""
    row = tx.one(
        """INSERT INTO album(id, platform, workspace, user_ref, name, due_at) VALUES (:id, :p, :w, :u, :name, :due)
           ON CONFLICT (platform, workspace, user_ref, name) DO UPDATE SET due_at = excluded.due_at RETURNING id""",
        {"id": id, "p": platform, "w": workspace, "u": user, "name": name, "due": due_at},
    )
    assert row is not None
    return int(row["id"])


def add_part(tx: Tx, *, id: int, album_id: int, native_id: str, event: bytes) -> None:
    """Keep one part; one that is there already stays as it is."""
    tx.execute(
        """INSERT INTO album_part(id, album_id, native_id, event_sealed) VALUES (:id, :album, :native, :event)
           ON CONFLICT (album_id, native_id) DO NOTHING""",
        {"id": id, "album": album_id, "native": native_id, "event": event},
    )


def set_part(tx: Tx, part_id: int, event: bytes) -> None:
    """Its sender changed a part."""
    tx.execute("UPDATE album_part SET event_sealed = :event WHERE id = :id", {"id": part_id, "event": event})


def parts(tx: Tx, album_id: int) -> list[Row]:
    """What of an album has come, in the order of coming."""
    return tx.all("SELECT * FROM album_part WHERE album_id = :a ORDER BY id", {"a": album_id})


def get(tx: Tx, album_id: int) -> Row | None:
    """One album, locked."""
    return tx.one("SELECT * FROM album WHERE id = :id FOR UPDATE", {"id": album_id})


def remove(tx: Tx, album_id: int) -> None:
    """It is handed over."""
    tx.execute("DELETE FROM album_part WHERE album_id = :id", {"id": album_id})
    tx.execute("DELETE FROM album WHERE id = :id", {"id": album_id})


def due(tx: Tx, now: int, pause: int, most: int, limit: int) -> list[int]:
    """Albums to hand over; also those put off for longer than any is, by a clock that has been put back since."""
    rows = tx.all(
        """SELECT id FROM album WHERE attempts < :most AND (due_at <= :now OR due_at > :far)
           ORDER BY due_at, id LIMIT :limit""",
        {"now": now, "far": now + 2 * pause, "most": most, "limit": limit},
    )
    return [int(row["id"]) for row in rows]


def next_due(tx: Tx, most: int) -> int | None:
    """When the next one is due (µs)."""
    row = tx.one("SELECT MIN(due_at) AS at FROM album WHERE attempts < :most", {"most": most})
    return None if row is None or row["at"] is None else int(row["at"])


def give_time(tx: Tx, until: int) -> None:
    """Hand over nothing before `until`: after a start the rest of an album may still be on its way."""
    tx.execute("UPDATE album SET due_at = :until WHERE due_at < :until", {"until": until})


def failed(tx: Tx, album_id: int, due_at: int) -> int:
    """Handing over failed: try again later; which try that was."""
    row = tx.one(
        "UPDATE album SET attempts = attempts + 1, due_at = :due WHERE id = :id RETURNING attempts",
        {"id": album_id, "due": due_at},
    )
    return 0 if row is None else int(row["attempts"])


# --- the words of parts ------------------------------------------------------------------------------------------


def set_words(tx: Tx, message_id: int, part: int, body: bytes) -> None:
    """What stands with one part of a message, as its sender wrote it."""
    tx.execute(
        """INSERT INTO part_words(message_id, part, body_sealed) VALUES (:m, :part, :body)
           ON CONFLICT (message_id, part) DO UPDATE SET body_sealed = excluded.body_sealed""",
        {"m": message_id, "part": part, "body": body},
    )


def words(tx: Tx, message_id: int) -> list[Row]:
    """The words of each part in order; empty for a message that came as one."""
    return tx.all("SELECT * FROM part_words WHERE message_id = :m ORDER BY part", {"m": message_id})
