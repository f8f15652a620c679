import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.references import ALPHABET, make_reference, parse_reference


def test_shape_and_alphabet() -> None:
    reference = make_reference(random.Random(7).randrange, 0)
    assert len(reference) == 6
    assert reference.startswith("C-")
    assert not set("01ILOSZBUAE") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert set("7K3F") <= set(ALPHABET)


@pytest.mark.parametrize(("existing", "signs"), [(0, 4), (39_062, 4), (39_063, 5), (976_562, 5), (976_563, 6)])
def test_grows_when_a_tenth_is_used(existing: int, signs: int) -> None:
    assert len(make_reference(random.Random(1).randrange, existing)) == 2 + signs


@pytest.mark.parametrize("text", ["C-7K3F", "c-7k3f", " C 7K3F ", "C7K3F", "c–7k3f", "C - 7K3F", "C-7 K 3 F\n"])
def test_tolerant(text: str) -> None:
    assert parse_reference(text) == "C-7K3F"


def test_signs_we_never_use_are_read_as_their_doubles() -> None:
    assert parse_reference("C-SZBF") == "C-528F"


@pytest.mark.parametrize(
    "text", ["", "C", "C-", "7K3F", "C-7K3", "C-7K3O", "C-7K31", "D-7K3F", "C-7K3F!", "case", "C-7K3F x"]
)
def test_refused(text: str) -> None:
    assert parse_reference(text) is None


@given(st.integers(0, 2**32), st.integers(0, 10**9), st.booleans())
def test_round_trip(seed: int, existing: int, lower: bool) -> None:
    reference = make_reference(random.Random(seed).randrange, existing)
    assert parse_reference(reference.lower() if lower else reference) == reference
