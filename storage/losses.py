"""What one side could not show as the other wrote it: counted by kind for each person and case, told once."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def count(tx: Tx, case_id: int, person_id: int, kind: str, times: int, now: int) -> bool:
    """Count a loss; whether its writer has still to be told of this kind, which counts as told from now on."""
    tx.execute(
        """INSERT INTO loss(case_id, person_id, kind, times, told, first_at) VALUES (:case, :p, :kind, :n, 0, :now)
           ON CONFLICT (case_id, person_id, kind) DO UPDATE SET times = loss.times + excluded.times""",
        {"case": case_id, "p": person_id, "kind": kind, "n": times, "now": now},
    )
    return (
        tx.execute(
            "UPDATE loss SET told = 1 WHERE case_id = :case AND person_id = :p AND kind = :kind AND told = 0",
            {"case": case_id, "p": person_id, "kind": kind},
        )
        == 1
    )


def totals(tx: Tx) -> list[Row]:
    """For the report: each kind, how often (`times`) and in how many cases (`cases`), the most frequent first."""
    return tx.all(
        """SELECT kind, CAST(SUM(times) AS BIGINT) AS times, COUNT(DISTINCT case_id) AS cases FROM loss
           GROUP BY kind ORDER BY times DESC, kind"""
    )


def of_case(tx: Tx, case_id: int) -> list[Row]:
    """What was lost in one case, by person and kind."""
    return tx.all("SELECT * FROM loss WHERE case_id = :case ORDER BY person_id, kind", {"case": case_id})
