"""A ZIP is passed on only if all that is in it would be: checked as its bytes go by, in small memory."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import media_photo, media_unpack, media_zip
from bot.domain.filetypes import JPG
from bot.domain.media_unpack import LARGE, NESTED, PHOTO, Unpacker, whole
from bot.domain.media_zip import BOMB, ENCRYPTED, NAMES, UNREADABLE, contents
from bot.domain.problems import Problem
from tests.support import photos
from tests.support.papers import page, picture

STL = b"\0" * 80 + struct.pack("<I", 40) + bytes(50 * 40)
TYPE = "relay.why.zip_type"


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", method) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return room.getvalue()


def key(problem: Problem | None) -> str:
    return "" if problem is None else problem.key


class Unseekable(io.BytesIO):
    """As a ZIP is written into a pipe: sizes come after the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


GOOD = {"upper/UL.stl": STL, "plan.pdf": page(), "photo.png": picture(), "series/IM.0001": b"\0" * 128 + b"DICM" + STL}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_of_what_we_pass_on_passes(method: int) -> None:
    assert whole(packed(GOOD, method)) is None


def test_one_written_into_a_pipe_with_folders_and_a_comment_passes() -> None:
    room = Unseekable()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as made:
        made.mkdir("upper")
        for name, data in GOOD.items():
            made.writestr(name, data)
        made.comment = b"both arches"
    assert whole(room.getvalue()) is None


def test_what_macos_puts_beside_the_files_is_no_reason_to_refuse_them() -> None:
    beside = {"__MACOSX/._plan.pdf": b"\0\5\x16\7" + bytes(100), ".DS_Store": b"\0\0\0\1Bud1" + bytes(50)}
    assert whole(packed({"plan.pdf": page(), **beside})) is None
    assert key(whole(packed({"._plan.pdf": b"\0\5\x16\7" + bytes(100)}))) == TYPE


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("scan.stl", b"MZ\x90\0" + bytes(500)),
        ("tooth.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("scan.stl.exe", STL),
        ("photo.png.hta", picture()),
        ("notes.txt", b"see UL4"),
        ("run", b"#!/bin/sh\n"),
        ("empty.pdf", b""),
    ],
)
def test_anything_else_in_it_is_named(name: str, data: bytes) -> None:
    problem = whole(packed({"plan.pdf": page(), name: data}))
    assert problem == Problem.of("relay.why.zip_type", name=name)


def test_one_zip_may_stand_in_another_but_not_a_third_in_it() -> None:
    inner = packed({"scan.stl": STL})
    assert whole(packed({"scans.zip": inner})) is None
    assert whole(packed({"outer.zip": packed({"scans.zip": inner})})) == NESTED
    assert key(whole(packed({"scans.zip": packed({"a.exe": b"MZ" + bytes(90)})}))) == TYPE


def test_bombs_are_refused_without_being_unpacked() -> None:
    zeros = b"%PDF-" + bytes(30 * 1024 * 1024)
    assert whole(packed({"plan.pdf": zeros})) == BOMB
    inner = packed({"a.pdf": b"%PDF-" + bytes(19 * 1024 * 1024)})
    assert whole(packed({"scans.zip": inner})) is None
    assert whole(packed({"scans.zip": packed({"plan.pdf": zeros})})) == BOMB
    look = Unpacker(read(packed(GOOD)), budget=media_unpack.Budget(1000))
    assert look.feed(packed(GOOD)) == BOMB


def read(data: bytes) -> media_zip.Contents:
    found = contents(data[-media_zip.TAIL :], len(data))
    assert not isinstance(found, Problem)
    return found


