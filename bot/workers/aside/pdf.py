"""Child: what a PDF says about itself (title, author, subject, keywords), and the same pages without that."""

from __future__ import annotations

import io
import sys

import pikepdf

from bot.workers.aside import child

MOST = 120 * child.MEGABYTE
MEMORY = 1024 * child.MEGABYTE
SECONDS = 60
FIELDS = {"/Title": "title", "/Author": "author", "/Subject": "subject", "/Keywords": "keywords"}
SOFTWARE = frozenset({"/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped", "/PTEX.Fullbanner"})
XMP = {
    "{http://purl.org/dc/elements/1.1/}title": "title",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/dc/elements/1.1/}description": "subject",
    "{http://purl.org/dc/elements/1.1/}subject": "keywords",
    "{http://ns.adobe.com/pdf/1.3/}Keywords": "keywords",
}
_MARKS = (b"/Title", b"/Author", b"/Subject", b"/Keywords", b"<x:xmpmeta")


class Unreadable(ValueError):
    """It says something about itself that cannot be taken out."""


def look(data: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """What a whole PDF says about itself and, if anything, the file without that. Raises Unreadable."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found = _found(pdf)
            cleaned = io.BytesIO()
            if found:
                if "/Info" in pdf.trailer:
                    del pdf.trailer["/Info"]
                if "/Metadata" in pdf.Root:
                    del pdf.Root["/Metadata"]
                pdf.remove_unreferenced_resources()
                pdf.save(cleaned)
    except pikepdf.PasswordError:
        return [], b""  # nobody can read it without its password, what it says about itself included
    except Exception as error:
        if any(mark in data for mark in _MARKS):
            raise Unreadable("pdf") from error
        return [], b""
    return found, cleaned.getvalue()


def main() -> None:
    """Read whole, answer with what was found and, if anything was, the cleaned file."""
    child.bound(memory=MEMORY, seconds=SECONDS)
    data = child.take(MOST + 1)
    if len(data) > MOST:
        child.answer({"problem": "pdf_large"})
        return
    try:
        found, cleaned = look(data)
    except Unreadable:
        child.answer({"problem": "pdf"})
        return
    child.answer({"fields": found}, cleaned)


def _found(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for key, value in pdf.docinfo.items() if "/Info" in pdf.trailer else ():
        text = str(value).strip()
        if text and key not in SOFTWARE:
            found[FIELDS.get(key, "other"), text] = None
    if "/Metadata" in pdf.Root:
        with pdf.open_metadata() as about:
            for name, kind in XMP.items():
                said = about.get(name)
                for one in [said] if isinstance(said, str) else list(said or ()):
                    if str(one).strip():
                        found[kind, str(one).strip()] = None
    return list(found)


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(1)
