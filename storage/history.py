"""What is known of a room's messages, for reading the room again after an outage."""

from __future__ import annotations

from collections.abc import Iterable

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
    """Native messages of a seat's own person since a moment (µs), taken back or not; at most the last 2,000."""
    return tx.all(
        """SELECT p.native_id, m.edited_at, m.reply_to, m.state
           FROM message m JOIN message_part p ON p.message_id = m.id
           WHERE m.seat_id = :seat AND p.seat_id = :seat AND p.role = 'source'
             AND m.said_at >= :since ORDER BY m.said_at DESC LIMIT 2000""",
        {"seat": seat_id, "since": since},
    )


def set_edited(tx: Tx, message_id: int, at: int) -> None:
    """When its author changed a message, by the platform's clock (µs)."""
    tx.execute("UPDATE message SET edited_at = :at WHERE id = :id", {"id": message_id, "at": at})


def former(tx: Tx, message_id: int) -> Row | None:
    """The version that a message's last edit replaced."""
    return tx.one(
        "SELECT * FROM message_version WHERE message_id = :id ORDER BY version DESC LIMIT 1", {"id": message_id}
    )


def restated(delivery: Row) -> int | None:
    """The message whose words a delivery repeats, as a correction or in a short history; None for any other."""
    kind, _, number = str(delivery["card"]).partition(":")
    return int(number) if kind == "correction" and number.isdecimal() else None


def standing(tx: Tx, lane_id: int, message_id: int, chat: str, topic: str) -> str | None:
    """The newest delivery of a lane that repeats a message's words and stands in this place; its native id."""
    row = tx.one(
        """SELECT native_id FROM delivery WHERE lane_id = :lane AND card = :card AND card <> '' AND state = 'sent'
             AND native_id <> '' AND chat = :chat AND topic = :topic ORDER BY seq DESC LIMIT 1""",
        {"lane": lane_id, "card": f"correction:{message_id}", "chat": chat, "topic": topic},
    )
    return None if row is None else str(row["native_id"])


def set_quotes(tx: Tx, delivery_id: int, message_ids: Iterable[int]) -> None:
    """A delivery that shows somebody's words in passing names their messages; none if it does so no more."""
    numbers = ":".join(map(str, message_ids))
    tx.execute(
        "UPDATE delivery SET card = :card WHERE id = :id AND (card = '' OR card LIKE 'quote:%')",
        {"id": delivery_id, "card": f"quote:{numbers}" if numbers else ""},
    )


def quotes(delivery: Row) -> list[int]:
    """The messages whose words a delivery shows in passing: in a line about them, a list, or what answers them."""
    kind, _, numbers = str(delivery["card"]).partition(":")
    return [int(number) for number in numbers.split(":")] if kind == "quote" else []


def quoting(tx: Tx, case_id: int, message_id: int, reader_not: int) -> list[Row]:
    """What shows a message's words in passing to anybody but one person, in lane order."""
    rows = tx.all(
        """SELECT d.* FROM delivery d JOIN lane l ON l.id = d.lane_id JOIN seat s ON s.id = l.seat_id
           WHERE l.case_id = :case AND d.card LIKE 'quote:%' AND d.card <> '' AND d.kind = 'post'
             AND d.state <> 'void' AND s.person_id <> :person ORDER BY d.lane_id, d.seq""",
        {"case": case_id, "person": reader_not},
    )
    return [row for row in rows if message_id in quotes(row)]
