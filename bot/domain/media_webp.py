"""WebP without its metadata: the chunks that make the picture, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import media_exif
from bot.domain.media_limits import DAMAGED, Piece, Pieces, extent
from bot.domain.problems import Problem

_LOSSY, _LOSSLESS, _EXTENDED, _FRAME = b"VP8 ", b"VP8L", b"VP8X", b"ANMF"
_PICTURE = frozenset({_LOSSY, _LOSSLESS, b"ALPH"})
_KEPT = _PICTURE | {_FRAME, b"ICCP", b"ANIM"}
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_FRAME_HEADER = 16


def strip(data: bytes) -> Pieces | Problem:
    """The picture without Exif (but its orientation), XMP and unknown chunks. Never raises."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or end > len(data):
        return DAMAGED
    view = memoryview(data)
    pieces: list[Piece] = []
    extended: bytes | None = None
    turned, shown = media_exif.UPRIGHT, False
    for chunk in _chunks(data, 12, end):
        if chunk is None:
            return DAMAGED
        name, start, stop, next_at = chunk
        problem = _look(data, name, start, stop)
        if problem is not None:
            return problem
        if name == b"EXIF":
            turned = media_exif.orientation(data[start:stop].removeprefix(b"Exif\0\0"))
        elif name == _EXTENDED:
            if pieces or extended is not None:
                return DAMAGED
            extended = data[start:stop]
        elif name in _KEPT:
            shown = shown or name in (_LOSSY, _LOSSLESS, _FRAME)
            pieces.append(view[start - 8 : min(next_at, end)])
            if next_at > end:
                pieces.append(b"\0")
    if not shown:
        return DAMAGED
    return _whole(pieces, extended, turned)


def _whole(pieces: list[Piece], extended: bytes | None, turned: int) -> Pieces:
    exif = b""
    if extended is not None:
        flags = extended[0] & ~(_HAS_EXIF | _HAS_XMP)
        if turned != media_exif.UPRIGHT:
            flags |= _HAS_EXIF
            exif = _chunk(b"EXIF", media_exif.minimal(turned))
        pieces = [_chunk(_EXTENDED, bytes([flags]) + extended[1:]), *pieces, *([exif] if exif else [])]
    size = 4 + sum(len(piece) for piece in pieces)
    return (b"RIFF" + size.to_bytes(4, "little") + b"WEBP", *pieces)


def _look(data: bytes, name: bytes, start: int, stop: int) -> Problem | None:
    """Whether a chunk's picture may pass, and a frame of an animation holds nothing else."""
    part = data[start : start + 10]
    if name in (_LOSSY, _EXTENDED) and stop - start < 10:
        return DAMAGED
    if name == _EXTENDED:
        return extent(1 + int.from_bytes(part[4:7], "little"), 1 + int.from_bytes(part[7:10], "little"))
    if name == _LOSSY:
        return extent(int.from_bytes(part[6:8], "little") & 0x3FFF, int.from_bytes(part[8:10], "little") & 0x3FFF)
    if name == _LOSSLESS:
        if stop - start < 5 or part[0] != 0x2F:
            return DAMAGED
        bits = int.from_bytes(part[1:5], "little")
        return extent(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if name == _FRAME:
        for inner in _chunks(data, start + _FRAME_HEADER, stop):
            if inner is None or inner[0] not in _PICTURE:
                return DAMAGED
            problem = _look(data, *inner[:3])
            if problem is not None:
                return problem
    return None


def _chunks(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int, int] | None]:
    """Name, start and end of each chunk's content and where the next begins; None for one that does not hold."""
    while at < end:
        stop = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 > end or stop > end:
            yield None
            return
        yield data[at : at + 4], at + 8, stop, stop + (stop - at) % 2
        at = stop + (stop - at) % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