def test_a_list_that_lies_about_sizes_is_caught_at_the_first_byte_too_many() -> None:
    data = bytearray(packed({"plan.pdf": b"%PDF-" + bytes(100_000)}))
    at = data.rindex(b"PK\x01\x02") + 24
    for where in (at, data.index(b"PK\x03\x04") + 22):
        data[where : where + 4] = struct.pack("<I", 5_000)
    assert whole(bytes(data)) == UNREADABLE


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../../etc/plan.pdf",
            "/plan.pdf",
            "C:/plan.pdf",
            "a\\..\\plan.pdf",
            "a/../plan.pdf",
            "a//plan.pdf",
            "./plan.pdf",
        ),
        *("plan\u202efdp.pdf", "plan\u200b.pdf", "pl\nan.pdf"),
    ],
)
def test_names_that_lead_elsewhere_or_hide_something_are_refused(name: str) -> None:
    assert whole(packed({name: page()})) == NAMES
    assert not media_zip.safe_path(name)


def test_links_are_refused() -> None:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as made:
        link = zipfile.ZipInfo("plan.pdf")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, page())
    assert whole(room.getvalue()) == NAMES


def test_what_is_locked_is_refused() -> None:
    data = bytearray(packed({"plan.pdf": page()}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert whole(bytes(data)) == ENCRYPTED


def test_other_methods_prefixes_hidden_bytes_and_shared_bytes_are_refused() -> None:
    assert whole(packed(GOOD, zipfile.ZIP_LZMA)) == UNREADABLE
    plain = packed({"plan.pdf": page()})
    assert whole(b"MZ" + plain) == UNREADABLE
    assert whole(plain + b"more") == UNREADABLE
    assert whole(plain[:-1]) == UNREADABLE
    # an entry that stands in the file and not in its list
    first = packed({"run.exe": b"MZ" + bytes(400)}, zipfile.ZIP_STORED)
    hidden = first[: first.index(b"PK\x01\x02")]
    shifted = packed({"plan.pdf": page()})
    start = shifted.index(b"PK\x01\x02")
    moved = bytearray(shifted[start:])
    moved[42:46] = struct.pack("<I", len(hidden))
    end = moved.rindex(b"PK\x05\x06")
    moved[end + 16 : end + 20] = struct.pack("<I", len(hidden) + start)
    assert whole(hidden + shifted[:start] + bytes(moved)) == UNREADABLE


def test_a_photo_in_it_must_be_clean_and_of_sane_size() -> None:
    assert whole(packed({"fit.jpg": photos.JPEG})) == PHOTO
    clean = media_photo.strip(JPG, photos.JPEG)
    assert not isinstance(clean, Problem)
    assert whole(packed({"fit.jpg": b"".join(clean)})) is None
    noise = random.Random(7).randbytes(1024) * 20 * 1024
    assert whole(packed({"fit.png": picture() + noise}, zipfile.ZIP_STORED)) == LARGE


def test_too_many_entries_are_refused() -> None:
    many = {f"{number}.pdf": page() for number in range(media_zip.MOST_ENTRIES + 1)}
    assert whole(packed(many)) == media_zip.TOO_MANY


# --- any bytes, in any pieces ----------------------------------------------------------------------------------------


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size
    yield data[at:]


@given(st.lists(st.integers(0, 300), max_size=30))
def test_how_the_bytes_are_cut_changes_nothing(sizes: list[int]) -> None:
    for files, wanted in ((GOOD, ""), ({**GOOD, "x.stl": b"MZ" + bytes(90)}, TYPE)):
        data = packed(files)
        look = Unpacker(read(data))
        found = [problem for piece in cut(data, sizes) if (problem := look.feed(piece)) is not None]
        assert key(found[0] if found else look.finish()) == wanted


WHOLE = packed(GOOD)


@given(st.integers(0, len(WHOLE)), st.binary(max_size=40), st.booleans())
def test_garbage_is_a_problem_and_never_an_error(at: int, noise: bytes, over: bool) -> None:
    data = WHOLE[:at] + noise + WHOLE[at + len(noise) * over :]
    problem = whole(data)
    assert problem is None or isinstance(problem, Problem)


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_judged(data: bytes) -> None:
    assert isinstance(whole(data), Problem)
