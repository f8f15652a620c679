"""Deliveries: one row is one effect on a platform. Their payloads are sealed; their states are what people are told."""

from __future__ import annotations

from collections.abc import Sequence

from storage.engine.base import Row, Tx

OPEN = "('queued', 'sending', 'uncertain')"


def add(
    tx: Tx,
    *,
    id: int,
    lane_id: int,
    kind: str,
    payload: bytes,
    now: int,
    case_id: int | None = None,
    case_epoch: int = 0,
    message_id: int | None = None,
    part: int = 0,
    card: str = "",
    late: bool = False,
    words: int = 1,
) -> None:
    """Queue one delivery at the tail of its lane, just lengthened. `words`: 0 files alone, 1 a text, 2 a caption."""
    tx.execute(
        """INSERT INTO delivery(id, lane_id, seq, case_id, case_epoch, kind, message_id, part, card, payload_sealed,
                                state, queued_at, late, words)
           VALUES (:id, :lane, (SELECT tail_seq FROM lane WHERE id = :lane), :case, :epoch, :kind, :message, :part,
                   :card, :payload, 'queued', :now, :late, :words)""",
        {
            "id": id,
            "lane": lane_id,
            "case": case_id,
            "epoch": case_epoch,
            "kind": kind,
            "message": message_id,
            "part": part,
            "card": card,
            "payload": payload,
            "now": now,
            "late": int(late),
            "words": words,
        },
    )


def head(tx: Tx, lane_id: int, seq: int) -> Row | None:
    """The delivery at one place of a lane, with the state of the message it is of as `message_state`."""
    return tx.one(
        """SELECT d.*, m.state AS message_state FROM delivery d LEFT JOIN message m ON m.id = d.message_id
           WHERE d.lane_id = :lane AND d.seq = :seq""",
        {"lane": lane_id, "seq": seq},
    )


def get(tx: Tx, delivery_id: int) -> Row | None:
    """One delivery."""
    return tx.one("SELECT * FROM delivery WHERE id = :id", {"id": delivery_id})


def mark_sending(tx: Tx, leaving: Sequence[tuple[int, bool]], now: int) -> set[int]:
    """Commit that requests are about to leave: (delivery, whether it may be there already); those that may not."""
    marked = tx.many(
        """UPDATE delivery SET state = 'sending', attempts = attempts + 1, started_at = :now,
             repeated = CASE WHEN :repeated = 1 THEN 1 ELSE repeated END
           WHERE id = :id AND state IN ('queued', 'sending', 'uncertain')""",
        [{"id": delivery, "now": now, "repeated": int(repeated)} for delivery, repeated in leaving],
    )
    if marked == len(leaving):
        return set()
    rows = [get(tx, delivery) for delivery, _ in leaving]
    return {int(row["id"]) for row in rows if row is not None and row["state"] != "sending"}


def set_payload(tx: Tx, delivery_id: int, payload: bytes, words: int) -> None:
    """What it carries is settled otherwise than it was queued."""
    tx.execute(
        "UPDATE delivery SET payload_sealed = :p, words = :w WHERE id = :id",
        {"id": delivery_id, "p": payload, "w": words},
    )


def natives(tx: Tx, delivery_id: int, message_id: int) -> list[str]:
    """Every message that a delivery of a person's message stands as, in order."""
    rows = tx.all(
        "SELECT native_id FROM message_part WHERE message_id = :m AND copy = :d ORDER BY part",
        {"m": message_id, "d": delivery_id},
    )
    return [str(row["native_id"]) for row in rows]


def count_from(tx: Tx, delivery_id: int, now: int) -> None:
    """The clock was put back since this was tried: what is counted from the try is counted from now."""
    tx.execute("UPDATE delivery SET started_at = :now WHERE id = :id", {"id": delivery_id, "now": now})


def mark_queued(tx: Tx, delivery_id: int, error: str) -> None:
    """Certain that nothing happened: back to the queue."""
    tx.execute("UPDATE delivery SET state = 'queued', error = :e WHERE id = :id", {"id": delivery_id, "e": error})


def mark_uncertain(tx: Tx, delivery_id: int, error: str) -> None:
    """Nobody can say whether it happened."""
    tx.execute("UPDATE delivery SET state = 'uncertain', error = :e WHERE id = :id", {"id": delivery_id, "e": error})


def mark_sent(
    tx: Tx, delivery_id: int, now: int, native_id: str, chat: str, topic: str, *, moved: bool = False
) -> bool:
    """It stands on the platform under `native_id`; False, and nothing is done, if it was settled before.

    Or if it is made again in another room meanwhile: then once more as `moved`.
    """
    sent = tx.execute(
        """UPDATE delivery SET state = 'sent', settled_at = :now, native_id = :native, chat = :chat, topic = :topic,
             error = ''
           WHERE id = :id AND state IN ('sending', 'uncertain') AND (moved_to IS NULL OR :moved = 1)""",
        {"id": delivery_id, "now": now, "native": native_id, "chat": chat, "topic": topic, "moved": int(moved)},
    )
    return sent == 1


def mark_failed(tx: Tx, delivery_id: int, now: int, error: str) -> None:
    """Parked for good, a dead letter: its payload is kept for a retry."""
    tx.execute(
        "UPDATE delivery SET state = 'failed', settled_at = :now, error = :e WHERE id = :id",
        {"id": delivery_id, "now": now, "e": error},
    )


def mark_void(tx: Tx, delivery_id: int, now: int, error: str) -> None:
    """It must no longer be sent; its payload goes."""
    tx.execute(
        """UPDATE delivery SET state = 'void', settled_at = :now, error = :e, payload_sealed = NULL WHERE id = :id""",
        {"id": delivery_id, "now": now, "e": error},
    )


