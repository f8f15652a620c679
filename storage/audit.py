"""The audit chain: one entry for each effect, in the effect's own transaction, hashed over the one before it."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from storage.engine.base import Row, Tx
from storage.errors import Corrupt

FIRST = bytes(32)
"""What the first entry of a case gives as the hash before it."""
_TOKEN = re.compile(r"[!-~]{0,128}")
_PAGE = 500
_LENGTH = struct.Struct(">Q").pack
_PLAIN = frozenset({int, bool, type(None)})
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
"""The canonical form. What `_check` lets through has no character that other encoders would write otherwise."""


def append(tx: Tx, case_id: int, at: int, actor: str, action: str, details: Mapping[str, object] | None = None) -> int:
    """Append one entry to a case's chain (0: the service's) and return its number in it; see `extend`."""
    return extend(tx, case_id, at, [(actor, action, details or {})])


def extend(tx: Tx, case_id: int, at: int, entries: Sequence[tuple[str, str, Mapping[str, object]]]) -> int:
    """Append entries (actor, action, details) to a case's chain, in order; returns the number of the last.

    `details` hold ids, states, numbers and keyed hashes: anything with a space in it, or over 128 characters, or not
    ASCII is refused with ValueError, for it might be content. Where a unit writes to two chains, the case's own comes
    before the service's, or two units could wait for each other.
    """
    texts = [(actor, action, canonical(details)) for actor, action, details in entries]
    for actor, action, _ in texts:
        _check(actor)
        _check_word(action)
    head = _lock_head(tx, case_id)
    seq, prev = int(head["seq"]), head["hash"]
    rows = []
    for actor, action, text in texts:
        seq += 1
        digest = entry_hash(case_id, seq, at, actor, action, text, prev)
        rows.append(
            {
                "case": case_id,
                "seq": seq,
                "at": at,
                "actor": actor,
                "action": action,
                "details": text,
                "prev": prev,
                "hash": digest,
            }
        )
        prev = digest
    tx.many(
        """INSERT INTO audit_entry(case_id, seq, at, actor, action, details, prev, hash)
           VALUES (:case, :seq, :at, :actor, :action, :details, :prev, :hash)""",
        rows,
    )
    tx.execute(  # the database lets a head move on only, to an entry that stands and has this hash
        "UPDATE audit_head SET seq = :seq, hash = :hash WHERE case_id = :case",
        {"case": case_id, "seq": seq, "hash": prev},
    )
    return seq


def entry_hash(case_id: int, seq: int, at: int, actor: str, action: str, details: str, prev: bytes) -> bytes:
    """SHA-256 over the entry before and every field of this one, each with its length."""
    case, number, moment = b"%d" % case_id, b"%d" % seq, b"%d" % at
    who, what, about = actor.encode(), action.encode(), details.encode()
    whole = (
        b"chairside audit 1",
        _LENGTH(len(prev)), prev,
        _LENGTH(len(case)), case,
        _LENGTH(len(number)), number,
        _LENGTH(len(moment)), moment,
        _LENGTH(len(who)), who,
        _LENGTH(len(what)), what,
        _LENGTH(len(about)), about,
    )  # fmt: skip
    return hashlib.sha256(b"".join(whole)).digest()


def verify(tx: Tx, case_id: int) -> int | None:
    """The number of the first entry of a chain that is altered, missing or out of place; None if all hold.

    A chain cut at its end is found by the head, and a head cut with it only by a checkpoint kept elsewhere.
    """
    seq, prev = 0, FIRST
    while rows := tx.all(
        "SELECT * FROM audit_entry WHERE case_id = :case AND seq > :seq ORDER BY seq LIMIT :page",
        {"case": case_id, "seq": seq, "page": _PAGE},
    ):
        for row in rows:
            seq += 1
            if row["seq"] != seq or row["prev"] != prev or _hash_of(row) != row["hash"]:
                return seq
            prev = row["hash"]
    head = tx.one("SELECT seq, hash FROM audit_head WHERE case_id = :case", {"case": case_id})
    if head is None:
        return None if seq == 0 else seq
    if head["seq"] != seq:
        return min(int(head["seq"]), seq) + 1
    return None if head["hash"] == prev else seq


def latest(tx: Tx, limit: int) -> list[Row]:
    """The newest entries of all chains, newest first, with the case's reference (None: the service's chain)."""
    return tx.all(
        """SELECT e.case_id, e.seq, e.at, e.actor, e.action, e.details, e.hash, c.ref
           FROM audit_entry e LEFT JOIN case_file c ON c.id = e.case_id
           ORDER BY e.at DESC, e.case_id DESC, e.seq DESC LIMIT :limit""",
        {"limit": limit},
    )


def length(tx: Tx, case_id: int) -> int:
    """How many entries a chain has."""
    head = tx.one("SELECT seq FROM audit_head WHERE case_id = :case", {"case": case_id})
    return 0 if head is None else int(head["seq"])


def _hash_of(row: Row) -> bytes:
    return entry_hash(row["case_id"], row["seq"], row["at"], row["actor"], row["action"], row["details"], row["prev"])


def _lock_head(tx: Tx, case_id: int) -> Row:
    query = "SELECT seq, hash FROM audit_head WHERE case_id = :case FOR UPDATE"
    row = tx.one(query, {"case": case_id})
    if row is None:
        tx.execute(
            "INSERT INTO audit_head(case_id, seq, hash) VALUES (:case, 0, :hash) ON CONFLICT DO NOTHING",
            {"case": case_id, "hash": FIRST},
        )
        row = tx.one(query, {"case": case_id})
    if row is None:
        raise Corrupt(f"the audit chain of case {case_id} has no head")
    return row


def canonical(details: Mapping[str, object]) -> str:
    """The details as they stand in an entry, and under its hash."""
    _check(details)
    try:
        return orjson.dumps(details, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:  # a number beyond 64 bits, or a type of its own
        return _JSON.encode(details)


def _check(value: Any) -> None:
    if type(value) in _PLAIN:
        return
    if isinstance(value, str):
        if not _TOKEN.fullmatch(value):
            raise ValueError("an audit entry holds ids, states and hashes, never text")
    elif isinstance(value, (dict, Mapping)):  # most are dicts, and of them that is known at once
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("keys of audit details are words")
            _check_word(key)
            if type(inner) not in _PLAIN:
                _check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner)
    elif not isinstance(value, int):
        raise TypeError(f"an audit entry cannot hold a {type(value).__name__}")


@lru_cache(maxsize=1024)  # actions and keys are few, and come again with every entry
def _check_word(word: str) -> None:
    _check(word)


def of_action(tx: Tx, action: str) -> list[Row]:
    """Every entry of one action, of all cases, in order."""
    return tx.all("SELECT * FROM audit_entry WHERE action = :action ORDER BY at, case_id, seq", {"action": action})
