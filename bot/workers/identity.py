"""A stored file looked at for details of the patient; where there are any, only a copy without them stays."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.domain.filetypes import DCM, PDF, FileType
from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from bot.ports.blobs import BlobStore, StoredBlob
from bot.services import identity
from bot.services.identity import Field
from bot.services.unit import Unit, Units
from bot.workers.aside.run import Aside, Failed
from bot.workers.incoming import Unfit

JOBS: Final = {DCM: "dicom", PDF: "pdf"}
SECONDS: Final = 120.0
ROOM: Final = 1024 * 1024
"""How much larger a cleaned file may be than it was."""


async def looked_at(
    units: Units, blobs: BlobStore, aside: Aside, case: CaseId, kind: FileType, stored: StoredBlob
) -> tuple[StoredBlob, tuple[Field, ...]]:
    """The blob to go on with, and what was left out of it. Unfit, with nothing kept, for what cannot be cleaned."""
    job = JOBS.get(kind)
    if job is None:
        return stored, ()
    try:
        async with aside.run(job, blobs.open(case, stored.name), seconds=SECONDS) as answer:
            problem = answer.said.get("problem")
            if problem:
                raise Unfit(Problem.of(f"relay.why.{problem}"))
            found = tuple((str(what), str(text)) for what, text in answer.said["fields"])
            telling = await units.look(partial(_telling, case=case, kind=kind, found=found)) if found else ()
            if not telling:
                return stored, ()
            cleaned = await blobs.put(case, answer.rest, limit=stored.size + ROOM)
    except Failed:
        await blobs.delete(stored.name)
        raise Unfit(Problem.of("relay.why.unclear")) from None
    except BaseException:
        await blobs.delete(stored.name)
        raise
    await blobs.delete(stored.name)
    return cleaned, telling


def _telling(unit: Unit, case: CaseId, kind: FileType, found: tuple[Field, ...]) -> tuple[Field, ...]:
    return identity.telling(unit, case, kind, found)
