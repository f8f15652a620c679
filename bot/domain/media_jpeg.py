"""JPEG without its metadata: the picture's own bytes are left as they are."""

from __future__ import annotations

import re

from bot.domain import media_exif
from bot.domain.media_limits import DAMAGED, Piece, Pieces, extent
from bot.domain.problems import Problem

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
_EXIF = b"Exif\0\0"
_SOS, _COMMENT, _APP0, _APP1, _APP15 = 0xDA, 0xFE, 0xE0, 0xE1, 0xEF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_NEXT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Where the scan ends: a marker that is neither a stuffed byte, nor fill, nor a restart."""
# What a decoder needs to get the colours right. The rest of the application segments says who, where and with what.
_KEPT = {_APP0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_JFIF = 16


def strip(data: bytes) -> Pieces | Problem:
    """The photo without Exif (but its orientation), XMP, IPTC, comments, thumbnails and what follows its end.

    Never raises: what does not hold together is a Problem.
    """
    if data[:2] != SOI:
        return DAMAGED
    view = memoryview(data)
    head: list[Piece] = []
    body: list[Piece] = []
    turned, at, sized, scanned = media_exif.UPRIGHT, 2, False, False
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 2 > len(data) or data[at] != 0xFF or data[at + 1] in _ALONE or data[at + 1] == 0:
            return DAMAGED
        marker = data[at + 1]
        if data[at : at + 2] == EOI:
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(data):
            return DAMAGED
        if marker in _FRAMES:
            problem = _frame(data, at, end)
            if problem is not None:
                return problem
            sized = True
        if marker == _APP1 and turned == media_exif.UPRIGHT and data.startswith(_EXIF, at + 4):
            turned = media_exif.orientation(data[at + 4 + len(_EXIF) : end])
        if marker == _APP0 and data.startswith(_KEPT[_APP0], at + 4) and end - at >= _JFIF + 2 and not body:
            head.append(_without_thumbnail(data, at))
        elif _stays(data, marker, at):
            body.append(view[at:end])
        at = end
        if marker == _SOS:
            scan = _NEXT.search(data, end)
            if scan is None or not sized:
                return DAMAGED
            body.append(view[end : scan.start()])
            at, scanned = scan.start(), True
    if not scanned:
        return DAMAGED
    if turned != media_exif.UPRIGHT:
        head.append(_exif(turned))
    return (SOI, *head, *body, EOI)


def _frame(data: bytes, at: int, end: int) -> Problem | None:
    if end < at + 10:
        return DAMAGED
    height, width = int.from_bytes(data[at + 5 : at + 7], "big"), int.from_bytes(data[at + 7 : at + 9], "big")
    return extent(width, height)


def _stays(data: bytes, marker: int, at: int) -> bool:
    if marker == _COMMENT:
        return False
    if _APP0 <= marker <= _APP15:
        return marker != _APP0 and marker in _KEPT and data.startswith(_KEPT[marker], at + 4)
    return True


def _without_thumbnail(data: bytes, at: int) -> bytes:
    # Version, units and densities stay; a thumbnail may show what was cut away.
    return b"\xff\xe0" + _JFIF.to_bytes(2, "big") + data[at + 4 : at + 2 + _JFIF - 2] + b"\0\0"


def _exif(turned: int) -> bytes:
    content = _EXIF + media_exif.minimal(turned)
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
