"""Pictures that were asked for, until they stand where they were: timelines in a room, charts in a private chat."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def ask(
    tx: Tx, id: int, now: int, *, case_id: int | None = None, seat_id: int | None = None, account_id: int | None = None
) -> None:
    """Ask for the timeline of a case into a seat's room, or for the charts of a report into an account's chat."""
    tx.execute(
        """INSERT INTO drawing(id, case_id, seat_id, account_id, state, ready_at)
           VALUES (:id, CAST(:case AS BIGINT), CAST(:seat AS BIGINT), CAST(:account AS BIGINT), 'asked', :now)""",
        {"id": id, "case": case_id, "seat": seat_id, "account": account_id, "now": now},
    )


def take(tx: Tx, now: int, until: int, *, charts: bool = False) -> Row | None:
    """The next timeline, or `charts`, left to its worker until `until`; its `attempts` counts this try."""
    return tx.one(
        """UPDATE drawing SET ready_at = :until, attempts = attempts + 1 WHERE id IN
             (SELECT id FROM drawing WHERE state = 'asked' AND (ready_at <= :now OR ready_at > :until)
                AND CASE WHEN account_id IS NULL THEN 0 ELSE 1 END = :charts
              ORDER BY ready_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING *""",
        {"now": now, "until": until, "charts": int(charts)},
    )


def get(tx: Tx, drawing_id: int) -> Row | None:
    """One, locked."""
    return tx.one("SELECT * FROM drawing WHERE id = :id FOR UPDATE", {"id": drawing_id})


def settle(tx: Tx, drawing_id: int, state: str, *, blob: str = "", delivery_id: int | None = None) -> bool:
    """Drawn and on its way, or given up; False if it was settled before."""
    return (
        tx.execute(
            """UPDATE drawing SET state = :state, blob = :blob, delivery_id = CAST(:delivery AS BIGINT)
               WHERE id = :id AND state = 'asked'""",
            {"id": drawing_id, "state": state, "blob": blob, "delivery": delivery_id},
        )
        == 1
    )


def again(tx: Tx, drawing_id: int, at: int) -> None:
    """Try once more at this moment."""
    tx.execute("UPDATE drawing SET ready_at = :at WHERE id = :id", {"id": drawing_id, "at": at})


def let_go(tx: Tx, now: int) -> None:
    """Nobody is drawing: what a process that has ended had taken is due now."""
    tx.execute("UPDATE drawing SET ready_at = :now WHERE state = 'asked' AND ready_at > :now", {"now": now})


def waits(tx: Tx, blob: str) -> bool:
    """Whether a picture in the blob store is still on its way."""
    return (
        tx.one(
            """SELECT 1 AS here FROM drawing t JOIN delivery d ON d.id = t.delivery_id
               WHERE t.blob = :blob AND t.blob <> '' AND d.state IN ('queued', 'sending', 'uncertain') LIMIT 1""",
            {"blob": blob},
        )
        is not None
    )
