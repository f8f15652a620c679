"""Files between a Telegram dentist and a Slack specialist: what is cleaned, what is refused, and what is said."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bot.domain import media_photo
from bot.domain.filetypes import HEIC, JPG, PNG, WEBP, FileType
from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from storage.blobs import FolderBlobs
from tests.scenarios.test_pairings import roster_of
from tests.support import photos
from tests.support.papers import page, picture
from tests.support.scans import SECRETS, dicom, letter
from tests.support.theatre import Theatre


def clean(kind: FileType, data: bytes) -> bytes:
    pieces = media_photo.strip(kind, data)
    assert not isinstance(pieces, Problem)
    return b"".join(pieces)


def packed(files: dict[str, bytes]) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return room.getvalue()


async def kept(play: Theatre) -> list[bytes]:
    """Every file of the blob store, opened."""
    blobs = FolderBlobs(play.folder / "blobs", play.core.engine, play.core.units.sealer)
    rows = await play.rows("SELECT case_id, blob FROM attachment WHERE blob <> ''")
    return [b"".join([part async for part in blobs.open(CaseId(row["case_id"]), row["blob"])]) for row in rows]


@pytest.mark.fidelity("Photo with place and camera", how="without them, the picture as it was")
@pytest.mark.parametrize("pairing", ["telegram-slack", "slack-telegram"])
async def test_no_photo_arrives_or_is_kept_with_where_it_was_taken(tmp_path: Path, pairing: str) -> None:
    async with Theatre(tmp_path, roster=roster_of(pairing)) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        sent = {"fit.jpg": JPG, "gap.png": PNG, "arch.webp": WEBP, "smile.heic": HEIC}
        for (name, kind), data in zip(sent.items(), (photos.JPEG, photos.PNG, photos.WEBP, photos.HEIC), strict=True):
            await dentist.sends(data, name, f"Here is {name}")
            await specialist.sees(f"Here is {name}")
            await specialist.gets(clean(kind, data))
        stored = await kept(play)
        assert len(stored) == len(sent)
        assert not [one for one in stored if photos.SECRET in one or any(entry in one for entry in photos.GPS)]


async def test_a_photo_that_cannot_be_cleaned_is_refused_aloud_and_its_text_goes(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(photos.HEIC.replace(b"hvc1", b"xyz1"), "smile.heic", "How she smiles now")
        await specialist.sees("How she smiles now")
        await dentist.sees("Please send it as JPEG. Your text went on.")
        await specialist.sees("A file that came with #1 could not be passed on")
        await dentist.sends(photos.JPEG[:-20], "cut.jpg", "The lower arch")
        await specialist.sees("The lower arch")
        await dentist.sees("the photo is damaged or cut off")
        assert await kept(play) == []


async def test_a_zip_goes_as_it_is_or_its_sender_hears_what_in_it_may_not(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        good = packed({"plan.pdf": page(), "upper.png": picture()})
        await dentist.sends(good, "records.zip", "All records")
        await specialist.sees("All records")
        assert await specialist.gets(good) == "records.zip"
        await dentist.sends(packed({"plan.pdf": page(), "tooth.svg": b"<svg/>"}), "records.zip", "And the drawing")
        await specialist.sees("And the drawing")
        await dentist.sees("The file with #2 was not passed on: “tooth.svg” in the ZIP is of a type we do not pass on")
        await specialist.sees("A file that came with #2 could not be passed on")
        await dentist.sends(packed({"fit.jpg": photos.JPEG}), "photos.zip", "Her photos")
        await dentist.sees("Please send its photos one by one")
        assert await kept(play) == [good]
        assert len([one for one in (play.folder / "blobs").rglob("*") if one.is_file()]) == 1


async def test_a_file_named_like_a_patient_goes_under_a_neutral_name_and_its_sender_is_told_once(
    tmp_path: Path,
) -> None:
    async with Theatre(tmp_path) as play:
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.sends(page("one"), "upper\u202efdp.pdf", "The plan")
        assert await specialist.gets(page("one")) == "upperfdp.pdf"
        await dentist.sends(page("two"), "Sarah Whitcombe 2.pdf", "Her letter")
        assert await specialist.gets(page("two")) == f"{ref} document 2.pdf"
        await dentist.sees(f"looks like a patient's, so it went as “{ref} document 2.pdf”")
        await dentist.sends(page("three"), "whitcombe_sarah.pdf", "The other letter")
        assert await specialist.gets(page("three")) == f"{ref} document 3.pdf"
        await dentist.says("That is all")
        await specialist.sees("That is all")
        assert dentist.count("looks like a patient's") == 1
        await specialist.never_saw("Whitcombe")
        await specialist.never_saw("whitcombe")


@pytest.mark.fidelity("Voice note", how="played there, answered once", ways="telegram-slack")
async def test_a_voice_note_is_played_on_the_other_side_and_answered_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        for number, seconds in ((1, 75), (2, 8)):
            note = b"OggS\0\2" + bytes([number]) * 60
            await play.patel.sends_voice(note, seconds, dentist.room)
            await specialist.gets(note)
            await specialist.sees(f"Voice note, {seconds // 60}:{seconds % 60:02}, not transcribed")
        await dentist.sees("I can't listen to this.")
        await play.restart()
        await play.patel.sends_voice(b"OggS\0\2" + bytes(90), 3, dentist.room)
        await specialist.gets(b"OggS\0\2" + bytes(90))
        await dentist.says("Did you hear it?")
        await specialist.sees("Did you hear it?")
        assert dentist.count("I can't listen to this.") == 1


async def test_a_scan_that_names_its_patient_waits_and_goes_without(tmp_path: Path) -> None:
    data = dicom()
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(data, "scan.dcm", "The scan of the lower jaw")
        await specialist.sees("The scan of the lower jaw")
        asked = await dentist.sees("The file with #1 holds details that may point at the patient: a name (W… S…)")
        assert "Whitcombe" not in dentist.words(asked)
        await dentist.says("Tell me when you have seen it")
        await specialist.sees("Tell me when you have seen it")  # the file holds nothing up
        assert not [one for one in await kept(play) if any(secret in one for secret in SECRETS)]
        await dentist.presses("Send without them")
        await dentist.sees("The file with #1 goes on without those details.")
        (cleaned,) = await kept(play)
        await specialist.gets(cleaned)
        await specialist.sees("Came with #1")
        await specialist.never_saw("Whitcombe")


async def test_a_scan_without_a_word_waits_for_its_sender_and_is_delivered_then(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(dicom(), "scan.dcm")
        await dentist.sees("The file with #1 holds details that may point at the patient")
        await dentist.says("There is a scan to come")
        await specialist.sees("There is a scan to come")
        assert (await play.rows("SELECT state FROM message WHERE no = 1"))[0]["state"] == "waiting"
        await dentist.presses("Send without them")
        await specialist.sees("Dr Asha Patel · dentist · #1")
        (cleaned,) = await kept(play)
        await specialist.gets(cleaned)
        await dentist.sees("#1 has now arrived.")
        assert {row["state"] for row in await play.rows("SELECT state FROM message")} == {"delivered"}


async def test_what_the_sender_keeps_back_is_never_sent(tmp_path: Path) -> None:
    async with Theatre(tmp_path, roster=roster_of("slack-telegram")) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(letter("Letter about Sarah Whitcombe", "Dr Asha Patel"), "letter.pdf", "The letter")
        await dentist.sees("a title (L… a… S…). It waits for you")
        await dentist.presses("Do not send it")
        await dentist.sees("The file with #1 is not sent.")
        await dentist.says("Never mind the letter")
        await specialist.sees("Never mind the letter")
        assert await kept(play) == []


async def test_a_document_that_points_at_nobody_goes_at_once(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        plan = letter("Treatment plan", "Asha Patel")
        await dentist.sends(plan, "plan.pdf", "The plan")
        assert await specialist.gets(plan) == "plan.pdf"


async def test_a_video_arrives_without_where_it_was_taken(tmp_path: Path) -> None:
    def box(name: bytes, *inside: bytes) -> bytes:
        return (8 + sum(map(len, inside))).to_bytes(4, "big") + name + b"".join(inside)

    place = b"+51.5007-000.1246/"
    head, film = box(b"ftyp", b"isom", bytes(4)), box(b"mdat", b"her bite " * 999)
    data = head + film + box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", box(b"\xa9xyz", place)))
    wiped = head + film + box(b"moov", box(b"mvhd", bytes(100)), box(b"free", bytes(8 + len(place))))
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(data, "bite.mp4", "How she bites")
        assert await specialist.gets(wiped) == "bite.mp4"
        assert await kept(play) == [wiped]
        route = data.replace(b"mvhd" + bytes(100), b"mvhd")  # the boxes no longer hold together
        await dentist.sends(route, "cut.mp4", "Again")
        await specialist.sees("Again")
        await dentist.sees("the video is damaged or cut off. Please export it again.")


async def test_a_zip_of_slices_waits_and_goes_without_its_patient(tmp_path: Path) -> None:
    slices = {f"series/IM.{number:04}": dicom(seed=number, pixels=20_000) for number in range(3)}
    async with Theatre(tmp_path) as play:
        dentist, specialist = await play.rooms(await play.open_case())
        await dentist.sends(packed({**slices, "plan.pdf": page()}), "cbct.zip", "The whole jaw")
        await specialist.sees("The whole jaw")
        await dentist.sees("The file with #1 holds details that may point at the patient: a name (W… S…)", patience=20)
        await dentist.presses("Send without them")
        await specialist.sees("Came with #1")
        (cleaned,) = await kept(play)
        await specialist.gets(cleaned)
        with zipfile.ZipFile(io.BytesIO(cleaned)) as made:
            assert made.namelist() == [*slices, "plan.pdf"]
            assert not [name for name in made.namelist() if any(one in made.read(name) for one in SECRETS)]
            assert all(made.read(name)[-20_000:] == data[-20_000:] for name, data in slices.items())
        await dentist.sends(packed({"inner.zip": packed(slices)}), "all.zip", "Everything")
        await dentist.sees("a ZIP in the ZIP holds a file with details", patience=20)
