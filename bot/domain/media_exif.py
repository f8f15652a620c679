"""The one thing of a photo's Exif that is kept: how it must be turned to be seen upright."""

from __future__ import annotations

import struct

TAG = 0x0112
_SHORT = 3
UPRIGHT = 1


def orientation(tiff: bytes) -> int:
    """The orientation (1 to 8) in a TIFF block as Exif holds it; 1, upright, where it says none or cannot be read."""
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return UPRIGHT
    order = "<" if tiff[:1] == b"I" else ">"
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for index in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * index)
            if tag == TAG and kind == _SHORT:
                return int(value) if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def minimal(turned: int) -> bytes:
    """A TIFF block with this orientation and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, TAG, _SHORT, 1, turned, 0, 0)
