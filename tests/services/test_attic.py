"""Files that belong to nobody go from the store; one with a row, or one that may be about to get it, stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from bot.domain.events import FileKind, InboundFile
from bot.domain.filetypes import PDF
from bot.domain.ids import CaseId
from bot.domain.rules import DAY
from bot.services import relay
from bot.workers.attic import AtticWorker
from storage.blobs import FolderBlobs
from tests.support.casework import Casework


async def content() -> AsyncIterator[bytes]:
    yield b"%PDF-1.7 plan"


async def _store(desk: Casework, blobs: FolderBlobs, case: CaseId) -> str:
    return (await blobs.put(case, content())).name


async def test_only_what_belongs_to_nobody_goes(desk: Casework, tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path, desk.units.engine, desk.units.sealer)
    case = await desk.open_case()
    kept, orphan = await _store(desk, blobs, case), await _store(desk, blobs, case)
    await desk.says(case, "dentist", "", files=(InboundFile("F1", "plan.pdf", FileKind.DOCUMENT, "", 100),))
    (row,) = await desk.rows("SELECT id FROM attachment")
    await desk.do(lambda unit: relay.file_stored(unit, row["id"], PDF, blob=kept, sha256="0" * 64, size=13))
    desk.clock.advance((tmp_path / kept[:2] / kept).stat().st_mtime_ns // 1000 - desk.clock.now())
    attic = AtticWorker(desk.units, blobs)
    assert [await attic.turn(), await attic.turn()] == [0, 0]  # both are new
    desk.clock.advance(2 * DAY)
    late = await _store(desk, blobs, case)  # a clock that jumps makes it look old: it is only suspected
    assert await attic.turn() == 0
    await desk.says(case, "dentist", "", files=(InboundFile("F2", "scan.pdf", FileKind.DOCUMENT, "", 100),))
    newest = (await desk.rows("SELECT MAX(id) AS id FROM attachment"))[0]["id"]
    await desk.do(lambda unit: relay.file_stored(unit, newest, PDF, blob=late, sha256="0" * 64, size=13))
    assert await attic.turn() == 1
    assert await attic.turn() == 0
    left = sorted(path.name for path in tmp_path.glob("*/*"))
    assert left == sorted([kept, late])
    assert orphan not in left
