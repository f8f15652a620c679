"""Small real files: a picture each time another one, a page of PDF."""

from __future__ import annotations

import struct
import zlib


def picture(shade: int = 128, side: int = 16) -> bytes:
    """A square grey PNG."""
    rows = b"".join(b"\0" + bytes([shade]) * side for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", header) + _part(b"IDAT", zlib.compress(rows)) + _part(b"IEND", b"")


def page(words: str = "plan") -> bytes:
    """The first bytes of a PDF, and words that make it this one."""
    return b"%PDF-1.4\n% " + words.encode() + b"\n%%EOF\n"


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
