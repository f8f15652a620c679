"""Names of files: plain, true to what the file is, and nobody's name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.filenames import LONGEST, MOST_BYTES, clean, may_name_patient
from bot.domain.filetypes import HEIC, JPG, M4A, PDF, PNG, STL, FileType


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("plan.pdf", PDF, "plan.pdf"),
        ("IMG_0001.JPG", JPG, "IMG_0001.jpg"),
        ("IMG_0001.jpeg", JPG, "IMG_0001.jpeg"),
        ("photo_12.jpg", PNG, "photo_12.png"),
        ("photo.pdf.exe", PDF, "photo.pdf.exe.pdf"),
        ("photo\u202efdp.exe", PDF, "photofdp.exe.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("C:\\scans\\upper.stl", STL, "upper.stl"),
        ("a:b?c*.stl", STL, "a_b_c_.stl"),
        ("two\nlines\t here.pdf", PDF, "two lines here.pdf"),
        ("zero\u200bwidth.pdf", PDF, "zerowidth.pdf"),
        ("", JPG, "file.jpg"),
        ("...", JPG, "file.jpg"),
        (".jpg", JPG, "jpg.jpg"),
        ("con.pdf", PDF, "_con.pdf"),
        ("audio_message.mp4", M4A, "audio_message.m4a"),
        ("1.2.840.113", HEIC, "1.2.840.113.heic"),
    ],
)
def test_a_name_is_one_plain_part_with_its_true_ending(name: str, kind: FileType, shown: str) -> None:
    assert clean(name, kind) == shown


@given(st.text(max_size=300), st.sampled_from([JPG, PNG, PDF, STL, HEIC, M4A]))
def test_any_name_comes_out_safe_and_stays_so(name: str, kind: FileType) -> None:
    shown = clean(name, kind)
    assert 0 < len(shown) <= LONGEST + 1
    assert len(shown.encode()) <= MOST_BYTES + 1
    assert not set(shown) & set('/\\<>:"|?*')
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    assert not shown.startswith((".", " "))
    assert clean(shown, kind) == shown


NAMED = """jane_smith.jpg|JaneSmith.stl|Jane Smith 14.stl|Hill, Rosa.pdf|Mr Hill.pdf|amara okafor upper.stl
|Smith-Jones_Sarah_2.png|WHITCOMBE SARAH.zip"""
ORDINARY = """upper jaw.stl|intraoral scan.stl|IMG_0001.jpg|Screenshot 2026-01-01 at 10.22.jpg|WhatsApp Image 2026.jpeg
|smile front.png|UL2 rotation.png|seat-test.pdf|photo one.png|audio_message.m4a|Dr Patel plan.pdf|UpperJawScan.stl
|Telegram Desktop.zip|DSC_0001.jpg|Pano Xray.png|invisalign clincheck.pdf|patient1_lower.stl|AB 1042 upper.stl
|photo_7.jpg|Dr Asha Patel letter.pdf|voice.ogg|document|records.zip|plan-3.pdf|lower left.png"""


@pytest.mark.parametrize("name", NAMED.replace("\n", "").split("|"))
def test_a_full_name_is_seen(name: str) -> None:
    assert may_name_patient(name)


@pytest.mark.parametrize("name", ORDINARY.replace("\n", "").split("|"))
def test_what_cameras_scanners_and_dentists_call_files_is_nobodys_name(name: str) -> None:
    assert not may_name_patient(name)


@given(st.text(max_size=120))
def test_any_name_is_judged(name: str) -> None:
    assert may_name_patient(name) in (True, False)
