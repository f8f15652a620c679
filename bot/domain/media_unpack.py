"""A look into a ZIP as its bytes go by: every entry is unpacked in small pieces, judged and forgotten."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from bot.domain import media_photo, media_zip
from bot.domain.filetypes import HEAD, ZIP, FileType, sniff
from bot.domain.media_limits import MOST_BYTES
from bot.domain.media_zip import BOMB, DEFLATED, LOCAL, LOCAL_MARK, MOST_UNPACKED, UNREADABLE, Contents, Entry
from bot.domain.problems import Problem, clip

STEP = 256 * 1024
_DESCRIPTOR = 24
"""Most bytes between two entries: sizes that were only known afterwards."""
_LATE_SIZES = 0x0008
_ENCRYPTED = 0x0001
_LITTER = 256 * 1024
_NESTED = 1
NESTED = Problem.of("relay.why.zip_nested")
PHOTO = Problem.of("relay.why.zip_photo")
LARGE = Problem.of("relay.why.zip_large", most=MOST_BYTES // (1024 * 1024))
_ENDINGS = frozenset(
    {"jpg", "jpeg", "jpe", "jfif", "png", "webp", "heic", "heif", "hif", "pdf", "stl", "ply", "obj", "dcm", "dicom"}
    | {"dic", "zip", "ogg", "oga", "opus", "mp4", "m4v", "mov", "m4a", "mp3", "webm"}
)


def whole(data: bytes) -> Problem | None:
    """Why a ZIP held in memory may not pass; None if it may."""
    return _whole(data, 0, Budget())


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked, a ZIP in the ZIP included."""

    left: int = MOST_UNPACKED


def _whole(data: bytes, depth: int, budget: Budget) -> Problem | None:
    found = media_zip.contents(data[-media_zip.TAIL :], len(data))
    if isinstance(found, Problem):
        return found
    look = Unpacker(found, depth, budget)
    for at in range(0, len(data), STEP):
        problem = look.feed(data[at : at + STEP])
        if problem is not None:
            return problem
    return look.finish()


class Unpacker:
    """Takes a ZIP's bytes in order. Memory stays small: one piece, and at most one photo or inner ZIP."""

    def __init__(self, contents: Contents, depth: int = 0, budget: Budget | None = None) -> None:
        self._entries = list(reversed(contents.entries))
        self._end = contents.end
        self._depth = depth
        self._budget = budget or Budget()
        self._at = 0
        self._held = bytearray()
        self._left = 0
        self._content: _Content | None = None

    def feed(self, chunk: bytes) -> Problem | None:
        """The next bytes; why it may not pass, as soon as that is known."""
        self._held += chunk
        while True:
            if self._content is None:
                if not self._entries:
                    self._skip(len(self._held))
                    return None
                problem = self._open()
                if problem is not None:
                    return problem
                if self._content is None:
                    return None
            taken = bytes(self._held[: self._left])
            self._skip(len(taken))
            self._left -= len(taken)
            problem = self._content.feed(taken)
            if problem is not None:
                return problem
            if self._left:
                return None
            problem, self._content = self._content.finish(), None
            if problem is not None:
                return problem

    def finish(self) -> Problem | None:
        """All bytes were given."""
        return UNREADABLE if self._entries or self._content is not None else None

    def _skip(self, count: int) -> None:
        del self._held[:count]
        self._at += count

    def _open(self) -> Problem | None:
        """Begin the next entry if its own header is there."""
        entry = self._entries[-1]
        gap = entry.at - self._at
        if gap > _DESCRIPTOR:
            return UNREADABLE  # bytes that no entry owns
        self._skip(min(gap, len(self._held)))
        if self._at < entry.at or len(self._held) < LOCAL.size:
            return None
        mark, _, flags, method, _, _, crc, packed, size, name, extra = LOCAL.unpack_from(self._held)
        if mark != LOCAL_MARK or flags & _ENCRYPTED or method != entry.method or name != len(entry.raw):
            return UNREADABLE
        if not flags & _LATE_SIZES and (crc, packed, size) != (entry.crc, entry.packed, entry.size):
            return UNREADABLE
        start = LOCAL.size + name + extra
        following = self._entries[-2].at if len(self._entries) > 1 else self._end
        gap = following - entry.at - start - entry.packed
        if not 0 <= gap <= _DESCRIPTOR:
            return UNREADABLE
        if len(self._held) < start:
            return None
        if bytes(self._held[LOCAL.size : LOCAL.size + name]) != entry.raw:
            return UNREADABLE
        self._skip(start)
        self._entries.pop()
        self._left = entry.packed
        self._content = _Content(entry, self._depth, self._budget)
        return None


