"""A seat that moves to another platform: what its old lane still holds, and what took over from what."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def lock_lane(tx: Tx, seat_id: int) -> Row | None:
    """The lane of a seat, locked: nobody claims its head meanwhile."""
    return tx.one("SELECT * FROM lane WHERE seat_id = :seat FOR UPDATE", {"seat": seat_id})


def unsettled(tx: Tx, lane_id: int) -> list[Row]:
    """What a lane still has to do, in order; in doubt or not."""
    return tx.all(
        """SELECT * FROM delivery WHERE lane_id = :lane AND state IN ('queued', 'sending', 'uncertain')
           ORDER BY seq""",
        {"lane": lane_id},
    )


def in_lane(tx: Tx, lane_id: int, message_id: int) -> list[Row]:
    """The deliveries of one message in one lane, in order."""
    return tx.all(
        "SELECT * FROM delivery WHERE message_id = :m AND lane_id = :lane ORDER BY seq",
        {"m": message_id, "lane": lane_id},
    )


def set_delivery_moved(tx: Tx, delivery_id: int, to: int) -> None:
    """A delivery in doubt is made again elsewhere: it is not tried again where it was."""
    tx.execute("UPDATE delivery SET moved_to = :to WHERE id = :id", {"id": delivery_id, "to": to})


def set_repeated(tx: Tx, delivery_id: int) -> None:
    """It may stand in the other room as well, and says so."""
    tx.execute("UPDATE delivery SET repeated = 1 WHERE id = :id", {"id": delivery_id})


def set_card(tx: Tx, delivery_id: int, card: str) -> None:
    """What a delivery belongs to, as its predecessor's did."""
    tx.execute("UPDATE delivery SET card = :card WHERE id = :id", {"id": delivery_id, "card": card})


def set_seat_moved(tx: Tx, seat_id: int, to: int) -> None:
    """The same person goes on in another seat."""
    tx.execute("UPDATE seat SET moved_to = :to WHERE id = :id", {"id": seat_id, "to": to})


def open_questions(tx: Tx, case_id: int) -> list[int]:
    """The messages that open drafts of a case answer."""
    rows = tx.all(
        "SELECT question_id FROM draft WHERE case_id = :case AND state = 'open' ORDER BY id", {"case": case_id}
    )
    return [int(row["question_id"]) for row in rows]


def ask_again(tx: Tx, message_id: int, now: int) -> None:
    """A question is looked at once more: what was offered for it stands in a room that was left."""
    tx.execute(
        "UPDATE draft_job SET state = 'new', attempts = 0, ready_at = :now WHERE message_id = :m",
        {"m": message_id, "now": now},
    )
