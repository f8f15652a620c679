"""Files that come piece by piece: how many at once, how long they are waited for, and that nothing stays of them."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from bot.domain.ids import CaseId
from bot.workers.uploads import AT_ONCE, Altered, Busy, Uploads
from storage.blobs import FolderBlobs
from storage.engine.base import Engine
from storage.sealing import Sealer
from tests.support.papers import page

CASE = CaseId(7)
LIMIT = 1_000_000


@pytest.fixture
def blobs(tmp_path: Path, engine: Engine, sealer: Sealer) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs", engine, sealer)


def kept(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


async def test_one_that_is_not_brought_to_its_end_is_forgotten(blobs: FolderBlobs, tmp_path: Path) -> None:
    uploads = Uploads(blobs, idle=0.05)
    upload = await uploads.begin("a", CASE, "plan.pdf", 9000, LIMIT)
    await upload.feed(page("plan")[:200] + bytes(4000))
    async with asyncio.timeout(5):
        await asyncio.wait((upload.kept,))
    assert uploads.get("a") is None
    assert upload.kept.cancelled()
    assert kept(tmp_path / "blobs") == []


async def test_no_more_than_there_is_room_for(blobs: FolderBlobs) -> None:
    uploads = Uploads(blobs)
    for number in range(AT_ONCE):
        await uploads.begin(f"link {number}", CASE, "plan.pdf", 9000, LIMIT)
    with pytest.raises(Busy):
        await uploads.begin("one more", CASE, "plan.pdf", 9000, LIMIT)
    await uploads.drop("link 0")
    await uploads.begin("one more", CASE, "plan.pdf", 9000, LIMIT)
    await uploads.close()


async def test_another_file_over_the_same_link_takes_the_place_of_the_first(blobs: FolderBlobs, tmp_path: Path) -> None:
    uploads = Uploads(blobs)
    first = await uploads.begin("a", CASE, "plan.pdf", 9000, LIMIT)
    await first.feed(b"%PDF-1.7" + bytes(5000))
    assert await uploads.begin("a", CASE, "plan.pdf", 9000, LIMIT) is first
    data = page("second")
    second = await uploads.begin("a", CASE, "plan.pdf", len(data), LIMIT)
    assert first.kept.cancelled()
    await second.feed(data)
    _, stored = await second.finish(hashlib.sha256(data).hexdigest())
    assert stored.sha256 == hashlib.sha256(data).digest()
    assert len(kept(tmp_path / "blobs")) == 1


async def test_what_is_short_or_altered_is_not_kept(blobs: FolderBlobs, tmp_path: Path) -> None:
    uploads = Uploads(blobs)
    data = page("plan")
    upload = await uploads.begin("a", CASE, "plan.pdf", len(data) + 1, LIMIT)
    await upload.feed(data)
    with pytest.raises(Altered):
        await upload.finish(hashlib.sha256(data).hexdigest())
    await uploads.close()
    assert kept(tmp_path / "blobs") == []
