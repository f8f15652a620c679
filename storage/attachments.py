"""Files that came with a message: fetched by a worker, sealed in the blob store, sent in the message's own order."""

from __future__ import annotations

from collections.abc import Sequence

from storage import drawings
from storage.engine.base import Row, Tx


def add(
    tx: Tx,
    *,
    id: int,
    message_id: int,
    case_id: int,
    position: int,
    platform: str,
    workspace: str,
    kind: str,
    mime: str,
    size: int,
    ref: bytes,
    now: int,
    copy_of: int | None = None,
) -> None:
    """Record a file to fetch, from its platform or from the store, where `copy_of` is kept for another case."""
    tx.execute(
        """INSERT INTO attachment(id, message_id, case_id, position, platform, workspace, kind, mime, size, ref_sealed,
                                  state, ready_at, copy_of)
           VALUES (:id, :m, :case, :pos, :p, :w, :kind, :mime, :size, :ref, 'to_fetch', :now, CAST(:copy AS BIGINT))""",
        {
            "id": id,
            "m": message_id,
            "case": case_id,
            "pos": position,
            "p": platform,
            "w": workspace,
            "kind": kind,
            "mime": mime,
            "size": size,
            "ref": ref,
            "now": now,
            "copy": copy_of,
        },
    )


def get(tx: Tx, attachment_id: int) -> Row | None:
    """One attachment."""
    return tx.one("SELECT * FROM attachment WHERE id = :id", {"id": attachment_id})


def of_message(tx: Tx, message_id: int) -> list[Row]:
    """A message's files in order; pictures made of them are none."""
    query = "SELECT * FROM attachment WHERE message_id = :m AND state <> 'picture' ORDER BY position"
    return tx.all(query, {"m": message_id})


def lease_due(tx: Tx, now: int, until: int, limit: int) -> list[Row]:
    """Take files that are to be fetched, until `until`; their `attempts` counts this try.

    None is ever put off beyond `until`, but by a clock that has been put back since.
    """
    return tx.all(
        """UPDATE attachment SET ready_at = :until, attempts = attempts + 1 WHERE id IN
             (SELECT id FROM attachment WHERE state = 'to_fetch' AND (ready_at <= :now OR ready_at > :until)
              ORDER BY ready_at LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING *""",
        {"now": now, "until": until, "limit": limit},
    )


def let_go(tx: Tx, now: int) -> None:
    """Nobody is fetching: what was taken by a process that has ended is due now."""
    tx.execute("UPDATE attachment SET ready_at = :now WHERE state = 'to_fetch' AND ready_at > :now", {"now": now})


def stored(tx: Tx, attachment_id: int, *, blob: str, sha256: str, size: int, mime: str) -> None:
    """The file is in the blob store."""
    tx.execute(
        """UPDATE attachment SET state = 'stored', blob = :blob, sha256 = :sha, size = :size, mime = :mime
           WHERE id = :id""",
        {"id": attachment_id, "blob": blob, "sha": sha256, "size": size, "mime": mime},
    )


def goes_with(tx: Tx, attachment_id: int, message_id: int) -> None:
    """A file that is not there yet, or waits for its sender's word, comes with another message of its case."""
    tx.execute("UPDATE attachment SET message_id = :m WHERE id = :id", {"id": attachment_id, "m": message_id})


def rename(tx: Tx, attachment_id: int, ref: bytes, *, neutral: bool) -> None:
    """A stored file goes under another name; `neutral` if its own looked like a patient's."""
    tx.execute(
        "UPDATE attachment SET ref_sealed = :ref, reason = :reason WHERE id = :id",
        {"id": attachment_id, "ref": ref, "reason": "renamed" if neutral else ""},
    )


def ordinal(tx: Tx, attachment_id: int) -> int:
    """Which of its case's files this one is, from 1."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM attachment a JOIN attachment b ON b.case_id = a.case_id AND b.id <= a.id
           WHERE a.id = :id""",
        {"id": attachment_id},
    )
    assert row is not None
    return int(row["n"])


def renamed(tx: Tx, case_id: int, side: str) -> int:
    """How many files of one side of a case went under a neutral name."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM attachment a JOIN message m ON m.id = a.message_id
           WHERE m.case_id = :case AND m.side = :side AND a.state = 'stored' AND a.reason = 'renamed'""",
        {"case": case_id, "side": side},
    )
    assert row is not None
    return int(row["n"])


def of_kind(tx: Tx, case_id: int, side: str, kind: str) -> int:
    """How many files of a kind one side of a case has sent."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM attachment a JOIN message m ON m.id = a.message_id
           WHERE m.case_id = :case AND m.side = :side AND a.kind = :kind""",
        {"case": case_id, "side": side, "kind": kind},
    )
    assert row is not None
    return int(row["n"])


def unowned(tx: Tx, blobs: Sequence[str]) -> list[str]:
    """Of these names in the blob store, those that no attachment has, nor a picture on its way."""
    query = "SELECT 1 AS here FROM attachment WHERE blob = :blob AND blob <> '' LIMIT 1"
    return [name for name in blobs if tx.one(query, {"blob": name}) is None and not drawings.waits(tx, name)]


def refuse(tx: Tx, attachment_id: int, state: str, reason: str) -> None:
    """The file will not be passed on: `state` is refused (its size or type) or failed (it could not be fetched)."""
    tx.execute(
        "UPDATE attachment SET state = :state, reason = :reason WHERE id = :id",
        {"id": attachment_id, "state": state, "reason": reason},
    )


def retry_at(tx: Tx, attachment_id: int, at: int) -> None:
    """Try the fetch again later."""
    tx.execute("UPDATE attachment SET ready_at = :at WHERE id = :id", {"id": attachment_id, "at": at})


def next_due(tx: Tx) -> int | None:
    """When the next fetch is due (µs)."""
    row = tx.one("SELECT MIN(ready_at) AS at FROM attachment WHERE state = 'to_fetch'")
    return None if row is None or row["at"] is None else int(row["at"])
