"""The kinds of file that a case lives on, in every direction: byte for byte, or cleaned as they should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.ids import CaseId
from storage.blobs import FolderBlobs
from tests.scenarios.test_pairings import roster_of
from tests.scenarios.test_people_files import packed
from tests.support import arches
from tests.support.papers import page, picture
from tests.support.scans import SECRETS, dicom
from tests.support.theatre import Theatre

WAYS = ("slack-telegram", "telegram-slack", "slack-slack", "telegram-telegram")


def film(inside: bytes) -> bytes:
    """A small MP4 with a box of user data, named `inside`."""

    def box(name: bytes, *parts: bytes) -> bytes:
        return (8 + sum(map(len, parts))).to_bytes(4, "big") + name + b"".join(parts)

    place = box(b"\xa9xyz", b"+51.5007-000.1246/") if inside == b"udta" else bytes(8 + 18)
    return (
        box(b"ftyp", b"isom", bytes(4))
        + box(b"mdat", b"her bite " * 999)
        + box(b"moov", box(b"mvhd", bytes(100)), box(inside, place))
    )


@pytest.mark.fidelity("Video", how="without where it was taken")
@pytest.mark.fidelity("3D scan (PLY, OBJ)", how="byte for byte")
@pytest.mark.fidelity("ZIP of documents, photos and scans", how="byte for byte")
@pytest.mark.fidelity("DICOM", how="byte for byte, or without its patient once its sender agrees")
@pytest.mark.parametrize("pair", WAYS)
async def test_every_kind_arrives(tmp_path: Path, pair: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pair)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(film(b"udta"), "bite.mp4", "How she bites")
        assert await specialist.gets(film(b"free")) == "bite.mp4"
        files = {
            "upper.ply": arches.ply(2.0),
            "lower.obj": arches.obj(2.0),
            "records.zip": packed({"plan.pdf": page(), "upper.png": picture(), "upper.stl": arches.stl(2.0)}),
            "slice.dcm": dicom(named=False, pixels=20_000),
        }
        for name, data in files.items():
            await dentist.sends(data, name, f"Here is {name}")
            await specialist.sees(f"Here is {name}")
            assert await specialist.gets(data) == name
        await dentist.sends(dicom(pixels=20_000), "scan.dcm", "The lower jaw")
        await specialist.sees("The lower jaw")
        await dentist.sees("holds details that may point at the patient: a name (W… S…)")
        await dentist.presses("Send without them")
        await specialist.sees("Came with #6")
        blobs = FolderBlobs(play.folder / "blobs", play.core.engine, play.core.units.sealer)
        (row,) = await play.rows(
            "SELECT a.case_id, a.blob FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.no = 6"
        )
        cleaned = b"".join([part async for part in blobs.open(CaseId(row["case_id"]), row["blob"])])
        assert await specialist.gets(cleaned) == "scan.dcm"
        assert not [secret for secret in SECRETS if secret in cleaned]