def set_resume(tx: Tx, delivery_id: int, resume: str) -> None:
    """Commit a platform's id before the step that would otherwise be in doubt."""
    tx.execute("UPDATE delivery SET resume = :r WHERE id = :id", {"id": delivery_id, "r": resume})


def clear_payloads(tx: Tx, before: int, limit: int) -> int:
    """Forget what was in deliveries that stand since before `before` (µs); how many, at most `limit`."""
    return tx.execute(
        """UPDATE delivery SET payload_sealed = NULL WHERE id IN
             (SELECT id FROM delivery WHERE state = 'sent' AND payload_sealed IS NOT NULL AND settled_at < :before
              ORDER BY settled_at LIMIT :limit)""",
        {"before": before, "limit": limit},
    )


def of_message(tx: Tx, message_id: int) -> list[Row]:
    """Every delivery that carries a part of a message, in lane order."""
    return tx.all("SELECT * FROM delivery WHERE message_id = :m ORDER BY lane_id, seq", {"m": message_id})


def states_of(tx: Tx, message_id: int) -> list[Row]:
    """Id, lane and state of each of them."""
    return tx.all("SELECT id, lane_id, state FROM delivery WHERE message_id = :m", {"m": message_id})


def corrections(tx: Tx, case_id: int, message_id: int) -> list[Row]:
    """What told the other side of a message's edits, in words of their own."""
    return tx.all(
        """SELECT d.* FROM delivery d JOIN lane l ON l.id = d.lane_id
           WHERE l.case_id = :case AND d.card = :card AND d.card <> '' ORDER BY d.lane_id, d.seq""",
        {"case": case_id, "card": _correction(message_id)},
    )


def set_correction(tx: Tx, delivery_id: int, message_id: int) -> None:
    """A delivery repeats the words of a message to correct them: it goes with the message when that is withdrawn."""
    tx.execute("UPDATE delivery SET card = :card WHERE id = :id", {"id": delivery_id, "card": _correction(message_id)})


def _correction(message_id: int) -> str:
    return f"correction:{message_id}"


def newest_card(tx: Tx, lane_id: int, card: str) -> Row | None:
    """The newest delivery of a standing message in a lane that was sent or will be."""
    return tx.one(
        """SELECT * FROM delivery WHERE lane_id = :lane AND card = :card AND card <> '' AND kind = 'post'
             AND state NOT IN ('void', 'failed') ORDER BY seq DESC LIMIT 1""",
        {"lane": lane_id, "card": card},
    )


def void_open(tx: Tx, now: int, reason: str, *, lane_id: int, below_epoch: int) -> list[Row]:
    """Void what a lane still holds for older parties; returns the rows that were voided."""
    return tx.all(
        """UPDATE delivery SET state = 'void', settled_at = :now, error = :why, payload_sealed = NULL
            WHERE lane_id = :lane AND state = 'queued' AND case_epoch > 0 AND case_epoch < :epoch
            RETURNING id, message_id, part""",
        {"lane": lane_id, "now": now, "why": reason, "epoch": below_epoch},
    )


def void_queued(tx: Tx, lane_id: int, now: int, reason: str) -> int:
    """Void what a lane has not begun to send; how many there were."""
    return tx.execute(
        """UPDATE delivery SET state = 'void', settled_at = :now, error = :why, payload_sealed = NULL
            WHERE lane_id = :lane AND state = 'queued'""",
        {"lane": lane_id, "now": now, "why": reason},
    )


def listing(tx: Tx, *, dead_only: bool, limit: int) -> list[Row]:
    """Open and failed deliveries with their destination's state, oldest first; no content.

    What is open is found by its lane, between the lane's head and its tail: no index holds what goes out as it should.
    """
    among = "SELECT id FROM delivery WHERE state = 'failed'"
    if not dead_only:
        among += f""" UNION ALL SELECT o.id FROM lane w JOIN delivery o ON o.lane_id = w.id
                        AND o.seq BETWEEN w.head_seq AND w.tail_seq
                      WHERE w.head_seq <= w.tail_seq AND o.state IN {OPEN}"""  # noqa: S608 - of a constant
    return tx.all(
        f"""SELECT d.id, d.kind, d.state, d.attempts, d.queued_at, d.started_at, d.error, d.part, l.platform,
                   l.paused, c.ref, m.no
            FROM delivery d JOIN lane l ON l.id = d.lane_id
            LEFT JOIN case_file c ON c.id = d.case_id LEFT JOIN message m ON m.id = d.message_id
            WHERE d.id IN ({among}) ORDER BY d.queued_at, d.id LIMIT :limit""",  # noqa: S608 - of constants
        {"limit": limit},
    )


def latest(tx: Tx, limit: int) -> list[Row]:
    """The newest deliveries in any state, newest first; no content."""
    return tx.all(
        """SELECT d.id, d.kind, d.state, d.attempts, d.queued_at, d.settled_at, d.error, d.card, l.platform, c.ref, m.no
           FROM delivery d JOIN lane l ON l.id = d.lane_id
           LEFT JOIN case_file c ON c.id = d.case_id LEFT JOIN message m ON m.id = d.message_id
           ORDER BY d.id DESC LIMIT :limit""",
        {"limit": limit},
    )


def count_failed(tx: Tx) -> int:
    """How many dead letters are open."""
    row = tx.one("SELECT COUNT(*) AS n FROM delivery WHERE state = 'failed'")
    return 0 if row is None else int(row["n"])
