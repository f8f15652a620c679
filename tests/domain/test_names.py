import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import looks_like_full_name, short_name, surname_slug


@pytest.mark.parametrize(
    ("name", "short", "slug"),
    [
        ("Dr Asha Patel", "Dr Patel", "patel"),
        ("Dr. Amar Johal", "Dr. Johal", "johal"),
        ("Sam Reid", "Sam", "reid"),
        ("Dr Shah", "Dr Shah", "shah"),
        ("Dr Anna van der Berg", "Dr van der Berg", "van-der-berg"),
        ("Dr Van Dyke", "Dr Dyke", "dyke"),
        ("Dr van Dyke", "Dr van Dyke", "van-dyke"),
        ("Prof Seán Ó Briain, BDS MSc", "Prof Ó Briain", "o-briain"),
        ("Dr Mary O’Neill", "Dr O’Neill", "oneill"),
        ("Dr Jo Smith-Øster (she/her)", "Dr Smith-Øster", "smith-oster"),
        ("Dr 王小明", "Dr 王小明", "colleague"),
        ("Asha", "Asha", "asha"),
        ("", "", "colleague"),
        ("Dr", "Dr", "colleague"),
    ],
)
def test_short_forms(name: str, short: str, slug: str) -> None:
    assert short_name(name) == short
    assert surname_slug(name) == slug


@given(st.text())
def test_slug_is_always_a_channel_name_part(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", surname_slug(name))
    short_name(name)
    looks_like_full_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "Jane Smith",
        "jane smith",
        "JANE SMITH",
        "Smith, Jane",
        "Mrs Smith",
        "Mr. O’Brien",
        "jane.smith",
        "jane_smith",
        "JaneSmith",
        "Anne-Marie Jones",
        "Jane A Smith",
        "Jane Smith 42",
        "Zoë Müller",
        "Li Wei",
    ],
)
def test_full_names(text: str) -> None:
    assert looks_like_full_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "AB",
        "A.B.",
        "A B",
        "a.b.",
        "AB-1042",
        "RD/2027/014",
        "JS 1042",
        "Jane",
        "Jane S",
        "Patient 12",
        "patient AB",
        "Wedding case",
        "New patient",
        "MK",
        "M K T",
        "1042",
        "",
        "Ref 7",
        "S0042",
        "AB (June)",
    ],
)
def test_pseudonyms(text: str) -> None:
    assert not looks_like_full_name(text)
