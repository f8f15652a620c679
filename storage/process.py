"""The number each start of the program takes for its ids (`bot.domain.ids.IdSource`)."""

from __future__ import annotations

from storage.engine.base import Tx


def take_number(tx: Tx) -> int:
    """A number no earlier start on this database had; IdSource counts it modulo its own range."""
    row = tx.one("UPDATE process_number SET next = next + 1 WHERE one = 1 RETURNING next")
    if row is None:
        raise LookupError("process_number has lost its row")
    return int(row["next"]) - 1
