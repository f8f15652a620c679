"""Accounts: which platform identity is whose. Numeric or opaque ids only."""

from __future__ import annotations

from storage.engine.base import Row, Tx

_FULL = """SELECT a.*, p.name, p.handle, p.role, p.practice_id, p.timezone, p.locked, p.prefers
           FROM account a JOIN person p ON p.id = a.person_id"""


def find(tx: Tx, platform: str, workspace: str, user: str) -> Row | None:
    """The account with this platform id and its person's fields, in whatever state."""
    return tx.one(
        f"{_FULL} WHERE a.platform = :p AND a.workspace = :w AND a.user_ref = :u",
        {"p": platform, "w": workspace, "u": user},
    )


def get(tx: Tx, account_id: int) -> Row | None:
    """One account with its person's fields."""
    return tx.one(f"{_FULL} WHERE a.id = :id", {"id": account_id})


def of_person(tx: Tx, person_id: int) -> list[Row]:
    """A person's accounts that may be written to, the preferred platform first, then the ones known to be reachable."""
    return tx.all(
        f"""{_FULL} WHERE a.person_id = :p AND a.state IN ('active', 'claimed')
            ORDER BY CASE WHEN a.platform = p.prefers THEN 0 ELSE 1 END, COALESCE(a.reachable, -1) DESC, a.id""",
        {"p": person_id},
    )


def reach(tx: Tx, person_id: int) -> Row | None:
    """The account to write to: active, preferred first; one known to be blocked only if there is no other."""
    rows = [row for row in of_person(tx, person_id) if row["state"] == "active"]
    open_rows = [row for row in rows if row["reachable"] != 0]
    return next(iter(open_rows or rows), None)


def set_reachable(tx: Tx, account_id: int, reachable: bool) -> None:
    """Whether the platform lets us write to this account."""
    tx.execute("UPDATE account SET reachable = :r WHERE id = :id", {"id": account_id, "r": int(reachable)})


def coordinators(tx: Tx) -> list[Row]:
    """Every coordinator that is listed and not locked."""
    return tx.all("SELECT * FROM person WHERE role = 'coordinator' AND locked = 0 AND listed = 1 ORDER BY id")
