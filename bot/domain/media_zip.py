"""What a ZIP says it holds, read from its end: the contents list is the only truth, and it must be a plain one."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
from dataclasses import dataclass

from bot.domain.problems import Problem

TAIL = 512 * 1024
"""Bytes from the end of a ZIP in which its whole list must be found."""
MOST_ENTRIES = 2_000
MOST_UNPACKED = 2 * 1024**3
SMALL = 20 * 1024 * 1024
"""Up to here nothing counts as a bomb."""
MOST_RATIO = 100
STORED, DEFLATED = 0, 8
LOCAL = struct.Struct("<4sHHHHHIIIHH")
LOCAL_MARK = b"PK\x03\x04"

_END = struct.Struct("<4sHHHHIIH")
_ENTRY = struct.Struct("<4sHHHHHHIIIHHHHHII")
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_UTF8 = 0x0800
_UNIX = 3

UNREADABLE = Problem.of("relay.why.zip_unreadable")
ENCRYPTED = Problem.of("relay.why.zip_encrypted")
BOMB = Problem.of("relay.why.zip_bomb")
NAMES = Problem.of("relay.why.zip_names")
TOO_MANY = Problem.of("relay.why.zip_many", most=MOST_ENTRIES)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a ZIP, by its list: sizes in bytes, `at` where its own header starts, `raw` its name as stored."""

    name: str
    raw: bytes
    method: int
    crc: int
    packed: int
    size: int
    at: int

    @property
    def folder(self) -> bool:
        """It only names a folder."""
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class Contents:
    """The list in the order in which the entries lie, and where the list itself starts."""

    entries: tuple[Entry, ...]
    end: int


def contents(tail: bytes, total: int) -> Contents | Problem:
    """The list of a ZIP of `total` bytes from its last bytes (up to `TAIL`); a Problem if it may not pass. Total."""
    found = _end(tail)
    if found is None:
        return UNREADABLE
    at, count, length, start = found
    if count > MOST_ENTRIES or length > len(tail):
        return TOO_MANY
    if start + length != total - (len(tail) - at):
        return UNREADABLE
    listed: list[Entry] = []
    cursor = at - length
    for _ in range(count):
        entry = _entry(tail, cursor, at)
        if isinstance(entry, Problem):
            return entry
        one, cursor = entry
        listed.append(one)
    if cursor != at or not listed:
        return UNREADABLE
    return _judged(sorted(listed, key=lambda one: one.at), start, total)


def _end(tail: bytes) -> tuple[int, int, int, int] | None:
    at = len(tail)
    while (at := tail.rfind(b"PK\x05\x06", 0, at)) >= 0:
        if at + _END.size > len(tail):
            continue
        _, disk, first, here, count, length, start, comment = _END.unpack_from(tail, at)
        if at + _END.size + comment == len(tail):
            # 0xFFFF and 0xFFFFFFFF point to a second list (ZIP64), which nothing that may pass here needs.
            plain = disk == first == 0 and here == count != 0xFFFF and 0xFFFFFFFF not in (length, start)
            return (at, count, length, start) if plain and length <= at else None
    return None


def _entry(tail: bytes, at: int, end: int) -> tuple[Entry, int] | Problem:
    if at + _ENTRY.size > end:
        return UNREADABLE
    fields = _ENTRY.unpack_from(tail, at)
    mark, made, _, flags, method, _, _, crc, packed, size, name, extra, comment, disk, _, outside, start = fields
    after = at + _ENTRY.size + name
    if mark != b"PK\x01\x02" or disk or after + extra + comment > end or 0xFFFFFFFF in (packed, size, start):
        return UNREADABLE
    if flags & _ENCRYPTED:
        return ENCRYPTED
    if method not in (STORED, DEFLATED) or (method == STORED and packed != size):
        return UNREADABLE
    raw = tail[at + _ENTRY.size : after]
    text = raw.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
    link = made >> 8 == _UNIX and stat.S_ISLNK(outside >> 16)
    if link or not safe_path(text):
        return NAMES
    return Entry(text, raw, method, crc, packed, size, start), after + extra + comment


def safe_path(name: str) -> bool:
    """Whether a name in a ZIP stays inside the folder it is unpacked to, and reads as what it is."""
    parts = name.removesuffix("/").split("/")
    if "\\" in name or re.match(r"[A-Za-z]:", name) or any(part.strip(". ") == "" for part in parts):
        return False
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name)


def _judged(entries: list[Entry], start: int, total: int) -> Contents | Problem:
    ends = [one.at for one in entries[1:]] + [start]
    if entries[0].at or any(
        one.at + LOCAL.size + len(one.raw) + one.packed > end for one, end in zip(entries, ends, strict=True)
    ):
        return UNREADABLE  # something before it, or entries that share their bytes
    if len({one.raw for one in entries}) != len(entries) or any(one.folder and one.size for one in entries):
        return UNREADABLE
    unpacked = sum(one.size for one in entries)
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * total):
        return BOMB
    return Contents(tuple(entries), start)
