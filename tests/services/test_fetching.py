"""Files are fetched a few at a time, the next at once when one is done."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.domain.events import FileKind, InboundFile
from bot.workers.files import AT_ONCE, FileWorker
from storage.blobs import FolderBlobs
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
