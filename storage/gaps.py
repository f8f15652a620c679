"""Which cases a platform's outage concerns."""

from __future__ import annotations

from storage.engine.base import Tx


def cases_with_seat(tx: Tx, platform: str, before: int) -> list[int]:
    """Cases that are not over and have a living seat on a platform, taken before a moment (µs); oldest first."""
    rows = tx.all(
        """SELECT DISTINCT c.id FROM case_file c JOIN seat s ON s.case_id = c.id
           WHERE c.state NOT IN ('closed', 'retention') AND s.platform = :p AND s.state IN ('opening', 'open', 'held')
             AND s.created_at < :before ORDER BY c.id""",
        {"p": platform, "before": before},
    )
    return [int(row["id"]) for row in rows]
