"""Blobs in a folder: sealed in chunks as they stream in, checked chunk by chunk as they stream out.

A file is a magic word, 16 bytes of salt, then frames: up to 256 KiB of content and a tag of 16. Each file has a key
of its own (from the case's, the salt and the file's name); the nonce of a frame is its number and whether it is the
last, so frames cannot be swapped, dropped, added or cut off without the tag failing.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.ids import CaseId
from bot.ports.blobs import BlobTooLarge, StoredBlob
from storage.engine.base import Engine
from storage.errors import Corrupt, DiskFull, Unavailable
from storage.keys import RandomBytes, derive, sync_folder
from storage.sealing import Sealer

CHUNK = 256 * 1024
_TAG = 16
_MAGIC = b"CSBLOB1\n"
_SALT = 16
_HEADER = len(_MAGIC) + _SALT
_NAME = re.compile(r"[0-9a-f]{32}")
_PART = ".part"


class FolderBlobs:
    """A BlobStore over a folder on this machine."""

    def __init__(self, folder: Path, engine: Engine, sealer: Sealer, random_bytes: RandomBytes = os.urandom) -> None:
        self._folder = folder
        self._engine = engine
        self._sealer = sealer
        self._random_bytes = random_bytes

    async def put(self, case: CaseId, chunks: AsyncIterable[bytes], *, limit: int | None = None) -> StoredBlob:
        """See BlobStore."""
        # The case's key is committed before anything is sealed with it.
        key = await self._engine.write(lambda tx: self._sealer.blob_key(tx, case, create=True))
        name = self._random_bytes(16).hex()
        writer = await asyncio.to_thread(_Writer, self._path(name), name, key, self._random_bytes(_SALT))
        try:
            async for chunk in chunks:
                if limit is not None and writer.size + len(chunk) > limit:
                    raise BlobTooLarge(f"over {limit} bytes")
                # Small pieces only fill the buffer; a full one is sealed and written off the loop.
                if writer.add(chunk):
                    await asyncio.to_thread(writer.flush)
            return await asyncio.to_thread(writer.finish)
        finally:
            await asyncio.to_thread(writer.discard)

    async def open(self, case: CaseId, name: str) -> AsyncIterator[bytes]:
        """See BlobStore."""
        key = await self._engine.read(lambda tx: self._sealer.blob_key(tx, case, create=False))
        reader = await asyncio.to_thread(_Reader, self._path(name), name, key)
        try:
            while (chunk := await asyncio.to_thread(reader.next)) is not None:
                yield chunk
        finally:
            reader.close()

    async def delete(self, name: str) -> bool:
        """See BlobStore."""
        return await asyncio.to_thread(self._delete, name)

    async def sweep(self, before: int) -> int:
        """See BlobStore."""
        return await asyncio.to_thread(self._sweep, before)

    async def aged(self, shelf: int, before: int) -> list[str]:
        """See BlobStore."""
        return await asyncio.to_thread(self._aged, shelf, before)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError("no such blob")
        return self._folder / name[:2] / name

    def _delete(self, name: str) -> bool:
        path = self._path(name)
        try:
            with _translated():
                path.unlink()
                sync_folder(path.parent)
        except FileNotFoundError:
            return False
        return True

    def _aged(self, shelf: int, before: int) -> list[str]:
        found: list[str] = []
        with suppress(FileNotFoundError), os.scandir(self._folder / f"{shelf:02x}") as entries:
            for entry in entries:
                if _NAME.fullmatch(entry.name) and entry.stat().st_mtime_ns // 1000 < before:
                    found.append(entry.name)
        return found

    def _sweep(self, before: int) -> int:
        swept = 0
        for path in self._folder.glob(f"*/*{_PART}"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime_ns // 1000 < before:
                    path.unlink()
                    swept += 1
        return swept


class _Writer:
    """One blob on its way in: sealed from the first byte, under a name nobody reads until it is whole."""

    def __init__(self, path: Path, name: str, key: bytes, salt: bytes) -> None:
        self.size = 0
        self._path = path
        self._part = path.with_name(name + _PART)
        self._cipher = _cipher(key, name, salt)
        self._sha256 = hashlib.sha256()
        self._buffer = bytearray()
        self._index = 0
        with _translated():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._file = open(descriptor, "wb", buffering=0)  # noqa: SIM115  # closed by finish or discard
            self._file.write(_MAGIC + salt)

    def add(self, chunk: bytes) -> bool:
        """Take a piece of content; whether there is more now than one frame holds."""
        self.size += len(chunk)
        self._buffer += chunk
        return len(self._buffer) > CHUNK

    def flush(self) -> None:
        """Write every frame that is certain not to be the last."""
        while len(self._buffer) > CHUNK:
            self._write(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]

    def finish(self) -> StoredBlob:
        """Write the last frame and give the file its name, both on disk for good."""
        self.flush()
        self._write(bytes(self._buffer), last=True)
        with _translated():
            os.fsync(self._file.fileno())
            self._file.close()
            os.rename(self._part, self._path)
            sync_folder(self._path.parent)
        return StoredBlob(self._path.name, self.size, self._sha256.digest())

    def discard(self) -> None:
        """Close, and remove what was not finished."""
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _write(self, content: bytes, *, last: bool) -> None:
        self._sha256.update(content)
        frame = memoryview(self._cipher.encrypt(_nonce(self._index, last), content, None))
        self._index += 1
        with _translated():
            while frame:
                frame = frame[self._file.write(frame) :]


class _Reader:
    """One blob on its way out."""

    def __init__(self, path: Path, name: str, key: bytes) -> None:
        with _translated():
            self._file: BinaryIO = open(path, "rb", buffering=0)  # noqa: SIM115  # closed by close
            self._left = os.fstat(self._file.fileno()).st_size - _HEADER
            header = self._file.read(_HEADER)
        self._index = 0
        self._name = name
        if len(header) < _HEADER or not header.startswith(_MAGIC) or self._left < _TAG:
            self.close()
            raise Corrupt(f"blob {name} is not whole")
        self._cipher = _cipher(key, name, header[len(_MAGIC) :])

    def next(self) -> bytes | None:
        """The next chunk, checked; None after the last."""
        if self._left <= 0:
            return None
        with _translated():
            frame = self._file.read(min(CHUNK + _TAG, self._left))
        self._left -= len(frame)
        last = self._left <= 0
        try:
            content = self._cipher.decrypt(_nonce(self._index, last), frame, None)
        except (InvalidTag, ValueError):
            content = None
        if content is None or not frame:
            raise Corrupt(f"blob {self._name} is cut, altered or of another case")
        self._index += 1
        return content

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _cipher(key: bytes, name: str, salt: bytes) -> AESGCM:
    return AESGCM(derive(key, f"blob|{name}", salt))


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])


@contextmanager
def _translated() -> Iterator[None]:
    """The system's errors in our own terms; a missing file stays what it is."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        message = f"blob store: {error.strerror}"
        raise DiskFull(message) if full else Unavailable(message) from None
