"""What names a patient inside DICOM and PDF files is found and left out, by real children over real files."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pikepdf
import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from bot.domain.media_unpack import Unpacker
from bot.domain.media_zip import TAIL, contents
from bot.domain.problems import Problem
from bot.workers.aside.run import Aside, Failed
from tests.support.papers import page
from tests.support.scans import BORN, NAME, NUMBER, SECRETS, dicom, letter

Fields = list[tuple[str, str]]


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 65536):
        yield data[at : at + 65536]


async def through(job: str, data: bytes) -> tuple[dict[str, object], bytes]:
    async with Aside().run(job, chunks(data), seconds=60) as answer:
        return answer.said, b"".join([piece async for piece in answer.rest])


async def test_a_dicom_file_goes_without_its_patient_and_with_every_pixel() -> None:
    data = dicom()
    said, cleaned = await through("dicom", data)
    fields = said["fields"]
    assert isinstance(fields, list)
    found = {(what, text) for what, text in fields}
    assert {("name", NAME), ("number", NUMBER), ("birth_date", BORN), ("number", "OLD-77812")} <= found
    assert [secret for secret in SECRETS if secret in cleaned] == []
    before, after = pydicom.dcmread(io.BytesIO(data)), pydicom.dcmread(io.BytesIO(cleaned))
    assert after.PixelData == before.PixelData
    assert (after.Rows, after.StudyDescription, after.SOPInstanceUID) == (100, "lower jaw", before.SOPInstanceUID)
    assert after.RequestAttributesSequence[0].StudyDescription == "lower jaw"
    assert after.PatientName == ""
    assert after.PatientBirthDate == ""


async def test_a_dicom_file_that_names_nobody_is_left_alone() -> None:
    assert await through("dicom", dicom(named=False)) == ({"fields": []}, b"")


async def test_a_crooked_dicom_file_never_passes_unread() -> None:
    assert await through("dicom", bytes(128) + b"DICM" + bytes(300)) == ({"problem": "dicom"}, b"")
    for length in range(300, len(dicom(pixels=0)), 40):
        data = dicom()[:length]
        said, cleaned = await through("dicom", data)
        passed = data if said.get("fields") == [] else cleaned
        assert "problem" in said or not [one for one in SECRETS if one in passed], length


@pytest.mark.parametrize("xmp", [False, True])
async def test_a_pdf_goes_without_what_it_says_about_itself(xmp: bool) -> None:
    said, cleaned = await through("pdf", letter("Letter about Sarah Whitcombe", "Dr Asha Patel", xmp=xmp))
    fields = said["fields"]
    assert isinstance(fields, list)
    assert ["title", "Letter about Sarah Whitcombe"] in fields
    assert ["author", "Dr Asha Patel"] in fields
    assert b"Whitcombe" not in cleaned
    with pikepdf.open(io.BytesIO(cleaned)) as pdf:
        assert len(pdf.pages) == 1
        assert "/Info" not in pdf.trailer or not dict(pdf.docinfo)
        assert "/Metadata" not in pdf.Root


async def test_a_pdf_that_cannot_be_read_passes_only_if_it_says_nothing() -> None:
    assert (await through("pdf", page("plan")))[0] == {"fields": []}
    assert (await through("pdf", page("plan") + b"/Title (Sarah)"))[0] == {"problem": "pdf"}
    assert (await through("pdf", letter("Sarah Whitcombe", password="a secret")))[0] == {"fields": []}


async def test_a_child_that_is_late_is_ended() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.01)
            yield b" "

    with pytest.raises(Failed):
        async with Aside().run("pdf", endless(), seconds=1.0):
            raise AssertionError("it answered")


async def test_a_child_sees_no_setting_and_no_file_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "a-secret-of-our-own")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "pikepdf.py").write_text("raise SystemExit(3)")
    assert (await through("pdf", letter("Plan")))[0]["fields"]


def packed(files: dict[str, bytes]) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return room.getvalue()


async def archive(data: bytes, job: str, *which: str) -> tuple[dict[str, Any], bytes]:
    tail = data[-TAIL:]

    async def given() -> AsyncIterator[bytes]:
        yield tail
        async for chunk in chunks(data):
            yield chunk

    about = (str(len(data)), str(len(tail)))
    async with Aside().run("archive", given(), job, *about, *which, seconds=60) as answer:
        return answer.said, b"".join([piece async for piece in answer.rest])


async def test_a_zip_of_slices_is_looked_through_and_made_anew_without_its_patient() -> None:
    files = {
        "series/": b"",
        "series/IM.0001": dicom(seed=1),
        "series/IM.0002": dicom(named=False, seed=2),
        "letter.pdf": letter("Letter about Sarah Whitcombe"),
        "notes.pdf": page("plan"),
    }
    data = packed(files)
    said, _ = await archive(data, "look")
    assert ["dcm", "name", NAME] in said["fields"]
    assert sorted(said["where"]) == ["1", "3"]
    said, cleaned = await archive(data, "clean", "1,3")
    with zipfile.ZipFile(io.BytesIO(cleaned)) as made:
        assert made.testzip() is None
        assert made.namelist() == list(files)
        assert made.read("series/IM.0002") == files["series/IM.0002"]
        assert made.read("notes.pdf") == files["notes.pdf"]
        before, after = (
            pydicom.dcmread(io.BytesIO(one)) for one in (files["series/IM.0001"], made.read("series/IM.0001"))
        )
        assert after.PixelData == before.PixelData
        assert not [one for one in SECRETS if any(one in made.read(name) for name in files)]
    assert (await archive(cleaned, "look"))[0]["fields"] == []
    found = contents(cleaned[-TAIL:], len(cleaned))
    assert not isinstance(found, Problem)
    look = Unpacker(found)  # what is made anew passes the same look as what comes
    assert look.feed(cleaned) is None
    assert look.finish() is None


async def test_a_zip_in_the_zip_may_hold_nothing_that_would_have_to_be_cleaned() -> None:
    assert (await archive(packed({"inner.zip": packed({"a.dcm": dicom(named=False)})}), "look"))[0]["fields"] == []
    assert (await archive(packed({"inner.zip": packed({"a.dcm": dicom()})}), "look"))[0] == {"problem": "zip_inner"}


async def test_a_zip_that_is_cut_gives_no_answer_that_lets_it_pass() -> None:
    data = packed({"a.dcm": dicom()})
    tail = data[-TAIL:]

    async def given() -> AsyncIterator[bytes]:
        yield tail
        yield data[: len(data) // 2]

    async with Aside().run("archive", given(), "look", str(len(data)), str(len(tail)), seconds=60) as answer:
        assert answer.said == {"problem": "zip_unreadable"}


def folder_list() -> bytes:
    """A DICOMDIR as on a CD: its records hold the places of others in bytes."""
    patient, image = Dataset(), Dataset()
    patient.OffsetOfTheNextDirectoryRecord, patient.DirectoryRecordType = 0, "PATIENT"
    patient.OffsetOfReferencedLowerLevelDirectoryEntity = 700
    patient.PatientName, patient.PatientID, patient.PatientBirthDate = NAME, NUMBER, BORN
    image.OffsetOfTheNextDirectoryRecord, image.DirectoryRecordType, image.ReferencedFileID = 0, "IMAGE", "IM1"
    said = Dataset()
    said.FileSetID, said.DirectoryRecordSequence = "CD", Sequence([patient, image])
    about = FileMetaDataset()
    about.TransferSyntaxUID, about.MediaStorageSOPInstanceUID = ExplicitVRLittleEndian, "1.2.3"
    about.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    said.file_meta, said.preamble = about, bytes(128)
    out = io.BytesIO()
    pydicom.dcmwrite(out, said, enforce_file_format=True)
    return out.getvalue()


async def test_the_list_of_a_folder_keeps_its_length() -> None:
    data = folder_list()
    said, cleaned = await through("dicom", data)
    assert said["fields"] == [["name", NAME], ["number", NUMBER], ["birth_date", BORN]]
    assert len(cleaned) == len(data)
    assert not [one for one in SECRETS if one in cleaned]
    assert len(pydicom.dcmread(io.BytesIO(cleaned)).DirectoryRecordSequence) == 2
