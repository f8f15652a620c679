"""The records photos of a case: one series, how many of it came, and what its sender was told once."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def begin(tx: Tx, *, id: int, case_id: int, first_message: int, ends_at: int) -> bool:
    """Count a case's photos from this message on; False if its series has begun before."""
    changed = tx.execute(
        """INSERT INTO photo_series(id, case_id, first_message, state, ends_at)
           VALUES (:id, :case, :first, 'open', :ends) ON CONFLICT (case_id) DO NOTHING""",
        {"id": id, "case": case_id, "first": first_message, "ends": ends_at},
    )
    return changed > 0


def of_case(tx: Tx, case_id: int) -> Row | None:
    """A case's series, locked."""
    return tx.one("SELECT * FROM photo_series WHERE case_id = :case FOR UPDATE", {"case": case_id})


def get(tx: Tx, series_id: int) -> Row | None:
    """One series, locked."""
    return tx.one("SELECT * FROM photo_series WHERE id = :id FOR UPDATE", {"id": series_id})


def settle(tx: Tx, series_id: int, *, state: str, missing: str, shown: str) -> None:
    """What is known of a series by now, and what its line says."""
    tx.execute(
        "UPDATE photo_series SET state = :state, missing = :missing, shown = :shown WHERE id = :id",
        {"id": series_id, "state": state, "missing": missing, "shown": shown},
    )


def count(tx: Tx, case_id: int, first_message: int) -> int:
    """Photos that the dentist has sent since a message and that are not taken back or refused."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM attachment a JOIN message m ON m.id = a.message_id
           WHERE m.case_id = :case AND m.side = 'dentist' AND m.id >= :first AND m.state <> 'withdrawn'
             AND a.state IN ('to_fetch', 'stored', 'asking')
             AND (a.kind = 'photo' OR SUBSTR(a.mime, 1, 6) = 'image/')""",
        {"case": case_id, "first": first_message},
    )
    assert row is not None
    return int(row["n"])


def tell_once(tx: Tx, person_id: int, what: str, now: int) -> bool:
    """Whether a person is told this for the first time; they are not told again."""
    changed = tx.execute(
        """INSERT INTO told_once(person_id, what, told_at) VALUES (:p, :what, :now)
           ON CONFLICT (person_id, what) DO NOTHING""",
        {"p": person_id, "what": what, "now": now},
    )
    return changed > 0
