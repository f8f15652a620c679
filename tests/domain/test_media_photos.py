"""Photos lose what says where, when and by whom they were taken, and nothing else."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import media_exif, media_heic, media_jpeg, media_photo, media_png
from bot.domain.filetypes import HEIC, JPG, PNG, WEBP, FileType, sniff
from bot.domain.media_limits import DAMAGED, TOO_MANY
from bot.domain.problems import Problem
from tests.support import photos

TYPES = {"jpg": JPG, "progressive": JPG, "png": PNG, "webp": WEBP, "lossless": WEBP, "heic": HEIC}
kinds = pytest.mark.parametrize("name", TYPES)


def cleaned(kind: FileType, data: bytes) -> bytes:
    pieces = media_photo.strip(kind, data)
    assert not isinstance(pieces, Problem), pieces
    return b"".join(pieces)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def tiff(turned: int, order: str = "<") -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    maker = struct.pack(f"{order}HHII", 0x010F, 2, 9, 0)
    way = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    where = struct.pack(f"{order}HHII", 0x8825, 4, 1, 50)
    return mark + struct.pack(f"{order}IH", 8, 3) + maker + way + where + b"\0\0\0\0" + photos.SECRET


def jpeg(*extra: bytes, scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56", side: int = 16) -> bytes:
    """The skeleton of one: what it would show is of no matter here."""
    size = segment(0xC0, struct.pack(">BHHB", 8, side, side, 1) + b"\1\x11\0")
    return b"".join([b"\xff\xd8", *extra, size, segment(0xDA, b"\1\1\0\0\x3f\0"), scan, b"\xff\xd9"])


# --- real files ------------------------------------------------------------------------------------------------------


@kinds
def test_position_camera_and_words_are_gone(name: str) -> None:
    data = photos.ALL[name]
    clean = cleaned(TYPES[name], data)
    assert photos.SECRET not in clean
    assert not any(entry in clean for entry in photos.GPS)
    if name != "lossless":
        assert photos.SECRET in data
        assert any(entry in data for entry in photos.GPS)


@kinds
def test_what_is_clean_stays_as_it_is_and_is_still_of_its_type(name: str) -> None:
    clean = cleaned(TYPES[name], photos.ALL[name])
    assert cleaned(TYPES[name], clean) == clean
    assert sniff(clean, len(clean)) == TYPES[name]


def test_the_picture_itself_is_not_touched() -> None:
    scan = photos.JPEG[photos.JPEG.index(b"\xff\xda") :]
    assert cleaned(JPG, photos.JPEG).endswith(scan)
    pixels = photos.PNG[photos.PNG.index(b"IDAT") - 4 :]
    assert pixels[: 12 + int.from_bytes(pixels[:4], "big")] in cleaned(PNG, photos.PNG)
    lossy = photos.WEBP[photos.WEBP.index(b"VP8 ") :]
    assert lossy[: 8 + int.from_bytes(lossy[4:8], "little")] in cleaned(WEBP, photos.WEBP)
    assert cleaned(WEBP, photos.LOSSLESS) == photos.LOSSLESS


def test_a_heic_keeps_its_length_and_its_picture() -> None:
    clean = cleaned(HEIC, photos.HEIC)
    assert len(clean) == len(photos.HEIC)
    changed = [at for at, (was, now) in enumerate(zip(photos.HEIC, clean, strict=True)) if was != now]
    secret = photos.HEIC.index(b"Exif\0\0") if b"Exif\0\0" in photos.HEIC else photos.HEIC.index(photos.SECRET) - 200
    assert min(changed) >= secret - 20


@kinds
def test_it_is_turned_as_it_was(name: str) -> None:
    clean = cleaned(TYPES[name], photos.ALL[name])
    if name in ("heic", "lossless"):  # a HEIC is turned by a property of its own
        assert media_exif.minimal(6) not in clean
    else:
        assert clean.count(media_exif.minimal(6)) == 1


# --- JPEG ------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 8), st.sampled_from("<>"))
def test_any_orientation_in_either_byte_order_is_kept(turned: int, order: str) -> None:
    assert media_exif.orientation(tiff(turned, order)) == turned
    clean = cleaned(JPG, jpeg(segment(0xE1, b"Exif\0\0" + tiff(turned, order))))
    assert (media_exif.minimal(turned) in clean) == (turned != 1)
    assert photos.SECRET not in clean


@given(st.lists(st.tuples(st.sampled_from([0xE1, 0xE3, 0xEC, 0xED, 0xEF, 0xFE]), st.binary(max_size=40)), max_size=6))
def test_no_application_segment_or_comment_survives(extra: list[tuple[int, bytes]]) -> None:
    segments = [segment(marker, photos.SECRET + content) for marker, content in extra]
    assert cleaned(JPG, jpeg(*segments)) == jpeg()


def test_colour_is_kept_and_thumbnails_are_not() -> None:
    colour = segment(0xE2, b"ICC_PROFILE\0\1\1profile"), segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")
    jfif = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    with_thumbnail = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1" + b"abc")
    assert cleaned(JPG, jpeg(with_thumbnail, segment(0xE0, b"JFXX\0\x10" + photos.SECRET), *colour)) == jpeg(
        jfif, *colour
    )


def test_a_comment_between_scans_and_what_follows_the_end_goes() -> None:
    second = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x99\xff\xd7\x01"
    told = jpeg(scan=b"\x01" + segment(0xFE, photos.SECRET) + second) + photos.SECRET
    assert cleaned(JPG, told) == jpeg(scan=b"\x01" + second)


# --- PNG -------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(b"tEXt zTXt iTXt tIME eXIf prVt vpAg".split()), st.binary(max_size=40))
def test_no_chunk_survives_that_the_picture_does_not_need(name: bytes, content: bytes) -> None:
    clean = cleaned(PNG, photos.PNG)
    told = clean.replace(b"\0\0\0\0IEND", chunk(name, photos.SECRET + content) + b"\0\0\0\0IEND")
    assert cleaned(PNG, told) == clean


# --- bombs and garbage -----------------------------------------------------------------------------------------------


def test_a_picture_that_unfolds_into_far_too_many_pixels_is_refused() -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0))
    bomb = media_png.MARK + header + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    assert media_photo.strip(PNG, bomb) == TOO_MANY
    assert media_photo.strip(JPG, jpeg(side=60_000)) == TOO_MANY
    wide = struct.pack("<BBBB", 0, 0, 0, 0) + (59_999).to_bytes(3, "little") * 2
    webp = b"WEBPVP8X" + struct.pack("<I", 10) + wide
    assert media_photo.strip(WEBP, b"RIFF" + struct.pack("<I", len(webp)) + webp) == TOO_MANY
    size = photos.HEIC.index(b"ispe") + 8
    heic = photos.HEIC[:size] + struct.pack(">II", 60_000, 60_000) + photos.HEIC[size + 8 :]
    assert media_photo.strip(HEIC, heic) == TOO_MANY


def test_what_would_hide_in_a_heic_is_refused() -> None:
    assert media_photo.strip(HEIC, photos.HEIC + struct.pack(">I4s", 20, b"uuid") + photos.SECRET + b"abc") == (
        media_heic.UNSAFE
    )
    assert media_photo.strip(HEIC, photos.HEIC.replace(b"hvc1", b"xyz1")) == media_heic.UNSAFE


@kinds
@given(data=st.data())
def test_garbage_is_a_problem_and_never_an_error(name: str, data: st.DataObject) -> None:
    whole = photos.ALL[name]
    at = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=64))
    kind = data.draw(st.sampled_from([whole[:at], whole[:at] + noise, whole[:at] + noise + whole[at + len(noise) :]]))
    found = media_photo.strip(TYPES[name], kind)
    assert isinstance(found, Problem) or b"".join(found)


@given(st.binary(max_size=300), st.sampled_from([JPG, PNG, WEBP, HEIC]))
def test_bytes_of_any_kind_are_judged(data: bytes, kind: FileType) -> None:
    assert isinstance(media_photo.strip(kind, data), Problem)


@kinds
def test_a_photo_that_was_cut_off_is_refused(name: str) -> None:
    for at in range(0, len(photos.ALL[name]) - 2, 7):
        found = media_photo.strip(TYPES[name], photos.ALL[name][:at])
        assert found in (DAMAGED, media_heic.UNSAFE, TOO_MANY), at


def test_only_photos_are_cleaned() -> None:
    assert media_photo.strip(FileType("pdf", "application/pdf"), b"%PDF-") == DAMAGED
    assert media_jpeg.strip(b"") == DAMAGED
