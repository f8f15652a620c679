"""Files are fetched a few at a time, the next at once when one is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from bot.domain.events import FileKind, InboundFile
from bot.domain.filetypes import STL
from bot.ports.blobs import StoredBlob
from bot.services import pictures, relay
from bot.services.unit import Unit
from bot.workers.files import AT_ONCE, FileWorker
from storage.blobs import FolderBlobs
from tests.support import arches
from tests.support.casework import Casework
from tests.support.theatre import eventually


async def test_the_next_file_waits_for_no_tick(desk: Casework, tmp_path: Path) -> None:
    case = await desk.open_case()
    for number in range(4 * AT_ONCE):
        file = InboundFile(f"F{number}", f"plan-{number}.pdf", FileKind.DOCUMENT, "application/pdf", 100)
        await desk.says(case, "dentist", "", files=(file,))
    worker = FileWorker(desk.units, desk.platforms, FolderBlobs(tmp_path, desk.units.engine, desk.units.sealer))
    running = asyncio.create_task(worker.run())

    async def all_stored() -> bool:
        return not await desk.rows("SELECT id FROM attachment WHERE state <> 'stored'")

    await eventually(all_stored, 5.0)  # by ticks alone it takes three of two seconds each
    worker.stop()
    await running


async def test_a_picture_that_a_stop_left_undrawn_is_drawn_after_the_next_start(desk: Casework, tmp_path: Path) -> None:
    case = await desk.open_case()
    await desk.settle()
    scan = arches.stl(0.8)
    blobs = FolderBlobs(tmp_path, desk.units.engine, desk.units.sealer)
    for number, data in enumerate((scan, b"x" * 84), 1):
        file = InboundFile("F", f"upper-{number}.stl", FileKind.DOCUMENT, "model/stl", len(data))
        await desk.says(case, "dentist", "", files=(file,))
        (row,) = await desk.rows("SELECT id FROM attachment ORDER BY id DESC LIMIT 1")
        kept = await blobs.put(case, once(data), limit=len(data))
        await desk.do(partial(_stored, attachment=int(row["id"]), kept=kept))
    await desk.settle()
    desk.clock.advance(3_600_000_000)
    worker = FileWorker(desk.units, desk.platforms, blobs)
    running = asyncio.create_task(worker.run())

    async def drawn() -> bool:
        return bool(await desk.rows("SELECT id FROM attachment WHERE state = 'picture'"))

    await eventually(drawn, 60.0)
    worker.stop()
    await running
    await desk.settle()
    assert [one.text for one in desk.platforms["slack"].shown if "picture of the scan" in one.text] == [
        "A picture of the scan with #1, to see at a glance. The scan itself is the file."
    ]
    left = await desk.units.look(pictures.missing)
    assert [blob.size for _, _, blob in left] == [84]  # no scan is in it
    desk.clock.advance(2 * 86_400_000_000)
    assert await desk.units.look(pictures.missing) == []  # and it is not tried for ever


def _stored(unit: Unit, attachment: int, kept: StoredBlob) -> None:
    relay.file_stored(unit, attachment, STL, blob=kept.name, sha256=kept.sha256.hex(), size=kept.size)


async def once(data: bytes) -> AsyncIterator[bytes]:
    yield data