class _Content:
    """One entry as it unpacks."""

    def __init__(self, entry: Entry, depth: int, budget: Budget) -> None:
        self._entry = entry
        self._depth = depth
        self._budget = budget
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == DEFLATED else None
        self._size = 0
        self._crc = 0
        self._kept = bytearray()
        self._judged = False
        self._keep = True
        self._kind: FileType | None = None

    def feed(self, data: bytes) -> Problem | None:
        if self._inflate is None:
            return self._take(data)
        while data:
            try:
                piece = self._inflate.decompress(data, STEP)
            except zlib.error:
                return UNREADABLE
            data = self._inflate.unconsumed_tail
            problem = self._take(piece)
            if problem is not None:
                return problem
            if self._inflate.unused_data:
                return UNREADABLE
        return None

    def _take(self, piece: bytes) -> Problem | None:
        self._size += len(piece)
        self._budget.left -= len(piece)
        if self._budget.left < 0:
            return BOMB
        if self._size > self._entry.size:
            return UNREADABLE
        self._crc = zlib.crc32(piece, self._crc)
        if self._keep:
            self._kept += piece
        return self._judge() if len(self._kept) >= HEAD else None

    def finish(self) -> Problem | None:
        """The entry is over."""
        if self._inflate is not None and (data := self._inflate.flush()):
            problem = self._take(data)
            if problem is not None:
                return problem
        over = self._inflate is None or self._inflate.eof
        if not over or self._size != self._entry.size or self._crc != self._entry.crc:
            return UNREADABLE
        if self._entry.folder:
            return None
        problem = self._judge()
        if problem is not None or not self._keep:
            return problem
        if self._kind == ZIP:
            return _whole(bytes(self._kept), self._depth + 1, self._budget)
        if self._kind is not None:
            clean = media_photo.strip(self._kind, bytes(self._kept))
            if isinstance(clean, Problem):
                return clean
            # Nothing inside a ZIP is rewritten: a photo must be clean when it comes.
            return None if b"".join(clean) == self._kept else PHOTO
        return None

    def _judge(self) -> Problem | None:
        """Once, from the first bytes: what it is, and whether more than these have to be kept."""
        if self._judged:
            return None
        self._judged = True
        head = bytes(self._kept[:HEAD])
        self._kind = sniff(head, self._entry.size, self._entry.name)
        if self._kind is None:
            self._keep = False
            return None if _litter(self._entry, head) else self._not_passed_on()
        if not _ending_fits(self._entry.name):
            return self._not_passed_on()
        if self._kind == ZIP and self._depth >= _NESTED:
            return NESTED
        self._keep = self._kind == ZIP or self._kind in media_photo.PHOTOS
        if self._keep and self._entry.size > MOST_BYTES:
            return LARGE
        if not self._keep:
            self._kept.clear()
        return None

    def _not_passed_on(self) -> Problem:
        return Problem.of("relay.why.zip_type", name=clip(self._entry.name.rpartition("/")[2]))


def _ending_fits(name: str) -> bool:
    """Whether no system would take the file for a program: a known ending, a number (scans have those) or none."""
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    return not dot or not stem or ending.isdecimal() or ending.lower() in _ENDINGS


def _litter(entry: Entry, head: bytes) -> bool:
    """What macOS puts into every ZIP beside the files: harmless, and nobody chose it."""
    if entry.size > _LITTER:
        return False
    name = entry.name.rpartition("/")[2]
    beside = name.startswith("._") and entry.name.startswith("__MACOSX/") and head.startswith(b"\0\5\x16\7")
    return beside or (name == ".DS_Store" and head.startswith(b"\0\0\0\1Bud1"))
