"""Accounts: which platform identity is whose. Numeric or opaque ids only."""

from __future__ import annotations

from storage.engine.base import Row, Tx, first

_FULL = """SELECT a.*, p.name, p.handle, p.role, p.practice_id, p.timezone, p.locked, p.prefers
           FROM account a JOIN person p ON p.id = a.person_id"""


def find(tx: Tx, platform: str, workspace: str, user: str) -> Row | None:
    """The account with this platform id and its person's fields, in whatever state."""
    return first(
        tx.kept(
            f"{_FULL} WHERE a.platform = :p AND a.workspace = :w AND a.user_ref = :u",
            {"p": platform, "w": workspace, "u": user},
        )
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


def of_person_any(tx: Tx, person_id: int) -> list[Row]:
    """Every account a person has or had, in whatever state, oldest first."""
    return tx.all(f"{_FULL} WHERE a.person_id = :p ORDER BY a.id", {"p": person_id})


def claim(tx: Tx, id: int, person_id: int, platform: str, workspace: str, user: str, now: int) -> int | None:
    """Somebody says this account is that person; its id, or None while it is bound to anybody already.

    A claim refused or removed earlier may be made again with a new invite.
    """
    row = tx.one(
        """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, reachable, claimed_at)
           VALUES (:id, :person, :p, :w, :u, 'claimed', 1, :now)
           ON CONFLICT (platform, workspace, user_ref) DO UPDATE
             SET person_id = excluded.person_id, state = 'claimed', reachable = 1, claimed_at = excluded.claimed_at,
                 confirmed_by = NULL
             WHERE account.state IN ('refused', 'removed')
           RETURNING id""",
        {"id": id, "person": person_id, "p": platform, "w": workspace, "u": user, "now": now},
    )
    return None if row is None else int(row["id"])


def bind(tx: Tx, id: int, person_id: int, platform: str, workspace: str, user: str, now: int) -> bool:
    """The roster says whose account this is: it counts at once. True if that is new."""
    return (
        tx.execute(
            """INSERT INTO account(id, person_id, platform, workspace, user_ref, state, claimed_at)
               VALUES (:id, :person, :p, :w, :u, 'active', :now)
               ON CONFLICT (platform, workspace, user_ref) DO UPDATE
                 SET person_id = excluded.person_id, state = 'active'
                 WHERE account.state <> 'active' OR account.person_id <> excluded.person_id""",
            {"id": id, "person": person_id, "p": platform, "w": workspace, "u": user, "now": now},
        )
        == 1
    )


def remove(tx: Tx, account_id: int) -> None:
    """It counts for nobody any more; an invitation or the roster may bind it again."""
    tx.execute("UPDATE account SET state = 'removed' WHERE id = :id AND state = 'active'", {"id": account_id})


def has_seat(tx: Tx, account_id: int) -> bool:
    """Whether a living seat ends at this account."""
    query = "SELECT 1 AS one FROM seat WHERE account_id = :id AND state <> 'closed' LIMIT 1"
    return tx.one(query, {"id": account_id}) is not None


def settle_claim(tx: Tx, account_id: int, state: str, by: int | None) -> bool:
    """Confirm ('active') or refuse a claim; False if it is not waiting any more."""
    return (
        tx.execute(
            """UPDATE account SET state = :state, confirmed_by = CAST(:by AS BIGINT)
               WHERE id = :id AND state = 'claimed'""",
            {"id": account_id, "state": state, "by": by},
        )
        == 1
    )


def claimed(tx: Tx) -> list[Row]:
    """Every claim that waits for a coordinator, oldest first."""
    return tx.all(f"{_FULL} WHERE a.state = 'claimed' ORDER BY a.claimed_at, a.id")


def everyones(tx: Tx) -> list[Row]:
    """Every account that is or may become somebody's, by person and age."""
    return tx.all(f"{_FULL} WHERE a.state IN ('active', 'claimed') ORDER BY a.person_id, a.id")
