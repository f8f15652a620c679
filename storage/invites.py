"""Invites: one-use codes for one person, kept only as keyed hashes."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(tx: Tx, id: int, person_id: int, code_hash: str, now: int, expires_at: int) -> None:
    """Record a new invite."""
    tx.execute(
        """INSERT INTO invite(id, person_id, code_hash, created_at, expires_at)
           VALUES (:id, :person, :hash, :now, :expires)""",
        {"id": id, "person": person_id, "hash": code_hash, "now": now, "expires": expires_at},
    )


def take(tx: Tx, code_hash: str, now: int, skew: int) -> Row | None:
    """Use the invite with this code if it is good: the one winner of any race gets its row.

    One made more than `skew` in the future was made by a wrong clock and would live too long: it is not good.
    """
    return tx.one(
        """UPDATE invite SET used_at = :now
           WHERE code_hash = :hash AND used_at IS NULL AND expires_at > :now AND created_at <= :latest
           RETURNING *""",
        {"hash": code_hash, "now": now, "latest": now + skew},
    )


def find(tx: Tx, code_hash: str) -> Row | None:
    """The invite with this code, good or not, with its person's handle."""
    return tx.one(
        "SELECT i.*, p.handle FROM invite i JOIN person p ON p.id = i.person_id WHERE i.code_hash = :hash",
        {"hash": code_hash},
    )


def set_account(tx: Tx, invite_id: int, account_id: int) -> None:
    """Which account claimed with it."""
    tx.execute("UPDATE invite SET account_id = :account WHERE id = :id", {"id": invite_id, "account": account_id})


def withdraw(tx: Tx, person_id: int, now: int) -> int:
    """A newer invite replaces the unused ones of a person; how many were still open."""
    return tx.execute(
        "UPDATE invite SET used_at = :now WHERE person_id = :person AND used_at IS NULL",
        {"person": person_id, "now": now},
    )
