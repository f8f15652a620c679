"""What is known of a room's messages, for reading the room again after an outage."""

from __future__ import annotations

from storage.engine.base import Row, Tx


def rooms(tx: Tx, platform: str) -> list[Row]:
    """Every room of a platform in which a person's words count, oldest first: open and held seats of living cases."""
    return tx.all(
        """SELECT s.id, s.platform, s.workspace, s.chat, s.topic FROM seat s JOIN case_file c ON c.id = s.case_id
           WHERE s.platform = :p AND s.state IN ('open', 'held') AND s.chat <> '' AND c.state <> 'closed'
           ORDER BY s.id""",
        {"p": platform},
    )


def known(tx: Tx, seat_id: int, since: int) -> list[Row]:
    """Native messages of a seat's own person since a moment (µs) that were not taken back; at most the last 2,000."""
    return tx.all(
        """SELECT p.native_id, m.edited_at, m.reply_to FROM message m JOIN message_part p ON p.message_id = m.id
           WHERE m.seat_id = :seat AND p.seat_id = :seat AND p.role = 'source' AND m.state <> 'withdrawn'
             AND m.said_at >= :since ORDER BY m.said_at DESC LIMIT 2000""",
        {"seat": seat_id, "since": since},
    )


def set_edited(tx: Tx, message_id: int, at: int) -> None:
    """When its author changed a message, by the platform's clock (µs)."""
    tx.execute("UPDATE message SET edited_at = :at WHERE id = :id", {"id": message_id, "at": at})
