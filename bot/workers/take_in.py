"""A file into the sealed store: checked by what it is, cleaned, and not kept at all if it may not pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.domain import media_photo
from bot.domain.filetypes import M4A, MP4, ZIP, FileType, as_sound, sniff
from bot.domain.ids import CaseId
from bot.domain.media_limits import MOST_BYTES, Pieces
from bot.domain.media_photo import PHOTOS
from bot.domain.media_unpack import Unpacker
from bot.domain.media_video import Unclean, VideoCleaner
from bot.domain.media_zip import TAIL, contents
from bot.domain.problems import Problem
from bot.ports.blobs import BlobStore, StoredBlob
from bot.workers.incoming import Incoming, Unfit, let_go

SLICE = 256 * 1024


async def take_in(
    blobs: BlobStore,
    case: CaseId,
    incoming: Incoming,
    *,
    name: str,
    size: int,
    limit: int,
    sound: bool = False,
    exact: bool = False,
) -> tuple[FileType, StoredBlob]:
    """Store a file of a case; `size` as its platform states it. Unfit, with nothing of it kept, if it may not pass.

    `exact`: the size is certain, so that a wrong type is refused by the first bytes.
    """
    kind = sniff(await incoming.head(), size, name)
    if kind is None and exact:
        raise Unfit("wrong_type")
    if kind in PHOTOS:
        pieces = await _cleaned(kind, await incoming.whole(MOST_BYTES))
        return kind, await blobs.put(case, _slices(pieces), limit=limit)
    keep = TAIL if kind == ZIP else 0
    chunks = incoming.rest(keep)
    stored = await blobs.put(case, _film(chunks) if kind in (MP4, M4A) else chunks, limit=limit)
    try:
        kind = sniff(await incoming.head(), stored.size, name)
        if kind is None:
            raise Unfit("wrong_type")
        if kind == ZIP:
            reason = await _inside(blobs, case, stored, bytes(incoming.tail))
            if reason is not None:
                raise Unfit(reason)
    except BaseException:
        await blobs.delete(stored.name)
        raise
    return as_sound(kind) if sound else kind, stored


async def _inside(blobs: BlobStore, case: CaseId, stored: StoredBlob, tail: bytes) -> Problem | None:
    """Why a stored ZIP may not pass; it is unpacked in small pieces of memory and nowhere else."""
    found = contents(tail, stored.size)
    if isinstance(found, Problem):
        return found
    look = Unpacker(found)
    chunks = blobs.open(case, stored.name)
    try:
        async for chunk in chunks:
            problem = await asyncio.to_thread(look.feed, chunk)
            if problem is not None:
                return problem
    finally:
        await let_go(chunks)
    return look.finish()


async def _cleaned(kind: FileType, data: bytes) -> Pieces:
    """A photo without its metadata; it is never on disk with it."""
    pieces = await asyncio.to_thread(media_photo.strip, kind, data)
    if isinstance(pieces, Problem):
        raise Unfit(pieces)
    return pieces


async def _film(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A video without what it says of where it was taken."""
    cleaner = VideoCleaner()
    try:
        async for chunk in chunks:
            yield await asyncio.to_thread(cleaner.feed, chunk)
        yield cleaner.finish()
    except Unclean as error:
        raise Unfit(error.problem) from None


async def _slices(pieces: Pieces) -> AsyncIterator[bytes]:
    for piece in pieces:
        for at in range(0, len(piece), SLICE):
            yield bytes(piece[at : at + SLICE])
