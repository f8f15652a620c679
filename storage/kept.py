"""What people keep of a case, "Agreed so far", and pages of what was said in it."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, message_id: int, case_id: int, person_id: int, now: int) -> bool:
    """Keep a message; False if it is kept already."""
    return (
        tx.execute(
            """INSERT INTO kept(message_id, case_id, person_id, kept_at) VALUES (:m, :case, :p, :now)
               ON CONFLICT (message_id) DO NOTHING""",
            {"m": message_id, "case": case_id, "p": person_id, "now": now},
        )
        == 1
    )


def remove(tx: Tx, message_id: int) -> bool:
    """Keep it no more; False if it was not kept."""
    return tx.execute("DELETE FROM kept WHERE message_id = :m", {"m": message_id}) == 1


def has(tx: Tx, message_id: int) -> bool:
    """Whether a message is kept."""
    return tx.one("SELECT 1 AS one FROM kept WHERE message_id = :m", {"m": message_id}) is not None


def newest(tx: Tx, case_id: int, limit: int) -> list[Row]:
    """The messages of a case kept last, in the order they were said, with their author's name."""
    rows = tx.all(
        """SELECT m.*, p.name AS person_name FROM kept k JOIN message m ON m.id = k.message_id
           JOIN person p ON p.id = m.person_id
           WHERE k.case_id = :case AND m.state = 'delivered' ORDER BY k.kept_at DESC, m.no DESC LIMIT :limit""",
        {"case": case_id, "limit": limit},
    )
    return sorted(rows, key=lambda row: int(row["no"]))


def count(tx: Tx, case_id: int) -> int:
    """How many messages of a case are kept."""
    row = tx.one("SELECT COUNT(*) AS n FROM kept WHERE case_id = :case", {"case": case_id})
    assert row is not None
    return int(row["n"])


def files_of(tx: Tx, case_id: int) -> list[Row]:
    """Every file of one case that was passed on, or is on its way."""
    return tx.all(
        "SELECT * FROM attachment WHERE case_id = :case AND state IN ('to_fetch', 'stored') ORDER BY id",
        {"case": case_id},
    )


def page(tx: Tx, case_id: int, below: int, limit: int) -> list[Row]:
    """Messages of one case with a number below `below`, newest first, with their authors' names."""
    return tx.all(
        """SELECT m.*, p.name AS person_name FROM message m JOIN person p ON p.id = m.person_id
           WHERE m.case_id = :case AND m.no < :below ORDER BY m.no DESC LIMIT :limit""",
        {"case": case_id, "below": below, "limit": limit},
    )
