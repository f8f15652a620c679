"""Questions as dentists asked them, in words for any case, that specialists added to entries of the library."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, *, id: int, entry_id: str, case_id: int, draft_id: int, person_id: int, words: bytes, now: int) -> None:
    """Keep one, sealed under the case it comes from."""
    tx.execute(
        """INSERT INTO faq_phrasing(id, entry_id, case_id, draft_id, person_id, state, words_sealed, made_at)
           VALUES (:id, :entry, :case, :draft, :person, 'active', :words, :now)""",
        {
            "id": id,
            "entry": entry_id,
            "case": case_id,
            "draft": draft_id,
            "person": person_id,
            "words": words,
            "now": now,
        },
    )


def active(tx: Tx) -> list[Row]:
    """Every one in use, the oldest first."""
    return tx.all("SELECT * FROM faq_phrasing WHERE state = 'active' ORDER BY id", {})


def get(tx: Tx, phrasing_id: int) -> Row | None:
    """One phrasing, locked."""
    return tx.one("SELECT * FROM faq_phrasing WHERE id = :id FOR UPDATE", {"id": phrasing_id})


def made_from(tx: Tx, draft_id: int) -> Row | None:
    """The phrasing in use that was made from a draft."""
    return tx.one("SELECT * FROM faq_phrasing WHERE draft_id = :draft AND state = 'active'", {"draft": draft_id})


def retire(tx: Tx, phrasing_id: int) -> bool:
    """It is searched no more; its words go. False if it was not in use."""
    return (
        tx.execute(
            "UPDATE faq_phrasing SET state = 'retired', words_sealed = NULL WHERE id = :id AND state = 'active'",
            {"id": phrasing_id},
        )
        == 1
    )


def withdraw(tx: Tx, case_id: int) -> int:
    """The case is erased: none of its phrasings holds a word any more; how many were in use."""
    return tx.execute(
        """UPDATE faq_phrasing SET state = 'withdrawn', words_sealed = NULL
           WHERE case_id = :case AND state = 'active'""",
        {"case": case_id},
    )
