"""The key file and what hangs on it: the proof in the database, the service's own key, keys wrapped and unwrapped."""

from __future__ import annotations

import hmac
import os
import re
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.engine.base import Engine, Tx
from storage.errors import Corrupt, KeyProblem

KEY_BYTES = 32
NONCE_BYTES = 12
RandomBytes = Callable[[int], bytes]

_LINE = re.compile(r"([0-9a-f]{8}): ([A-Za-z0-9_-]{43}=)")
_HEAD = """\
# Chairside's master keys; the last one seals what is new. Whoever has this file and the database can read everything;
# without it nobody can. Keep a copy, apart from the database and its backups.
"""


def derive(key: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """A 32-byte key for one purpose, by HKDF-SHA256; nothing about `key` can be learned from it."""
    return HKDF(SHA256(), KEY_BYTES, salt, b"chairside|" + purpose.encode()).derive(key)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The master keys in a file: by id, oldest first; the last one seals what is new."""

    path: Path
    masters: dict[str, bytes] = field(repr=False)

    @property
    def current(self) -> str:
        """The id of the key that seals what is new."""
        return next(reversed(self.masters))

    @classmethod
    def load(cls, path: Path) -> KeyFile:
        """Read the file; KeyProblem if it is missing, open to others or not made of keys."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            raise KeyProblem(f"there is no key file at {path}") from None
        except OSError as error:
            raise KeyProblem(f"cannot read the key file {path}: {error.strerror}") from None
        try:
            mode = os.fstat(descriptor).st_mode  # of the very file that is read, whatever the name means by now
            if not stat.S_ISREG(mode):
                raise KeyProblem(f"{path} is not a key file")
            if mode & 0o077:
                raise KeyProblem(f"others on this machine can open the key file; mend it with: chmod 600 {path}")
            with open(descriptor, encoding="utf-8", errors="replace", closefd=False) as file:
                lines = file.read().splitlines()
        finally:
            os.close(descriptor)
        masters: dict[str, bytes] = {}
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            found = _LINE.fullmatch(line.strip())
            if found is None or found[1] in masters:
                raise KeyProblem(f"{path}, line {number}: not a key; put back the file as it was")
            masters[found[1]] = urlsafe_b64decode(found[2])
        if not masters:
            raise KeyProblem(f"the key file {path} holds no key")
        return cls(path, masters)

    @classmethod
    def create(cls, path: Path, random_bytes: RandomBytes = os.urandom) -> KeyFile:
        """Make a file with one new key, mode 0600; if one is there already, that one is read and kept."""
        line = f"{random_bytes(4).hex()}: {urlsafe_b64encode(random_bytes(KEY_BYTES)).decode()}\n"
        draft = path.with_name(f".{path.name}.{random_bytes(4).hex()}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with open(descriptor, "w", encoding="utf-8") as file:
                    file.write(_HEAD + line)
                    file.flush()
                    os.fsync(file.fileno())
                with suppress(FileExistsError):  # another process was first
                    os.link(draft, path)  # whole or not at all, and never over another file
            finally:
                os.unlink(draft)
            sync_folder(path.parent)
        except OSError as error:
            raise KeyProblem(f"cannot write the key file {path}: {error.strerror}") from None
        return cls.load(path)

    def proof(self, key_id: str) -> bytes:
        """What the database keeps to know this key again."""
        return hmac.digest(derive(self.masters[key_id], "proof"), key_id.encode(), "sha256")

    def wrap(self, case_id: int, key: bytes, nonce: bytes) -> bytes:
        """Seal a data key under the current master key."""
        cipher = AESGCM(derive(self.masters[self.current], "wrap"))
        return nonce + cipher.encrypt(nonce, key, _wrapping(case_id, self.current))

    def unwrap(self, case_id: int, key_id: str, wrapped: bytes) -> bytes:
        """The data key; KeyProblem if the file lacks its master key, Corrupt if the row was altered or moved."""
        if key_id not in self.masters:
            raise KeyProblem(self._lacks(key_id))
        cipher = AESGCM(derive(self.masters[key_id], "wrap"))
        try:
            return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _wrapping(case_id, key_id))
        except (InvalidTag, ValueError):
            raise Corrupt(f"the wrapped key of case {case_id} was altered") from None

    def verify(self, proofs: Mapping[str, bytes]) -> None:
        """KeyProblem unless the file holds every key named, and each is the one that was used."""
        for key_id, proof in proofs.items():
            if key_id not in self.masters:
                raise KeyProblem(self._lacks(key_id))
            if not hmac.compare_digest(self.proof(key_id), proof):
                raise KeyProblem(
                    f"key {key_id} in {self.path} is not the one this database was sealed with; put back the right file"
                )

    def _lacks(self, key_id: str) -> str:
        return f"this database was sealed with key {key_id}, which {self.path} does not hold; put back the right file"


@dataclass(frozen=True, slots=True)
class Keys:
    """The key file, proven right, and the service's own data key."""

    file: KeyFile
    service: bytes = field(repr=False)


async def unlock(
    engine: Engine, path: Path, now: int, random_bytes: RandomBytes = os.urandom, *, create: bool = True
) -> Keys:
    """Prove the key file against the database. Raises KeyProblem with one line saying what to do.

    Where nothing was ever sealed, a missing file is made first (unless `create` is false). From then on the database
    knows the key, and a missing file is never made again. Needs no writing once a database has its key.
    """
    known = await engine.read(proofs)
    if path.exists() or not (known or create):  # noqa: ASYNC240  # once, at the start
        file = KeyFile.load(path)
    elif known:
        raise KeyProblem(
            f"the key file {path} is missing, and this database was sealed with key {next(iter(known))}; "
            "put it back from your copy"
        )
    else:
        file = KeyFile.create(path, random_bytes)
    file.verify(known)
    service = await engine.read(lambda tx: _service(tx, file)) if file.current in known else None
    if service is None:
        service = await engine.write(lambda tx: _adopt(tx, file, now, random_bytes))
    return Keys(file, service)


def proofs(tx: Tx) -> dict[str, bytes]:
    """What the database keeps of each key it was sealed with, by key id; empty while nothing is sealed."""
    return {row["key_id"]: row["proof"] for row in tx.all("SELECT key_id, proof FROM key_check")}


def _service(tx: Tx, file: KeyFile) -> bytes | None:
    row = tx.one("SELECT key_id, wrapped FROM case_key WHERE case_id = 0")
    return None if row is None else file.unwrap(0, row["key_id"], row["wrapped"])


def _adopt(tx: Tx, file: KeyFile, now: int, random_bytes: RandomBytes) -> bytes:
    """Write the proof of the current key, and the service's key if there is none; another process may do the same."""
    tx.execute(
        "INSERT INTO key_check(key_id, proof, made_at) VALUES (:id, :proof, :now) ON CONFLICT DO NOTHING",
        {"id": file.current, "proof": file.proof(file.current), "now": now},
    )
    tx.execute(
        "INSERT INTO case_key(case_id, key_id, wrapped) VALUES (0, :id, :wrapped) ON CONFLICT DO NOTHING",
        {"id": file.current, "wrapped": file.wrap(0, random_bytes(KEY_BYTES), random_bytes(NONCE_BYTES))},
    )
    service = _service(tx, file)  # KeyProblem if somebody else's key came first; then nothing of ours is kept
    if service is None:
        raise Corrupt("the service's key was not kept")
    return service


def _wrapping(case_id: int, key_id: str) -> bytes:
    return f"case_key|wrapped|{case_id}|{key_id}".encode()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
