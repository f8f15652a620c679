"""Sealed columns: AES-256-GCM under a key of the case's own, bound to the one place a value may stand in.

A sealed value is one byte of format, a nonce of 12 and the ciphertext with its tag: 29 bytes more than its content.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from storage.engine.base import Tx
from storage.errors import Corrupt, KeyGone
from storage.keys import KEY_BYTES, NONCE_BYTES, Keys, RandomBytes, derive
from storage.randomness import pool

_FORMAT = b"\x01"
_CACHED = 4096
SERVICE_PURPOSE = "service"


@dataclass(slots=True)
class _CaseKey:
    raw: bytes = field(repr=False)
    cipher: AESGCM = field(repr=False)


@dataclass(slots=True)
class _Known:
    """Case keys seen in one transaction; they reach the cache only once it is committed."""

    generation: int
    keys: dict[int, _CaseKey] = field(default_factory=dict)


class Sealer:
    """Seals and opens values. One serves the whole process, from any thread."""

    def __init__(self, keys: Keys, random_bytes: RandomBytes = pool.bytes, *, cached: int = _CACHED) -> None:
        self._keys = keys
        self._random_bytes = random_bytes
        self._cached = cached
        self._cache: OrderedDict[int, _CaseKey] = OrderedDict()
        self._lock = threading.Lock()
        self._generation = 0
        self._purposes: dict[str, AESGCM] = {}
        self._index = HMAC(derive(keys.service, "index"), SHA256())  # only ever copied

    def seal(
        self, tx: Tx, case_id: int, table: str, column: str, row_id: int | str, version: int, data: bytes
    ) -> bytes:
        """Seal `data` for this row and version alone, making the case's key if need be; case 0 is the service's."""
        place = _place(table, column, case_id, row_id, version)
        return self._seal(self._cipher(tx, case_id, create=True), place, data)

    def unseal(
        self, tx: Tx, case_id: int, table: str, column: str, row_id: int | str, version: int, sealed: bytes
    ) -> bytes:
        """Open what was sealed for exactly this place; Corrupt for any other, KeyGone when the case has no key."""
        place = _place(table, column, case_id, row_id, version)
        return _open(self._cipher(tx, case_id, create=False), place, sealed)

    def seal_plain(self, purpose: str, table: str, column: str, row_id: int | str, version: int, data: bytes) -> bytes:
        """Seal a value that belongs to no case, under the key of `purpose`; needs no transaction."""
        return self._seal(self._purpose(purpose), _place(table, column, purpose, row_id, version), data)

    def unseal_plain(
        self, purpose: str, table: str, column: str, row_id: int | str, version: int, sealed: bytes
    ) -> bytes:
        """Open what `seal_plain` sealed for the same purpose and place; Corrupt for any other."""
        return _open(self._purpose(purpose), _place(table, column, purpose, row_id, version), sealed)

    def keyed_hash(self, purpose: str, *parts: str | int | bytes) -> str:
        """HMAC-SHA256 in hex, the same for the same parts for ever: for lookups of what must not be stored."""
        keyed = self._index.copy()
        keyed.update(_framed(purpose, *parts))
        return keyed.finalize().hex()

    def keyed_hashes(self, purpose: str, *parts: str | int | bytes) -> Callable[[str], str]:
        """`keyed_hash` of these parts and one more, for many of those: what they share is hashed once."""
        shared = self._index.copy()
        shared.update(_framed(purpose, *parts))

        def hashed(last: str) -> str:
            keyed = shared.copy()
            keyed.update(_framed(last))
            return keyed.finalize().hex()

        return hashed

    def blob_key(self, tx: Tx, case_id: int, *, create: bool) -> bytes:
        """The key the files of a case are sealed under. KeyGone when there is none and none is to be made."""
        raw = self._case_key(tx, case_id, create=create).raw if case_id else self._keys.service
        return derive(raw, "blob")

    def forget(self, case_id: int) -> None:
        """Drop a case's key from memory, and keep transactions under way from bringing it back."""
        with self._lock:
            self._generation += 1
            self._cache.pop(case_id, None)

    def _purpose(self, purpose: str) -> AESGCM:
        cipher = self._purposes.get(purpose)
        if cipher is None:
            cipher = self._purposes[purpose] = AESGCM(derive(self._keys.service, f"seal|{purpose}"))
        return cipher

    def _cipher(self, tx: Tx, case_id: int, *, create: bool) -> AESGCM:
        if case_id == 0:
            return self._purpose(SERVICE_PURPOSE)
        return self._case_key(tx, case_id, create=create).cipher

    def _case_key(self, tx: Tx, case_id: int, *, create: bool) -> _CaseKey:
        with self._lock:
            key = self._cache.get(case_id)
            if key is not None:
                self._cache.move_to_end(case_id)
                return key
        known: _Known | None = tx.local.get(self)
        if known is None:
            # Not into the cache yet: this transaction may be rolled back, or rerun with another key, and on SQLite
            # even a key read here may be a neighbour's that is not committed yet.
            known = tx.local[self] = _Known(self._generation)
            tx.after_commit(lambda: self._remember(known))
        key = known.keys.get(case_id)
        if key is None:
            key = known.keys[case_id] = self._find(tx, case_id, create=create)
        return key

    def _find(self, tx: Tx, case_id: int, *, create: bool) -> _CaseKey:
        query = "SELECT key_id, wrapped FROM case_key WHERE case_id = :case"
        row = tx.one(query, {"case": case_id})
        if row is None and create:
            file = self._keys.file
            wrapped = file.wrap(case_id, self._random_bytes(KEY_BYTES), self._random_bytes(NONCE_BYTES))
            tx.execute(
                "INSERT INTO case_key(case_id, key_id, wrapped) VALUES (:case, :key, :wrapped) ON CONFLICT DO NOTHING",
                {"case": case_id, "key": file.current, "wrapped": wrapped},
            )
            row = tx.one(query, {"case": case_id})  # ours, or that of a process that was quicker
        if row is None:
            raise KeyGone(f"case {case_id} has no key")
        raw = self._keys.file.unwrap(case_id, row["key_id"], row["wrapped"])
        return _CaseKey(raw, AESGCM(raw))

    def _remember(self, known: _Known) -> None:
        with self._lock:
            if known.generation != self._generation:
                return
            self._cache.update(known.keys)
            while len(self._cache) > self._cached:
                self._cache.popitem(last=False)

    def _seal(self, cipher: AESGCM, place: bytes, data: bytes) -> bytes:
        nonce = self._random_bytes(NONCE_BYTES)
        return _FORMAT + nonce + cipher.encrypt(nonce, data, place)


def _open(cipher: AESGCM, place: bytes, sealed: bytes) -> bytes:
    start = len(_FORMAT) + NONCE_BYTES
    try:
        if sealed[: len(_FORMAT)] != _FORMAT:
            raise ValueError("another format")
        return cipher.decrypt(sealed[len(_FORMAT) : start], sealed[start:], place)
    except (InvalidTag, ValueError):
        raise Corrupt(f"what stands at {place.decode()} was not sealed for this place") from None


def _framed(*parts: str | int | bytes) -> bytearray:
    """Each part with its length before it, or ("ab", "c") would equal ("a", "bc")."""
    whole = bytearray()
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        whole += len(raw).to_bytes(8, "big") + raw
    return whole


def _place(table: str, column: str, owner: int | str, row_id: int | str, version: int) -> bytes:
    place = f"{table}|{column}|{owner}|{row_id}|{version}"
    if place.count("|") != 4:
        raise ValueError("a name in a sealed value's place holds a bar")
    return place.encode()
