"""Facts about the service itself, and which unknown accounts were answered lately."""

from __future__ import annotations

from storage.engine.base import Tx, first


def get(tx: Tx, name: str) -> str | None:
    """A fact by its name, None if it was never written."""
    row = first(tx.kept("SELECT value FROM service_setting WHERE name = :name", {"name": name}))
    return None if row is None else str(row["value"])


def put(tx: Tx, name: str, value: str, now: int) -> None:
    """Write a fact. Never a secret."""
    tx.execute(
        """INSERT INTO service_setting(name, value, set_at) VALUES (:name, :value, :now)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at""",
        {"name": name, "value": value, "now": now},
    )


def answer_stranger(tx: Tx, account_hash: str, now: int, quiet: int) -> bool:
    """Whether an unknown account is due an answer, and mark it as answered. A clock set back counts as due."""
    changed = tx.execute(
        """INSERT INTO stranger(account_hash, answered_at) VALUES (:hash, :now)
           ON CONFLICT (account_hash) DO UPDATE SET answered_at = excluded.answered_at
           WHERE stranger.answered_at <= :before OR stranger.answered_at > :now""",
        {"hash": account_hash, "now": now, "before": now - quiet},
    )
    return changed == 1


def forget_strangers(tx: Tx, before: int) -> int:
    """Delete marks older than `before`; how many."""
    return tx.execute("DELETE FROM stranger WHERE answered_at < :before", {"before": before})
