"""Blobs: what comes out is what went in, for its own case alone, and nothing readable ever lies on the disk."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import stat
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.domain.ids import CaseId
from bot.ports.blobs import BlobStore, BlobTooLarge
from storage.blobs import CHUNK, FolderBlobs
from storage.engine.base import Engine
from storage.errors import Corrupt, DiskFull, KeyGone
from storage.sealing import Sealer

CASE = CaseId(7)
CANARY = b"Mrs Oak, UL4 sensitive "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def blobs(folder: Path, engine: Engine, sealer: Sealer) -> BlobStore:
    return FolderBlobs(folder, engine, sealer)


# What a blob does has nothing to do with the database, so most of these run over one alone.
sqlite_only = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


async def pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def whole(blobs: BlobStore, case: int, name: str) -> bytes:
    async with aclosing(blobs.open(CaseId(case), name)) as chunks:
        return b"".join([chunk async for chunk in chunks])


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
async def test_there_and_back(blobs: BlobStore, folder: Path, size: int) -> None:
    content = (CANARY * (size // len(CANARY) + 1))[:size]
    stored = await blobs.put(CASE, pieces(content, 70_001))
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).digest())
    assert await whole(blobs, 7, stored.name) == content
    (path,) = files(folder)
    assert path.name == stored.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"Mrs Oak, UL4" not in path.read_bytes()


@sqlite_only
async def test_pieces_of_any_size(blobs: BlobStore) -> None:
    content = os.urandom(CHUNK * 2 + 5)
    names = {(await blobs.put(CASE, pieces(content, size))).name for size in (1000, CHUNK, CHUNK * 9)}
    assert len(names) == 3
    for name in names:
        assert await whole(blobs, 7, name) == content


@sqlite_only
async def test_the_service_has_blobs_too(blobs: BlobStore) -> None:
    stored = await blobs.put(CaseId(0), pieces(CANARY, 5))
    assert await whole(blobs, 0, stored.name) == CANARY


async def test_only_its_own_case_reads_it(blobs: BlobStore) -> None:
    stored = await blobs.put(CASE, pieces(CANARY, 5))
    with pytest.raises(KeyGone):
        await whole(blobs, 8, stored.name)
    await blobs.put(CaseId(8), pieces(CANARY, 5))
    for other in (0, 8):
        with pytest.raises(Corrupt):
            await whole(blobs, other, stored.name)


@sqlite_only
async def test_cut_altered_and_swapped(blobs: BlobStore, folder: Path) -> None:
    stored = await blobs.put(CASE, pieces(bytes(3 * CHUNK), CHUNK))
    (path,) = files(folder)
    good = path.read_bytes()
    frame = CHUNK + 16
    bad = {
        "cut inside a frame": good[:-1],
        "cut between frames": good[:-frame],
        "cut to the header": good[:24],
        "cut in the header": good[:10],
        "nothing": b"",
        "longer": good + b"x",
        "a frame more": good + good[-frame:],
        "frames swapped": good[:24]
        + good[24 + frame : 24 + 2 * frame]
        + good[24 : 24 + frame]
        + good[24 + 2 * frame :],
        "a byte in the salt": good[:8] + bytes([good[8] ^ 1]) + good[9:],
        "a byte in the middle": good[: frame + 99] + bytes([good[frame + 99] ^ 1]) + good[frame + 100 :],
        "another kind of file": b"PNG" + good[3:],
    }
    refused: list[str] = []
    for what, content in bad.items():
        path.write_bytes(content)
        try:
            await whole(blobs, 7, stored.name)
        except Corrupt:
            refused.append(what)
    assert refused == list(bad)
    path.write_bytes(good)
    assert await whole(blobs, 7, stored.name) == bytes(3 * CHUNK)


@sqlite_only
async def test_a_blob_under_another_name(blobs: BlobStore, folder: Path) -> None:
    one, other = [await blobs.put(CASE, pieces(word, 9)) for word in (b"one", b"other")]
    shutil.copyfile(folder / one.name[:2] / one.name, folder / other.name[:2] / other.name)
    with pytest.raises(Corrupt):
        await whole(blobs, 7, other.name)


@sqlite_only
@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 32, "0" * 31, "0" * 32])
async def test_names_that_are_no_blobs(blobs: BlobStore, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        await whole(blobs, 0, name)


@sqlite_only
async def test_deleting(blobs: BlobStore, folder: Path) -> None:
    stored = await blobs.put(CASE, pieces(CANARY, 5))
    assert await blobs.delete(stored.name)
    assert not await blobs.delete(stored.name)
    assert files(folder) == []


@sqlite_only
async def test_too_large_leaves_nothing(blobs: BlobStore, folder: Path) -> None:
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        while True:
            seen += 1
            yield CANARY * 1000

    with pytest.raises(BlobTooLarge):
        await blobs.put(CASE, endless(), limit=2_000_000)
    assert seen == 2_000_000 // (len(CANARY) * 1000) + 1
    assert files(folder) == []
    assert (await blobs.put(CASE, pieces(bytes(100), 7), limit=100)).size == 100


@sqlite_only
async def test_a_source_that_fails_leaves_nothing(blobs: BlobStore, folder: Path) -> None:
    on_disk: list[bytes] = []

    async def source() -> AsyncIterator[bytes]:
        yield CANARY * 50_000
        on_disk.extend(path.read_bytes() for path in files(folder))
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await blobs.put(CASE, source())
    assert len(on_disk) == 1
    assert len(on_disk[0]) > CHUNK
    assert b"Mrs Oak, UL4" not in on_disk[0]  # unfinished files are sealed as well
    assert files(folder) == []


@sqlite_only
async def test_a_cancelled_upload_leaves_nothing(blobs: BlobStore, folder: Path) -> None:
    waiting = asyncio.Event()

    async def source() -> AsyncIterator[bytes]:
        yield CANARY * 50_000
        waiting.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(blobs.put(CASE, source()))
    await waiting.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert files(folder) == []


@sqlite_only
async def test_disk_full(blobs: BlobStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("storage.blobs.os.fsync", no_room)
        with pytest.raises(DiskFull):
            await blobs.put(CASE, pieces(CANARY, 5))
    assert files(folder) == []
    assert await whole(blobs, 7, (await blobs.put(CASE, pieces(CANARY, 5))).name) == CANARY


@sqlite_only
async def test_what_a_crash_left_is_swept(blobs: BlobStore, folder: Path) -> None:
    kept = await blobs.put(CASE, pieces(CANARY, 5))
    left = folder / "ab" / ("ab" * 16 + ".part")
    young = folder / "ab" / ("ac" * 16 + ".part")
    left.parent.mkdir(exist_ok=True)
    for path, at in ((left, 1_000_000), (young, 3_000_000)):
        path.write_bytes(b"x")
        os.utime(path, ns=(0, at * 1000))
    assert await blobs.sweep(before=2_000_000) == 1
    assert {path.name for path in files(folder)} == {kept.name, young.name}


@sqlite_only
async def test_memory_is_bounded(blobs: BlobStore) -> None:
    async def large() -> AsyncIterator[bytes]:
        piece = bytes(65_536)
        for _ in range(400):  # 26 MB
            yield piece

    await blobs.put(CASE, pieces(b"warm", 9))
    tracemalloc.start()
    try:
        stored = await blobs.put(CASE, large())
        async with aclosing(blobs.open(CASE, stored.name)) as chunks:
            total = sum([len(chunk) async for chunk in chunks])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == stored.size == 400 * 65_536
    assert peak < 6_000_000
