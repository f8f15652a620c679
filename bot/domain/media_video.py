"""Where and with what a video was taken, out of MP4 and MOV as their bytes go by. Picture and sound stay untouched.

Whatever speaks of the recording (user data, metadata, makers' boxes) becomes free space of the same length, so that
nothing else in the file moves.
"""

from __future__ import annotations

from bot.domain.media_boxes import Box, OddBoxError, boxes
from bot.domain.problems import Problem

MOST_INDEX = 32 * 1024 * 1024
"""Bytes of a video's index, which is held whole; an hour of film has about one million."""
DAMAGED = Problem.of("relay.why.video_damaged")
ROUTE = Problem.of("relay.why.video_route")
_TELLING = frozenset({b"udta", b"meta", b"uuid", b"XMP_", b"loci", b"\xa9xyz"})
_INDEX = frozenset({b"moov", b"moof"})
_HOLDERS = frozenset({b"moov", b"moof", b"trak", b"traf", b"mdia", b"minf", b"stbl", b"mvex", b"edts"})
_FREE = b"free"
_APPLE_DATA = b"mebx"
_DEEPEST = 12


class VideoCleaner:
    """Takes a video's bytes in order and gives them back cleaned; raises Unclean with a Problem."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._left: int | None = 0
        """Bytes of the present box that pass as they are, or as zeros; None: to the end of the file."""
        self._blank = False
        self._index = 0
        """Bytes of the index that is being gathered, its header included."""

    def feed(self, chunk: bytes) -> bytes:
        """What of it may go on now."""
        self._held += chunk
        out = bytearray()
        while self._held:
            if self._index:
                if len(self._held) < self._index:
                    break
                out += self._take_index()
            elif self._left is None or self._left:
                out += self._pass()
            elif not self._begin(out):
                break
        return bytes(out)

    def finish(self) -> bytes:
        """All bytes were given: what is left of them."""
        if self._index:
            raise Unclean(DAMAGED)
        rest, self._held = bytes(self._held), bytearray()
        if len(rest) >= 8:
            raise Unclean(DAMAGED)
        return rest

    def _begin(self, out: bytearray) -> bool:
        """Look at the next box's header; False until it is there."""
        if len(self._held) < 8:
            return False
        size, name, header = int.from_bytes(self._held[:4], "big"), bytes(self._held[4:8]), 8
        if size == 1:
            if len(self._held) < 16:
                return False
            size, header = int.from_bytes(self._held[8:16], "big"), 16
        if size and size < header:
            raise Unclean(DAMAGED)
        if name in _INDEX:
            if not size or size > MOST_INDEX:
                raise Unclean(DAMAGED)
            self._index = size
            return True
        self._blank = name in _TELLING
        out += self._held[:4] + (_FREE if self._blank else name) + self._held[8:header]
        del self._held[:header]
        self._left = size - header if size else None
        return True

    def _pass(self) -> bytes:
        count = len(self._held) if self._left is None else min(self._left, len(self._held))
        taken = bytes(count) if self._blank else bytes(self._held[:count])
        del self._held[:count]
        if self._left is not None:
            self._left -= count
        return taken

    def _take_index(self) -> bytearray:
        index = self._held[: self._index]
        del self._held[: self._index]
        self._index = 0
        try:
            _clean(index, 0, len(index), 0)
        except (OddBoxError, IndexError):
            raise Unclean(DAMAGED) from None
        return index


class Unclean(Exception):
    """A video that cannot pass: `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.key)
        self.problem = problem


def _clean(data: bytearray, start: int, end: int, depth: int) -> None:
    """Blank what tells in a span of boxes, and in the boxes that hold others."""
    if depth > _DEEPEST:
        raise OddBoxError
    for box in boxes(data, start, _padded(data, start, end)):
        if box.name in _TELLING:
            _wipe(data, box)
        elif box.name == b"trak" and _follows_a_place(data, box):
            raise Unclean(ROUTE)
        elif box.name in _HOLDERS:
            _clean(data, box.start, box.end, depth + 1)


def _padded(data: bytearray, start: int, end: int) -> int:
    """Where the boxes end: QuickTime may close a list with four zero bytes."""
    return end - 4 if end - start >= 4 and (end - start == 4 or _ends_in_zeros(data, start, end)) else end


def _ends_in_zeros(data: bytearray, start: int, end: int) -> bool:
    at = start
    while at + 8 <= end - 4:
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8:
            return False
        at += size
    return at == end - 4 and not any(data[at:end])


def _wipe(data: bytearray, box: Box) -> None:
    # The name stands right before the content, or before the long form of the size.
    at = data.rfind(box.name, max(0, box.start - 12), box.start)
    data[at : at + 4] = _FREE
    data[box.start : box.end] = bytes(box.end - box.start)


def _follows_a_place(data: bytearray, trak: Box) -> bool:
    """Whether a track is data recorded along the film: where the camera went, mostly. Apple's own is looked into."""
    media = _inside(data, trak, b"mdia")
    handler = _inside(data, media, b"hdlr") if media else None
    if media is None or handler is None or bytes(data[handler.start + 8 : handler.start + 12]) != b"meta":
        return False
    described = _described(data, media)
    if described is None:
        return True
    entries = bytes(data[described.start : described.end])
    return entries[12:16] != _APPLE_DATA or b"location" in entries


def _described(data: bytearray, media: Box) -> Box | None:
    """The box that says what a track's samples are."""
    box: Box | None = media
    for name in (b"minf", b"stbl", b"stsd"):
        box = _inside(data, box, name) if box else None
    return box


def _inside(data: bytearray, box: Box, name: bytes) -> Box | None:
    held = boxes(data, box.start, _padded(data, box.start, box.end))
    return next((one for one in held if one.name == name), None)
