"""What counts as a change that must be said loudly."""

import pytest

from bot.domain.material import changed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hold aligner 6 for 7 days", "Hold aligner 6 for 10 days"),
        ("IPR 0.2 mm at UL2", "IPR 0.3 mm at UL2"),
        ("IPR 0.2 mm at UL2", "IPR 0.2 mm at UR2"),
        ("0.2 mm per contact", "0.2 mm per surface"),
        ("Torque -1.5", "Torque 1.5"),
        ("gap <0.2 mm", "gap >0.2 mm"),
        ("You can proceed", "You cannot proceed"),
        ("Do carry on", "Don’t carry on"),
        ("the upper canine", "the lower canine"),
        ("20 hours", "22 hours"),
        ("5 mm", "5 cm"),
        ("twice a day", "once a day"),
        ("move 4⏌", "move 4⏋"),
        ("⎿5 lags", "⎾5 lags"),
        ("the upper left canine", "the upper left lateral"),
        ("the first premolar", "the second premolar"),
        ("¼ turn", "½ turn"),
        ("by 1½ mm", "by 1¼ mm"),
        ("fourteen days", "twelve days"),
        ("it would fit", "it wouldn’t fit"),
        ("the labial surface", "the lingual surface"),
        ("anterior contacts", "posterior contacts"),
    ],
)
def test_a_changed_fact_is_seen(before: str, after: str) -> None:
    assert changed(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hold alinger 6 for 7 days", "Hold aligner 6 for 7 days"),
        ("thanks, will do", "Thanks - will do!"),
        ("see you at the review", "See you at the next review"),
        ("it don't matter", "it don’t matter"),
        ("the canine", "The canine."),
    ],
)
def test_a_mended_spelling_is_not(before: str, after: str) -> None:
    assert not changed(before, after)
