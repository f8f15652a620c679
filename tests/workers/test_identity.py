"""What names a patient inside DICOM and PDF files is found and left out, by real children over real files."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pikepdf
import pydicom
import pytest

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
