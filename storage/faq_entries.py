"""Versions of library entries made from chat: the newest of each id counts, the others stay on record."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def newest(tx: Tx) -> list[Row]:
    """The newest version of every entry that was changed, by id."""
    return tx.all(
        """SELECT * FROM faq_entry AS one
           WHERE version = (SELECT MAX(version) FROM faq_entry AS other WHERE other.id = one.id) ORDER BY id""",
        {},
    )


def add(tx: Tx, *, id: str, version: int, state: str, entry: str, person_id: int, now: int) -> bool:
    """Keep a version; False if somebody else has just made it."""
    return (
        tx.execute(
            """INSERT INTO faq_entry(id, version, state, entry, person_id, made_at)
               VALUES (:id, :version, :state, :entry, :person, :now) ON CONFLICT DO NOTHING""",
            {"id": id, "version": version, "state": state, "entry": entry, "person": person_id, "now": now},
        )
        == 1
    )


def count(tx: Tx) -> int:
    """How many versions there are: it grows with every change, for none is ever deleted."""
    row = tx.one("SELECT COUNT(*) AS n FROM faq_entry", {})
    return 0 if row is None else int(row["n"])
