"""The boxes of an ISO media file, and where the items of a HEIC picture lie in it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

IN_FILE, IN_BOX = 0, 1
"""How an item is placed: counted from the start of the file, or inside the `idat` box."""


class OddBoxError(ValueError):
    """The boxes do not hold together."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box's content starts and ends."""

    name: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what it is, and where its name stands (empty span if it has none)."""

    id: int
    kind: bytes
    name: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of an item's bytes."""

    item: int
    method: int
    start: int
    length: int


def boxes(data: bytes | bytearray, start: int, end: int) -> list[Box]:
    """The boxes that fill a span exactly."""
    found: list[Box] = []
    at = start
    while at < end:
        if at + 8 > end:
            raise OddBoxError
        size, header = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < header or at + size > end:
            raise OddBoxError
        found.append(Box(bytes(data[at + 4 : at + 8]), at + header, at + size))
        at += size
    return found


def items(data: bytes, box: Box) -> list[Item]:
    """What an `iinf` box lists."""
    start = box.start + (6 if data[box.start] == 0 else 8)
    return [_item(data, one) for one in boxes(data, start, box.end) if one.name == b"infe"]


def _item(data: bytes, box: Box) -> Item:
    version = data[box.start]
    if version not in (2, 3):
        raise OddBoxError
    width = 2 if version == 2 else 4
    at = box.start + 4
    kind = at + width + 2
    name = kind + 4
    stop = data.find(b"\0", name, box.end)
    if stop < 0:
        raise OddBoxError
    return Item(int.from_bytes(data[at : at + width], "big"), data[kind : kind + 4], (name, stop))


def extents(data: bytes, box: Box) -> list[Extent]:
    """What an `iloc` box says; OddBoxError for parts in other files, or a run of unsaid length."""
    reader = _Reader(data, box)
    version = reader.number(1)
    reader.number(3)
    sizes = reader.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    if version > 2 or {offset_size, length_size, base_size, index_size} - {0, 4, 8}:
        raise OddBoxError
    found: list[Extent] = []
    wide = 4 if version == 2 else 2
    for _ in range(reader.number(wide)):
        item = reader.number(wide)
        method = reader.number(2) & 15 if version else IN_FILE
        elsewhere = reader.number(2)
        base = reader.number(base_size)
        for _ in range(reader.number(2)):
            reader.number(index_size)
            start, length = base + reader.number(offset_size), reader.number(length_size)
            if elsewhere or not length or method not in (IN_FILE, IN_BOX):
                raise OddBoxError
            found.append(Extent(item, method, start, length))
    return found


class _Reader:
    def __init__(self, data: bytes, box: Box) -> None:
        self._data, self._at, self._end = data, box.start, box.end

    def number(self, width: int) -> int:
        at, self._at = self._at, self._at + width
        if self._at > self._end:
            raise OddBoxError
        return int.from_bytes(self._data[at : self._at], "big")


def pixels(data: bytes, box: Box) -> tuple[int, int]:
    """Width and height in an `ispe` box."""
    if box.end - box.start < 12:
        raise OddBoxError
    width, height = struct.unpack_from(">II", data, box.start + 4)
    return int(width), int(height)
