"""Files that wait for their sender's word, and pictures made of files."""

from __future__ import annotations

from collections.abc import Sequence

from storage.engine.base import Row, Tx


def hold(tx: Tx, attachment_id: int) -> None:
    """A stored file waits until its sender has looked at what it says."""
    tx.execute("UPDATE attachment SET state = 'asking' WHERE id = :id AND state = 'stored'", {"id": attachment_id})


def release(tx: Tx, attachment_id: int) -> bool:
    """It may go on; False if it did not wait."""
    query = "UPDATE attachment SET state = 'stored' WHERE id = :id AND state = 'asking'"
    return tx.execute(query, {"id": attachment_id}) > 0


def drop(tx: Tx, attachment_id: int) -> bool:
    """It is not sent; nobody owns its bytes any more. False if it did not wait."""
    return (
        tx.execute(
            """UPDATE attachment SET state = 'refused', reason = 'kept_back', blob = ''
               WHERE id = :id AND state = 'asking'""",
            {"id": attachment_id},
        )
        > 0
    )


def with_blob(tx: Tx, case_id: int, blob: str) -> Row | None:
    """The attachment of a case that these bytes are."""
    query = "SELECT * FROM attachment WHERE blob = :blob AND case_id = :case ORDER BY id DESC LIMIT 1"
    return tx.one(query, {"blob": blob, "case": case_id})


def picture(tx: Tx, attachment_id: int, blob: str, sha256: str, size: int) -> None:
    """A picture made of another file: it is no file of the message, and is sent only where it is asked for."""
    tx.execute(
        "UPDATE attachment SET state = 'picture', blob = :blob, sha256 = :sha, size = :size WHERE id = :id",
        {"id": attachment_id, "blob": blob, "sha": sha256, "size": size},
    )


def pictures(tx: Tx, message_id: int) -> list[Row]:
    """The pictures made of a message's files."""
    return tx.all(
        "SELECT * FROM attachment WHERE message_id = :m AND state = 'picture' ORDER BY position, id", {"m": message_id}
    )


def unpictured(tx: Tx, since: int, mimes: Sequence[str], most: int) -> list[Row]:
    """Stored files of these types and at most `most` bytes that came since and that no picture was made of."""
    return tx.all(
        """SELECT a.* FROM attachment a JOIN message m ON m.id = a.message_id
           WHERE a.state = 'stored' AND m.received_at >= :since AND m.state <> 'withdrawn' AND a.size <= :most
             AND REPLACE(:mimes, '|' || a.mime || '|', '') <> :mimes
             AND NOT EXISTS (SELECT 1 FROM attachment p WHERE p.message_id = a.message_id AND p.state = 'picture'
                               AND p.position = a.position)
           ORDER BY a.id""",
        {"since": since, "most": most, "mimes": "".join(f"|{mime}|" for mime in mimes)},
    )


def waits(tx: Tx, message_id: int) -> bool:
    """Whether a file of a message waits for its sender's word."""
    query = "SELECT 1 AS here FROM attachment WHERE message_id = :m AND state = 'asking' LIMIT 1"
    return tx.one(query, {"m": message_id}) is not None
