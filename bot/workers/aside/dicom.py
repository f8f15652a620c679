"""Child: what a DICOM file says about its patient, and the same file without it. Pixels pass through unread."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from bot.workers.aside import child

HEADER = 32 * child.MEGABYTE
"""Bytes before the pixels at most."""
MEMORY = 768 * child.MEGABYTE
SECONDS = 60
FIELDS = {
    0x00100010: "name",
    0x00101001: "name",
    0x00101005: "name",
    0x00101060: "relative",
    0x00102297: "relative",
    0x00100020: "number",
    0x00101000: "number",
    0x00101002: "number",
    0x00101090: "number",
    0x00101050: "number",
    0x00080050: "number",
    0x00100030: "birth_date",
    0x00100032: "birth_date",
    0x00101040: "address",
    0x00102154: "phone",
    0x00102155: "phone",
    0x00104000: "comments",
    0x00204000: "comments",
}
"""Tags that name or place the patient (DICOM PS3.15, Annex E), by what they are in words."""
_NOBODY = frozenset({"", "anon", "anonymous", "anonymised", "anonymized", "unknown", "none", "na", "n/a", "patient"})
_SHORTEST = 4


class Unreadable(ValueError):
    """It cannot be read far enough to take the patient out of it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file says about its patient, and its beginning without that; after it comes what follows `read` bytes."""

    fields: list[tuple[str, str]]
    header: bytes = b""
    read: int = 0


def look(head: bytes) -> Looked:
    """Read a file's first `HEADER` bytes (or all of it). Raises Unreadable."""
    source = io.BytesIO(head)
    try:
        said = pydicom.dcmread(source, stop_before_pixels=True)
        _judge(said, source.tell(), head)
        found = [(FIELDS[element.tag], value) for element, value in _identifying(said)]
        if not found:
            return Looked([])
        if "DirectoryRecordSequence" in said:
            return Looked(found, _in_place(said, head), len(head))
        _blank(said)
        return Looked(found, _without(_written(said), [value for _, value in found]), source.tell())
    except Exception as error:
        raise Unreadable("dicom") from error


def main() -> None:
    """Read, answer, pass the rest through."""
    child.bound(memory=MEMORY, seconds=SECONDS)
    head = child.take(HEADER)
    try:
        looked = look(head)
    except Unreadable:
        child.answer({"problem": "dicom"})
        return
    if looked.fields:
        child.answer({"fields": looked.fields}, looked.header, memoryview(head)[looked.read :], rest=sys.stdin.buffer)
    else:
        child.answer({"fields": []})


def _judge(said: Dataset, at: int, head: bytes) -> None:
    if said.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian or "EncapsulatedDocument" in said:
        raise Unreadable("packed")
    if not said.file_meta.get("MediaStorageSOPClassUID", said.get("SOPClassUID")) or at == HEADER:
        raise Unreadable("not read to the pixels")
    if at == len(head) and len(_written(said)) < len(head):
        raise Unreadable("cut off")  # what could not be read is not known to be harmless


def _in_place(said: Dataset, head: bytes) -> bytes:
    """A folder's list (DICOMDIR) counts its own bytes: blanks of the same length, and nothing moves."""
    for element in list(said.iterall()):
        if element.tag in FIELDS and element.VR != "SQ" and element.value:
            raw = str(element.value).encode("utf-8")
            size = len(raw) + len(raw) % 2
            begins = struct.pack("<HH2sH", element.tag.group, element.tag.element, element.VR.encode(), size)
            head = head.replace(begins + raw, begins + b" " * len(raw))
    again = pydicom.dcmread(io.BytesIO(head))
    if any(True for _ in _identifying(again)):
        raise Unreadable("not blank")
    return head


def _written(said: Dataset) -> bytes:
    made = io.BytesIO()
    pydicom.dcmwrite(made, said, enforce_file_format=False)
    return made.getvalue()


def _identifying(said: Dataset) -> Iterator[tuple[DataElement, str]]:
    for element in said.iterall():
        if element.tag in FIELDS:
            value = _text(element)
            if value.strip().casefold().strip("^ .") not in _NOBODY:
                yield element, value


def _text(element: DataElement) -> str:
    if element.VR == "SQ":
        return " ".join(str(one.value) for item in element.value for one in item.iterall() if one.VR != "SQ")
    values = element.value if element.VM > 1 else [element.value]
    return " ".join(str(value) for value in values if value is not None)


def _blank(said: Dataset) -> None:
    """Nothing stays of any of them, wherever it is nested."""

    def empty(dataset: Dataset, element: DataElement) -> None:
        if element.tag in FIELDS:
            if element.VR == "SQ":
                del dataset[element.tag]
            else:
                element.value = None

    said.walk(empty)


def _without(header: bytes, values: list[str]) -> bytes:
    """The same words in other places, such as a maker's own fields, give way to blanks of the same length."""
    for value in values:
        raw = value.encode("utf-8")
        if len(raw) >= _SHORTEST and any(character.isalpha() for character in value):
            header = header.replace(raw, b" " * len(raw))
    return header


if __name__ == "__main__":
    main()
