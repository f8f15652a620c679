"""The views of a photo series are read whole, or the file says what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import photo_views

GOOD = '[[view]]\nid = "front"\nlabel = "Front"\n'


def test_the_records_are_three_of_the_face_and_five_in_the_mouth() -> None:
    assert list(photo_views.load()) == [
        "face_rest",
        "face_smile",
        "profile",
        "front",
        "right",
        "left",
        "upper",
        "lower",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD,
        'source = "x"\n' + GOOD,
        'source = "x"\n' + GOOD + GOOD,
        'source = "x"\n' + GOOD + '[[view]]\nid = "Back"\nlabel = "Back"\n',
        'source = "x"\n' + GOOD + '[[view]]\nid = "back"\nlabel = ""\n',
        "source = ",
    ],
)
def test_a_faulty_series_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(text)
    with pytest.raises(photo_views.ViewsError, match=r"^odd\.toml"):
        photo_views.read(file)
