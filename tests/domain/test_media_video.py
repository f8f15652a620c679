"""Videos lose where they were taken and keep every other byte where it was."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.media_video import DAMAGED, ROUTE, Unclean, VideoCleaner

PLACE = b"+51.5007-000.1246/"
FILM = bytes(range(256)) * 40


def box(name: bytes, *inside: bytes, long: bool = False) -> bytes:
    content = b"".join(inside)
    if long:
        return struct.pack(">I4sQ", 1, name, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, name) + content


def track(handler: bytes, entry: bytes, *more: bytes) -> bytes:
    described = box(b"stsd", bytes(4), (1).to_bytes(4, "big"), box(entry, bytes(16), *more))
    inner = box(b"minf", box(b"stbl", described))
    return box(b"trak", box(b"tkhd", b"\1" * 84), box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12)), inner))


KEYS = box(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709"), box(b"ilst", PLACE, b"iPhone"))
XYZ = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7", PLACE), bytes(4))
SOUND = track(b"soun", b"mp4a")


def film(*index: bytes, first: bool = False, long: bool = False) -> bytes:
    parts = [box(b"moov", box(b"mvhd", b"\2" * 100), *index), box(b"mdat", FILM, long=long)]
    return box(b"ftyp", b"qt  ", bytes(4)) + b"".join(parts if first else reversed(parts))


def cleaned(data: bytes, step: int = 1000) -> bytes:
    cleaner = VideoCleaner()
    made = b"".join(cleaner.feed(data[at : at + step]) for at in range(0, len(data), step))
    return made + cleaner.finish()


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "telling", [XYZ, KEYS, XYZ + KEYS, box(b"uuid", bytes(16), PLACE), box(b"udta", PLACE, long=True)]
)
def test_where_it_was_taken_becomes_free_space_and_nothing_moves(first: bool, telling: bytes) -> None:
    data = film(SOUND, telling, first=first)
    made = cleaned(data)
    assert len(made) == len(data)
    assert PLACE not in made
    assert b"iPhone" not in made
    assert made.find(FILM) == data.find(FILM)
    at = data.find(telling)
    assert made[:at] == data[:at]
    assert made[at + len(telling) :] == data[at + len(telling) :]
    assert made[at + 4 : at + 8] == b"free"
    assert cleaned(made) == made


def test_it_is_found_inside_tracks_and_beside_the_film() -> None:
    data = film(box(b"trak", SOUND[8:], XYZ)) + box(b"uuid", bytes(16), PLACE) + box(b"meta", PLACE)
    assert PLACE not in cleaned(data)


def test_a_film_without_it_stays_byte_for_byte() -> None:
    for data in (film(SOUND), film(SOUND, first=True, long=True), film(track(b"vide", b"avc1"), bytes(4))):
        assert cleaned(data) == data
    to_the_end = film(SOUND, first=True)[: -len(box(b"mdat", FILM))] + struct.pack(">I4s", 0, b"mdat") + FILM
    assert cleaned(to_the_end) == to_the_end


@pytest.mark.parametrize("entry", [b"gpmd", b"camm", b"djmd", b"rtmd"])
def test_a_track_of_places_is_refused(entry: bytes) -> None:
    with pytest.raises(Unclean) as refused:
        cleaned(film(SOUND, track(b"meta", entry)))
    assert refused.value.problem == ROUTE


def test_what_an_iphone_notes_beside_every_film_passes_but_not_with_places() -> None:
    harmless = film(SOUND, track(b"meta", b"mebx", b"com.apple.quicktime.video-orientation"))
    assert cleaned(harmless) == harmless
    with pytest.raises(Unclean):
        cleaned(film(SOUND, track(b"meta", b"mebx", b"com.apple.quicktime.location.ISO6709")))


@pytest.mark.parametrize(
    "data",
    [
        film(SOUND)[:-20],
        box(b"ftyp", b"isom") + struct.pack(">I4s", 4, b"moov"),
        box(b"ftyp", b"isom") + box(b"moov", b"\0\0\0\x05abcd"),
        box(b"ftyp", b"isom") + struct.pack(">I4s", 1 << 30, b"moov") + bytes(100),
    ],
    ids=["cut in its index", "too short", "odd boxes", "huge index"],
)
def test_a_crooked_film_is_refused(data: bytes) -> None:
    with pytest.raises(Unclean) as refused:
        cleaned(data)
    assert refused.value.problem == DAMAGED


@given(st.binary(max_size=400), st.integers(1, 300), st.booleans())
def test_no_bytes_make_it_stumble_or_change_length(data: bytes, step: int, begun: bool) -> None:
    given_ = (box(b"ftyp", b"isom") if begun else b"") + data
    try:
        made = cleaned(given_, step)
    except Unclean:
        return
    assert len(made) == len(given_)


@given(st.integers(1, 5000))
def test_it_does_not_matter_how_the_bytes_come(step: int) -> None:
    data = film(SOUND, XYZ, KEYS)
    assert cleaned(data, step) == cleaned(data)
