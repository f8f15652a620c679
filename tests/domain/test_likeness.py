"""How much alike two answers are, told by their sketches alone."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.likeness import ALIKE, any_alike, likeness, sketch

PAIRS = st.sets(st.sampled_from([f"{number:012x}" for number in range(40)]), max_size=24).map(sorted).map(tuple)


def hashed(group: str) -> str:
    """Enough for a test: the letters themselves."""
    return group.encode().hex()


@given(PAIRS, PAIRS)
def test_it_is_the_share_of_the_smallest_that_both_have(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    smallest = sorted({*one, *other})[:24]
    both = [pair for pair in smallest if pair in one and pair in other]

    assert likeness(one, other) == (len(both) / len(smallest) if one and other else 0.0)


@given(PAIRS, st.lists(PAIRS, max_size=4))
def test_one_of_several_is_alike_as_each_is_by_itself(one: tuple[str, ...], others: list[tuple[str, ...]]) -> None:
    assert any_alike(one, others) == any(likeness(one, other) >= ALIKE for other in others)


def test_much_the_same_words_are_alike_and_others_are_not() -> None:
    one = sketch("Hold the aligner for one more week and use the chewies at night", hashed)
    other = sketch("Hold the aligner for one more week and use the chewies every night", hashed)
    third = sketch("Please send a new scan of the lower arch before we order again", hashed)

    assert likeness(one, other) >= ALIKE
    assert likeness(one, third) == 0.0
    assert sketch("Hold it one more week", hashed) == ()
