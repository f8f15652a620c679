"""Child: the DICOM files, PDFs and videos in a ZIP, looked at one after another; or the same ZIP with some cleaned.

`look TOTAL TAIL` answers what was found; `clean TOTAL TAIL N,N,…` gives the ZIP with these entries cleaned. Standard
input is the ZIP's last TAIL bytes, where its list stands, and then all of it.
"""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from collections.abc import Iterator

from bot.domain.filetypes import DCM, HEAD, M4A, MP4, PDF, ZIP, FileType, sniff
from bot.domain.media_video import Unclean, VideoCleaner
from bot.domain.media_zip import DEFLATED, LOCAL, Contents, Entry, contents
from bot.domain.problems import Problem
from bot.workers.aside import child, dicom, pdf

MEMORY = 1536 * child.MEGABYTE
SECONDS = 300
MOST_PDF = 64 * child.MEGABYTE
LEVEL = 3
Pieces = Iterator[bytes]


class Unfit(ValueError):
    """Something in the ZIP cannot be cleaned: the key below relay.why."""


class Source:
    """Standard input, by position."""

    def __init__(self) -> None:
        self.at = 0

    def read(self, count: int) -> bytes:
        """Exactly so many bytes."""
        data = sys.stdin.buffer.read(count)
        self.at += len(data)
        if len(data) < count:
            raise Unfit("zip_unreadable")
        return data

    def unpacked(self, entry: Entry) -> Pieces:
        """One entry's content."""
        while self.at < entry.at:
            self.read(min(child.PIECE, entry.at - self.at))
        name, extra = LOCAL.unpack(self.read(LOCAL.size))[-2:]
        self.read(name + extra)
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == DEFLATED else None
        left = entry.packed
        while left:
            piece = self.read(min(child.PIECE, left))
            left -= len(piece)
            yield inflate.decompress(piece) if inflate else piece
        if inflate:
            yield inflate.flush()


def main() -> None:
    """Look, or clean."""
    child.bound(memory=MEMORY, seconds=SECONDS)
    job, total, tail = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    listed = contents(child.take(tail), total)
    if isinstance(listed, Problem):
        child.answer({"problem": "zip_unreadable"})
    elif job == "look":
        _look(listed)
    else:
        _clean(listed, {int(number) for number in sys.argv[4].split(",")})


def _look(listed: Contents) -> None:
    fields: dict[tuple[str, str, str], int] = {}
    where: dict[int, list[int]] = {}
    quiet: list[int] = []
    source = Source()
    try:
        for number, entry in enumerate(listed.entries):
            kind, head, rest = _begun(source, entry)
            said = _said(kind, entry, head, rest)
            if said:
                ids = [fields.setdefault((kind.ext if kind else "", *one), len(fields)) for one in said]
                where[number] = sorted(set(ids))
            elif said is None:
                quiet.append(number)
            for _ in rest:
                continue
    except (Unfit, dicom.Unreadable, pdf.Unreadable) as error:
        child.answer({"problem": str(error)})
        return
    child.answer({"fields": list(fields), "where": where, "quiet": quiet})


def _clean(listed: Contents, which: set[int]) -> None:
    child.answer({})
    source = Source()
    with zipfile.ZipFile(sys.stdout.buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as made:
        for number, entry in enumerate(listed.entries):
            kind, head, rest = _begun(source, entry)
            info = zipfile.ZipInfo(entry.name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if entry.folder:
                made.writestr(info, b"")
                continue
            with made.open(info, "w") as out:
                for piece in _cleaned(kind, head, rest) if number in which else _joined(head, rest):
                    out.write(piece)


def _begun(source: Source, entry: Entry) -> tuple[FileType | None, bytes, Pieces]:
    rest = source.unpacked(entry)
    head = _gather(b"", rest, HEAD)
    return sniff(head[:HEAD], entry.size, entry.name), head, rest


def _said(kind: FileType | None, entry: Entry, head: bytes, rest: Pieces) -> list[tuple[str, str]] | None:
    """What an entry says about somebody; None if it is to be cleaned without a word."""
    if kind == DCM:
        return dicom.look(_gather(head, rest, dicom.HEADER)).fields
    if kind == PDF:
        if entry.size > MOST_PDF:
            raise Unfit("pdf_large")
        return pdf.look(_gather(head, rest, MOST_PDF))[0]
    if kind == ZIP:
        _look_inside(_gather(head, rest, entry.size))
    if kind in (MP4, M4A):
        return None if _tells(head, rest) else []
    return []


def _look_inside(data: bytes) -> None:
    """A ZIP in the ZIP is not made anew: it may hold nothing that would have to be cleaned."""
    with zipfile.ZipFile(io.BytesIO(data)) as inner:
        for info in inner.infolist():
            with inner.open(info) as opened:
                head = opened.read(HEAD)
                kind = sniff(head, info.file_size, info.filename)
                rest = iter(lambda: opened.read(child.PIECE), b"")
                found = (
                    (kind == DCM and dicom.look(_gather(head, rest, dicom.HEADER)).fields)
                    or (kind == PDF and pdf.look(_gather(head, rest, MOST_PDF))[0])
                    or (kind in (MP4, M4A) and _tells(head, rest))
                )
                if found:
                    raise Unfit("zip_inner")


def _cleaned(kind: FileType | None, head: bytes, rest: Pieces) -> Pieces:
    if kind == DCM:
        head = _gather(head, rest, dicom.HEADER)
        looked = dicom.look(head)
        yield looked.header
        yield from _joined(head[looked.read :], rest)
    elif kind == PDF:
        yield pdf.look(_gather(head, rest, MOST_PDF))[1]
    else:
        cleaner = VideoCleaner()
        for piece in _joined(head, rest):
            yield cleaner.feed(piece)
        yield cleaner.finish()


def _tells(head: bytes, rest: Pieces) -> bool:
    """Whether a video says where it was taken."""
    cleaner = VideoCleaner()
    before = after = 0
    try:
        for piece in _joined(head, rest):
            before = zlib.crc32(piece, before)
            after = zlib.crc32(cleaner.feed(piece), after)
        return zlib.crc32(cleaner.finish(), after) != before
    except Unclean as error:
        raise Unfit(error.problem.key.rpartition(".")[2]) from None


def _gather(held: bytes, rest: Pieces, most: int) -> bytes:
    whole = bytearray(held)
    while len(whole) < most and (piece := next(rest, None)) is not None:
        whole += piece
    return bytes(whole)


def _joined(head: bytes, rest: Pieces) -> Pieces:
    yield head
    yield from rest


if __name__ == "__main__":
    main()
