"""What lies in the blob store and belongs to nobody goes, and nothing else ever does."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.ids import CaseId
from bot.domain.rules import DAY
from bot.ports.blobs import SHELVES
from storage.blobs import FolderBlobs
from storage.engine.base import Engine
from storage.sealing import Sealer

CASE = CaseId(7)


async def content() -> AsyncIterator[bytes]:
    yield b"%PDF-1.7 plan"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_whole_and_old_blobs_are_listed_by_shelf(tmp_path: Path, engine: Engine, sealer: Sealer) -> None:
    blobs = FolderBlobs(tmp_path, engine, sealer)
    names = sorted([(await blobs.put(CASE, content())).name for _ in range(3)])
    half = tmp_path / names[0][:2] / ("0" * 32 + ".part")
    half.touch()
    at = half.stat().st_mtime_ns // 1000

    async def found(before: int) -> list[str]:
        return sorted([name for shelf in range(SHELVES) for name in await blobs.aged(shelf, before)])

    assert await found(at - DAY) == []
    assert await found(at + DAY) == names
    past = (at - 3 * DAY) / 1_000_000
    os.utime(tmp_path / names[1][:2] / names[1], (past, past))
    assert await found(at - DAY) == [names[1]]
