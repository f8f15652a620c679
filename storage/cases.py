"""Cases: who the parties are, the epoch that fences them, and whose turn it is."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def get(tx: Tx, case_id: int) -> Row | None:
    """One case."""
    return tx.one("SELECT * FROM case_file WHERE id = :id", {"id": case_id})


def by_ref(tx: Tx, ref: str) -> Row | None:
    """A case by its reference."""
    return tx.one("SELECT * FROM case_file WHERE ref = :ref", {"ref": ref})


def set_turn(tx: Tx, case_id: int, side: str, now: int) -> None:
    """Who owes the next reply; the clock starts anew only when the side changes."""
    tx.execute(
        """UPDATE case_file SET turn_since = CASE WHEN turn = :side THEN turn_since ELSE CAST(:now AS BIGINT) END,
             turn = :side WHERE id = :id""",
        {"id": case_id, "side": side, "now": now},
    )
