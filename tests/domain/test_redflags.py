"""Red flags: what is said to be there, never what is denied, and nothing swallowed that stands beside a denial."""

from __future__ import annotations

import pytest

from bot.domain.redflags import found


@pytest.mark.parametrize(
    "text",
    [
        "No pain, no swelling, all tracking well. Fine to carry on?",
        "Denies any pain or swelling, carry on?",
        "no mobility or recession",
        "Without signs of swelling, abscess or fever.",
        "No history of trauma, BPE 1s.",
        "free of swelling / pain",
        "Denies any jaw pain or ulcers, locking or clicking",
        "No history of ulceration or known drug allergies",
    ],
)
def test_what_is_denied_is_no_flag(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    "text",
    [
        "no pain, swelling since Monday",
        "No pain but her cheek is swollen",
        "no pain and swelling is worse today",
        "No pain relief works and she has a fever",
        "She has no fever. The lip is swollen, though",
        "Swelling, no pain",
        "no pain or fever yesterday, swelling today",
        "not without swelling since the visit",
        "not on any medication but her face is swollen",
    ],
)
def test_what_stands_beside_a_denial_is_one(text: str) -> None:
    assert found(text)
