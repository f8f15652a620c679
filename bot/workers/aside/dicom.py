"""Child: what a DICOM file says about its patient, and the same file without it. Pixels pass through unread."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

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


def main() -> None:
    """Read, answer, pass the rest through."""
    child.bound(memory=MEMORY, seconds=SECONDS)
    head = child.take(HEADER)
    source = io.BytesIO(head)
    try:
        said = pydicom.dcmread(source, stop_before_pixels=True)
        if said.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian or "EncapsulatedDocument" in said:
            raise ValueError("packed")
        if "SOPClassUID" not in said or source.tell() == HEADER:
            raise ValueError("not read to the pixels")
        if source.tell() == len(head) and len(_written(said)) < len(head):
            raise ValueError("cut off")  # what could not be read is not known to be harmless
        found = [(FIELDS[element.tag], value) for element, value in _identifying(said)]
        if not found:
            child.answer({"fields": []})
            return
        _blank(said)
        cleaned = _written(said)
    except Exception:  # noqa: BLE001 - whatever a library makes of a crooked file, the file cannot be cleaned
        child.answer({"problem": "dicom"})
        return
    header = _without(cleaned, [value for _, value in found])
    child.answer({"fields": found}, header, memoryview(head)[source.tell() :], rest=sys.stdin.buffer)


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
