"""IPR as pasted: every figure per contact or per surface, never assumed."""

from __future__ import annotations

import pytest

from bot.domain.ipr import changed_unit, figures, read_ipr, row_words, rows_from_json, rows_to_json
from bot.domain.movements import Per
from bot.domain.problems import Problem


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("aligner 4: 13-12, 12-11 0.2 mm per contact", [(4, (13, 12), 0.2, "contact"), (4, (12, 11), 0.2, "contact")]),
        (
            "per surface\n4: 33-32 0.1\n8: 32-31 0.15 mm",
            [(4, (32, 33), 0.1, "surface"), (8, (31, 32), 0.15, "surface")],
        ),
        ("4\t13-12\t0.2 mm per contact", [(4, (13, 12), 0.2, "contact")]),
        (
            "UR3-UR2 0.2mm/contact\nUR2-UR1 0.3mm/contact",
            [(1, (13, 12), 0.2, "contact"), (1, (12, 11), 0.3, "contact")],
        ),
        ("Before aligner 6: 11-21 0,3 mm per contact", [(6, (11, 21), 0.3, "contact")]),
    ],
)
def test_tables_as_they_are_pasted(text: str, rows: list[tuple[int, tuple[int, int], float, str]]) -> None:
    found = read_ipr(text)
    assert not isinstance(found, Problem)
    assert [(one.aligner, one.contact, one.mm, one.per) for one in found] == rows
    assert rows_from_json({"rows": rows_to_json(found)}) == found
    assert read_ipr("\n".join(map(row_words, found))) == found  # what is shown can be pasted again


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("aligner 4: 13-12 0.2 mm", "ipr_per"),
        ("aligner 4: 13-12 0.2 mm per contact\n12-11 0.1 mm per surface", "ipr_mixed"),
        ("aligner 4: 13-12 0.2 mm per contact per surface", "ipr_line"),
        ("as usual", "ipr_line"),
        ("aligner 4: 13-12 20 mm per contact", "ipr_line"),
        ("aligner 4: 13-12 0.2° per contact", "ipr_line"),
        ("aligner 4: 13 0.2 mm per contact", "ipr_line"),
        ("13-12 0.2 mm per contact\n" * 61, "ipr_lines"),
    ],
)
def test_what_is_not_certain_is_asked(text: str, problem: str) -> None:
    found = read_ipr(text)
    assert isinstance(found, Problem)
    assert found.key == f"form.problem.{problem}"


def test_two_surfaces_make_a_contact() -> None:
    found = read_ipr("aligner 4: 13-12 0.2 mm per surface")
    assert not isinstance(found, Problem)
    assert found[0].per is Per.SURFACE
    assert (found[0].per_contact, found[0].anterior) == (0.4, True)


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("At most 0.5 mm per contact, please.", False),
        ("Keep an eye on the contacts.", False),
        ("At most 0.5 mm.", True),
        ("At most 0.5 mm per surface.", True),
        ("At most 0.6 mm per contact.", True),
    ],
)
def test_a_wording_keeps_the_unit(words: str, changed: bool) -> None:
    original = "The ceiling is 0.5 mm per contact in front."
    assert figures(original) == {(0.5, "contact")}
    assert changed_unit(words, original) is changed
