"""Photos on their way through: cleaned of what says where, when and by whom they were taken, never re-encoded."""

from __future__ import annotations

from bot.domain import media_heic, media_jpeg, media_png, media_webp
from bot.domain.filetypes import HEIC, JPG, PNG, WEBP, FileType
from bot.domain.media_limits import DAMAGED, Pieces
from bot.domain.problems import Problem

_BY_TYPE = {JPG: media_jpeg.strip, PNG: media_png.strip, WEBP: media_webp.strip, HEIC: media_heic.strip}
PHOTOS = frozenset(_BY_TYPE)


def strip(kind: FileType, data: bytes) -> Pieces | Problem:
    """The photo of that type without its metadata, turned as it was; a Problem if it is damaged or far too large.

    Pure and total: whatever the bytes are, it does not raise. The pieces may be views of `data`.
    """
    clean = _BY_TYPE.get(kind)
    return DAMAGED if clean is None else clean(data)
