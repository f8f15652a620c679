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


def newest_of(tx: Tx, entry_id: str) -> Row | None:
    """The newest version of one entry; None if it was never changed."""
    return tx.one("SELECT * FROM faq_entry WHERE id = :id ORDER BY version DESC LIMIT 1", {"id": entry_id})


def add(
    tx: Tx,
    *,
    id: str,
    version: int,
    state: str,
    entry: str,
    person_id: int,
    now: int,
    case_id: int | None = None,
    draft_id: int | None = None,
    sealed: bytes | None = None,
) -> bool:
    """Keep a version, `sealed` under the case it comes from if there is one; False if somebody has just made it."""
    return (
        tx.execute(
            """INSERT INTO faq_entry(id, version, state, entry, person_id, made_at, case_id, draft_id, entry_sealed)
               VALUES (:id, :version, :state, :entry, :person, :now, :case, :draft, :sealed) ON CONFLICT DO NOTHING""",
            {
                "id": id,
                "version": version,
                "state": state,
                "entry": entry,
                "person": person_id,
                "now": now,
                "case": case_id,
                "draft": draft_id,
                "sealed": sealed,
            },
        )
        == 1
    )


def origin(tx: Tx, entry_id: str) -> Row | None:
    """The case and draft that an entry was made from; None where it comes from no case."""
    return tx.one(
        "SELECT case_id, draft_id FROM faq_entry WHERE id = :id AND case_id IS NOT NULL ORDER BY version LIMIT 1",
        {"id": entry_id},
    )


def made_from(tx: Tx, draft_id: int) -> Row | None:
    """The newest version of an entry that was made from a draft."""
    return tx.one(
        "SELECT * FROM faq_entry WHERE draft_id = :draft ORDER BY version DESC LIMIT 1",
        {"draft": draft_id},
    )


def withdraw(tx: Tx, case_id: int) -> list[str]:
    """The case is erased: no version of what was made from it holds a word any more; the id of each version."""
    rows = tx.all(
        """UPDATE faq_entry SET state = 'withdrawn', entry = '', entry_sealed = NULL
           WHERE case_id = :case AND state <> 'withdrawn' RETURNING id""",
        {"case": case_id},
    )
    return [str(row["id"]) for row in rows]


def withdraw_made_of(tx: Tx, topic: str) -> list[str]:
    """An answer is gone: nor does what was made from a draft of it hold a word any more; the id of each version."""
    rows = tx.all(
        """UPDATE faq_entry SET state = 'withdrawn', entry = '', entry_sealed = NULL
           WHERE state <> 'withdrawn' AND draft_id IN (SELECT id FROM draft WHERE topic = :topic) RETURNING id""",
        {"topic": topic},
    )
    return [str(row["id"]) for row in rows]


def revision(tx: Tx) -> int:
    """Grows with every change of entries and phrasings, whoever makes it: nothing of them is ever deleted."""
    row = tx.one(
        """SELECT (SELECT COUNT(*) FROM faq_entry)
                + (SELECT COUNT(*) FROM faq_entry WHERE state = 'withdrawn')
                + (SELECT COUNT(*) FROM faq_phrasing)
                + (SELECT COUNT(*) FROM faq_phrasing WHERE state <> 'active') AS n""",
        {},
    )
    return 0 if row is None else int(row["n"])
