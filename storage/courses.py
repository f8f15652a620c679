"""What moved the dates of a case, in order, and where they stand."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add_change(tx: Tx, *, id: int, case_id: int, seq: int, kind: str, person_id: int, change: bytes, now: int) -> None:
    """Add to the ledger; `seq` is one more than that of `changes`' last."""
    tx.execute(
        """INSERT INTO timeline_change(id, case_id, seq, kind, person_id, change_sealed, made_at)
           VALUES (:id, :case, :seq, :kind, :person, :change, :now)""",
        {"id": id, "case": case_id, "seq": seq, "kind": kind, "person": person_id, "change": change, "now": now},
    )


def changes(tx: Tx, case_id: int) -> list[Row]:
    """The ledger of a case, in order."""
    return tx.all("SELECT * FROM timeline_change WHERE case_id = :case ORDER BY seq", {"case": case_id})


def put(tx: Tx, case_id: int, *, version: int, finish_on: str, late_on: str, colour: str, now: int) -> None:
    """Where the dates stand now."""
    tx.execute(
        """INSERT INTO case_course(case_id, version, finish_on, late_on, colour, told_at)
           VALUES (:case, :version, :finish, :late, :colour, :now)
           ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, finish_on = excluded.finish_on,
             late_on = excluded.late_on, colour = excluded.colour, told_at = excluded.told_at""",
        {"case": case_id, "version": version, "finish": finish_on, "late": late_on, "colour": colour, "now": now},
    )


def get(tx: Tx, case_id: int) -> Row | None:
    """Where the dates of a case stand; None before the first."""
    return tx.one("SELECT * FROM case_course WHERE case_id = :case", {"case": case_id})
