"""A stored file looked at for details of the patient; where there are any, only a copy without them stays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any, Final

from bot.domain.filetypes import DCM, PDF, ZIP, FileType
from bot.domain.ids import CaseId
from bot.domain.media_zip import TAIL
from bot.domain.problems import Problem
from bot.ports.blobs import BlobStore, StoredBlob
from bot.services import identity
from bot.services.identity import Field
from bot.services.unit import Unit, Units
from bot.workers.aside.run import Aside, Failed
from bot.workers.incoming import Unfit, let_go

JOBS: Final = {DCM: "dicom", PDF: "pdf"}
SECONDS: Final = 120.0
ARCHIVE_SECONDS: Final = 600.0
ROOM: Final = 1024 * 1024
"""How much larger a cleaned file may be than it was; a ZIP that is packed anew also a quarter of itself."""
Looked = tuple[StoredBlob, tuple[Field, ...]]


async def looked_at(
    units: Units, blobs: BlobStore, aside: Aside, case: CaseId, kind: FileType, stored: StoredBlob
) -> Looked:
    """The blob to go on with, and what was left out of it. Unfit, with nothing kept, for what cannot be cleaned."""
    if kind != ZIP and kind not in JOBS:
        return stored, ()
    looker = _Looker(units, blobs, aside, case)
    try:
        cleaned, telling = await (looker.archive(stored) if kind == ZIP else looker.document(kind, stored))
    except Failed:
        await blobs.delete(stored.name)
        raise Unfit(Problem.of("relay.why.unclear")) from None
    except BaseException:
        await blobs.delete(stored.name)
        raise
    if cleaned is not stored:
        await blobs.delete(stored.name)
    return cleaned, telling


class _Looker:
    def __init__(self, units: Units, blobs: BlobStore, aside: Aside, case: CaseId) -> None:
        self._units = units
        self._blobs = blobs
        self._aside = aside
        self._case = case

    async def document(self, kind: FileType, stored: StoredBlob) -> Looked:
        """A DICOM file or a PDF: what it says comes before the cleaned file, in one go."""
        chunks = self._blobs.open(self._case, stored.name)
        async with self._aside.run(JOBS[kind], chunks, seconds=SECONDS) as answer:
            telling = await self._telling(kind, _said(answer.said))
            if not telling:
                return stored, ()
            return await self._blobs.put(self._case, answer.rest, limit=stored.size + ROOM), telling

    async def archive(self, stored: StoredBlob) -> Looked:
        """A ZIP: looked through once, and made anew if something in it has to be cleaned."""
        tail = await self._tail(stored)
        about = (str(stored.size), str(len(tail)))
        async with self._aside.run(
            "archive", self._with(tail, stored), "look", *about, seconds=ARCHIVE_SECONDS
        ) as answer:
            found = [tuple(one) for one in _said(answer.said)]
            where, quiet = answer.said["where"], answer.said["quiet"]
        telling: list[Field] = []
        for kind in JOBS:
            telling += await self._telling(kind, [(what, text) for ext, what, text in found if ext == kind.ext])
        named = {number for number, (_, what, text) in enumerate(found) if (what, text) in telling}
        which = sorted({*quiet, *(int(entry) for entry, ids in where.items() if named & set(ids))})
        if not which:
            return stored, ()
        numbers = ",".join(map(str, which))
        chunks = self._with(tail, stored)
        async with self._aside.run("archive", chunks, "clean", *about, numbers, seconds=ARCHIVE_SECONDS) as answer:
            limit = stored.size + stored.size // 4 + ROOM
            return await self._blobs.put(self._case, answer.rest, limit=limit), tuple(telling)

    async def _telling(self, kind: FileType, found: Sequence[Field]) -> tuple[Field, ...]:
        if not found:
            return ()
        return await self._units.look(partial(_telling, case=self._case, kind=kind, found=found))

    async def _tail(self, stored: StoredBlob) -> bytes:
        tail = bytearray()
        chunks = self._blobs.open(self._case, stored.name)
        try:
            async for chunk in chunks:
                tail += chunk
                del tail[:-TAIL]
        finally:
            await let_go(chunks)
        return bytes(tail)

    async def _with(self, tail: bytes, stored: StoredBlob) -> AsyncIterator[bytes]:
        yield tail
        async with aclosing(self._blobs.open(self._case, stored.name)) as chunks:  # type: ignore[type-var]
            async for chunk in chunks:
                yield chunk


def _said(said: dict[str, Any]) -> list[Any]:
    """What a child found; Unfit if it says that the file cannot pass."""
    problem = said.get("problem")
    if problem:
        raise Unfit(Problem.of(f"relay.why.{problem}"))
    return [tuple(one) for one in said["fields"]]


def _telling(unit: Unit, case: CaseId, kind: FileType, found: Sequence[Field]) -> tuple[Field, ...]:
    return identity.telling(unit, case, kind, found)
