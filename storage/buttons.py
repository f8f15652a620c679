"""Buttons and form tokens: nonces kept as keyed hashes, each good for one person and, mostly, one press."""

from __future__ import annotations

from storage import cases
from storage.engine.base import Row, Tx


def add(
    tx: Tx,
    *,
    token_hash: str,
    action: str,
    person_id: int | None,
    account_hash: str,
    case_id: int | None,
    case_epoch: int,
    data: str,
    group: str,
    once: bool,
    now: int,
    expires_at: int,
) -> None:
    """Record a button; `data` is JSON of ids and choices, never content."""
    tx.execute(
        """INSERT INTO button(token_hash, action, person_id, account_hash, case_id, case_epoch, data, grp, once,
                              made_at, expires_at)
           VALUES (:hash, :action, :person, :account, :case, :epoch, :data, :grp, :once, :now, :expires)""",
        {
            "hash": token_hash,
            "action": action,
            "person": person_id,
            "account": account_hash,
            "case": case_id,
            "epoch": case_epoch,
            "data": data,
            "grp": group,
            "once": int(once),
            "now": now,
            "expires": expires_at,
        },
    )


def get(tx: Tx, token_hash: str) -> Row | None:
    """One button with the present epoch of its case and its person's lock; case, button and group are locked.

    They are locked before they are read, so that of two presses, or a press and a change of parties, one comes first.
    """
    hint = tx.one("SELECT case_id, grp FROM button WHERE token_hash = :hash", {"hash": token_hash})
    if hint is None:
        return None
    if hint["case_id"] is not None:
        cases.lock(tx, hint["case_id"])
    tx.all(
        """SELECT token_hash FROM button WHERE token_hash = :hash OR (grp = :grp AND grp <> '')
           ORDER BY token_hash FOR UPDATE""",
        {"hash": token_hash, "grp": hint["grp"]},
    )
    return tx.one(
        """SELECT b.*, (SELECT epoch FROM case_file c WHERE c.id = b.case_id) AS epoch_now,
                  COALESCE((SELECT locked FROM person p WHERE p.id = b.person_id), 0) AS person_locked
           FROM button b WHERE b.token_hash = :hash""",
        {"hash": token_hash},
    )


def use(tx: Tx, token_hash: str, group: str, now: int) -> None:
    """Use up a button and its whole group."""
    tx.execute(
        """UPDATE button SET used_at = :now
           WHERE used_at IS NULL AND (token_hash = :hash OR (grp = :grp AND grp <> ''))""",
        {"hash": token_hash, "grp": group, "now": now},
    )


def void_group(tx: Tx, group: str, now: int) -> int:
    """What the buttons of a group asked is settled some other way; how many were open."""
    return tx.execute(
        "UPDATE button SET used_at = :now WHERE grp = :grp AND grp <> '' AND used_at IS NULL",
        {"grp": group, "now": now},
    )


def void_person(tx: Tx, person_id: int, now: int) -> int:
    """No button made for this person works any more; how many were open."""
    return tx.execute(
        "UPDATE button SET used_at = :now WHERE person_id = :person AND used_at IS NULL",
        {"person": person_id, "now": now},
    )


def void_case(tx: Tx, case_id: int, below_epoch: int, now: int) -> int:
    """The parties of a case changed: its buttons of older epochs do nothing any more; how many were open."""
    return tx.execute(
        """UPDATE button SET used_at = :now
           WHERE case_id = :case AND case_epoch > 0 AND case_epoch < :epoch AND used_at IS NULL""",
        {"case": case_id, "epoch": below_epoch, "now": now},
    )


def forget(tx: Tx, before: int) -> int:
    """Delete buttons that ran out before `before`; how many."""
    return tx.execute("DELETE FROM button WHERE expires_at < :before", {"before": before})
