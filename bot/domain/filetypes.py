"""Which files are passed on, decided by their first bytes and never by their name or stated type."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD = 4096
"""Bytes of a file that `sniff` wants to see."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A type we pass on: `ext` without a dot."""

    ext: str
    mime: str


JPG = FileType("jpg", "image/jpeg")
PNG = FileType("png", "image/png")
WEBP = FileType("webp", "image/webp")
HEIC = FileType("heic", "image/heic")
PDF = FileType("pdf", "application/pdf")
STL = FileType("stl", "model/stl")
PLY = FileType("ply", "model/ply")
OBJ = FileType("obj", "model/obj")
DCM = FileType("dcm", "application/dicom")
ZIP = FileType("zip", "application/zip")
OGG = FileType("ogg", "audio/ogg")
MP4 = FileType("mp4", "video/mp4")
M4A = FileType("m4a", "audio/mp4")
MP3 = FileType("mp3", "audio/mpeg")
WEBM = FileType("webm", "video/webm")

WEBA = FileType("webm", "audio/webm")

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ", b"dash"}
)
_OBJ_LINE = re.compile(rb"^(?:#|v |vn |vt |f |o |g |s |mtllib |usemtl |l )")


def sniff(head: bytes, size: int, name: str = "") -> FileType | None:
    """The type of a file from its first `HEAD` bytes and its size in bytes; None if it is not one we pass on.

    The name only tells two plain formats apart that carry no mark of their own (binary STL, OBJ).
    """
    for mark, kind in ((b"\xff\xd8\xff", JPG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF), (b"OggS", OGG)):
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12])
    if head[128:132] == b"DICM":
        return DCM
    if head.startswith((b"ply\n", b"ply\r")):
        return PLY
    if head.startswith(b"PK\x03\x04"):
        return ZIP
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return MP3
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return WEBM
    return _plain_model(head, size, name)


def as_sound(kind: FileType) -> FileType:
    """The type of what was sent as sound: containers look the same with and without a picture."""
    return {MP4: M4A, WEBM: WEBA}.get(kind, kind)


def _iso_media(brand: bytes) -> FileType | None:
    if brand in _HEIC_BRANDS:
        return HEIC
    if brand == b"M4A ":
        return M4A
    return MP4 if brand in _MP4_BRANDS else None


def _plain_model(head: bytes, size: int, name: str) -> FileType | None:
    if head.lstrip()[:6] == b"solid " and b"facet" in head:
        return STL
    # binary STL: an 80-byte header of anything, then the number of triangles, 50 bytes each
    if len(head) >= 84 and size == 84 + 50 * int.from_bytes(head[80:84], "little") and size > 84:
        return STL
    if name.lower().endswith(".obj") and b"\0" not in head:
        rows = [row for row in head.split(b"\n")[:-1] if row.strip()]
        if rows and all(_OBJ_LINE.match(row) for row in rows):
            return OBJ
    return None
