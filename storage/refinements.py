"""Refinements and mid-course corrections that were asked for, and which files came since."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def add(
    tx: Tx,
    *,
    id: int,
    case_id: int,
    no: int,
    kind: str,
    reason: str,
    asked_by: int,
    scan_on: str,
    lead_days: int,
    holding: int | None,
    first_message: int,
    now: int,
) -> None:
    """Keep one; `no` is one more than that of `newest`."""
    tx.execute(
        """INSERT INTO refinement(id, case_id, no, kind, reason, asked_by, scan_on, lead_days, holding, first_message,
                                  state, asked_at)
           VALUES (:id, :case, :no, :kind, :reason, :by, :scan, :lead, :holding, :first, 'asked', :now)""",
        {
            "id": id,
            "case": case_id,
            "no": no,
            "kind": kind,
            "reason": reason,
            "by": asked_by,
            "scan": scan_on,
            "lead": lead_days,
            "holding": holding,
            "first": first_message,
            "now": now,
        },
    )


def newest(tx: Tx, case_id: int) -> Row | None:
    """The last one asked for in a case."""
    return tx.one("SELECT * FROM refinement WHERE case_id = :case ORDER BY no DESC LIMIT 1", {"case": case_id})


def set_arrived(tx: Tx, refinement_id: int, on: str | None) -> None:
    """The day (ISO) its new set came; None: it has not."""
    tx.execute("UPDATE refinement SET arrived_on = CAST(:on AS TEXT) WHERE id = :id", {"id": refinement_id, "on": on})


def planned(tx: Tx, case_id: int) -> int:
    """A plan was made: what was asked for is planned; how many."""
    return tx.execute(
        "UPDATE refinement SET state = 'planned' WHERE case_id = :case AND state = 'asked'", {"case": case_id}
    )


def types_since(tx: Tx, case_id: int, first_message: int) -> list[str]:
    """The type of every stored file that the dentist sent from this message number on."""
    rows = tx.all(
        """SELECT a.mime FROM attachment a JOIN message m ON m.id = a.message_id
           WHERE a.case_id = :case AND m.side = 'dentist' AND m.no >= :first AND a.state = 'stored'
             AND m.state <> 'withdrawn'""",
        {"case": case_id, "first": first_message},
    )
    return [str(row["mime"]) for row in rows]
