"""PNG without its metadata: the chunks that make the picture, byte for byte."""

from __future__ import annotations

import zlib

from bot.domain import media_exif
from bot.domain.media_limits import DAMAGED, Piece, Pieces, extent
from bot.domain.problems import Problem

MARK = b"\x89PNG\r\n\x1a\n"
# All that a decoder uses to show the picture, an animation's frames included. Anything else goes: text, dates, Exif,
# and chunks that only some programs know, which could hold anything.
_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def strip(data: bytes) -> Pieces | Problem:
    """The picture without text, dates and Exif (but its orientation), and what follows its end. Never raises."""
    if not data.startswith(MARK):
        return DAMAGED
    view = memoryview(data)
    pieces: list[Piece] = [MARK]
    turned, at, shown = media_exif.UPRIGHT, len(MARK), False
    while True:
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if at + 12 > len(data) or end > len(data):
            return DAMAGED
        name = data[at + 4 : at + 8]
        if (name == b"IHDR") != (at == len(MARK)):
            return DAMAGED
        if name == b"IHDR":
            problem = _header(data, at, end)
            if problem is not None:
                return problem
        if name == b"eXIf" and turned == media_exif.UPRIGHT:
            turned = media_exif.orientation(data[at + 8 : end - 4])
        if name == b"IEND":
            break
        shown = shown or name == b"IDAT"
        if name in _KEPT:
            pieces.append(view[at:end])
        at = end
    if not shown:
        return DAMAGED
    if turned != media_exif.UPRIGHT:
        pieces.append(_chunk(b"eXIf", media_exif.minimal(turned)))
    return (*pieces, _chunk(b"IEND", b""))


def _header(data: bytes, at: int, end: int) -> Problem | None:
    if end - at != 12 + 13:
        return DAMAGED
    return extent(int.from_bytes(data[at + 8 : at + 12], "big"), int.from_bytes(data[at + 12 : at + 16], "big"))


def _chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")
