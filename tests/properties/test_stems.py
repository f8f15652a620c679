"""Whatever a costly pattern finds, the cheap look before it lets through."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from bot.domain import complaints, redflags, turns
from tests.support.richtext import holds_for, texts


def _around(*patterns: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Texts with something in them that a pattern finds, in any letters that it takes."""
    found = st.one_of([st.from_regex(pattern, fullmatch=True) for pattern in patterns])
    shouted = found.map(str.upper)
    turkish = shouted.map(lambda text: text.replace("I", "\u0130"))
    return st.one_of(texts, st.tuples(texts, found, texts).map(" ".join), shouted, turkish)


@holds_for(800, _around(*redflags.FLAGS))
def test_a_red_flag_is_found_as_by_its_patterns(text: str) -> None:
    bare = redflags.said(text)

    assert redflags.found(text) == any(flag.search(bare) for flag in redflags.FLAGS)


@holds_for(300, _around(turns.NOT_SEATING))
def test_what_does_not_seat_is_heard_as_by_its_pattern(text: str) -> None:
    assert turns.says_not_seating(text) == (turns.NOT_SEATING.search(text.replace("’", "'")) is not None)


@holds_for(300, _around(complaints.REAL))
def test_a_complaint_is_heard_where_its_pattern_finds_one_alone(text: str) -> None:
    told = complaints.REAL.match(text) is not None

    assert complaints.found(text) or not told


def test_a_capital_i_with_its_dot_is_one() -> None:
    assert redflags.found("SEVERE PA\u0130N")
    assert turns.says_not_seating("TRAY WON'T F\u0130T")
