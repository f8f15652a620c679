"""A complaint of care is told from a chief complaint, from none, and from symptoms."""

import pytest

from bot.domain.complaints import found, without

REAL = (
    "She has made a formal complaint",
    "The patient wants to make a complaint about the practice",
    "We received a letter of complaint this morning",
    "He says he will report me to the GDC",
    "Her solicitor has written to us",
    "They are threatening legal action",
    "She complained to the practice manager about her treatment",
    "He is claiming compensation",
    "I have had a complaint from AB's mother",
    "Her complaint letter came today",
)
NONE = (
    "Chief complaint: crowding of the lower incisors",
    "The chief complaint is a gap between UL1 and UL2",
    "No complaints at the review",
    "Patient has no complaints, wear 22 h",
    "She complains of pain at UL6",
    "He complained of a sharp edge",
    "Her main complaint was the midline",
    "Complaining of tenderness after IPR",
    "Presenting complaint: spacing",
    "She has not made a complaint",
    "She sued nobody, she just moved house",
    "The issue is the seat of aligner 9",
)


@pytest.mark.parametrize("text", REAL)
def test_a_real_one(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", NONE)
def test_none(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("His mother wants to make a formal complaint.", ""),
        ("She has made a complaint, and her lip is numb.", "and her lip is numb."),
        ("Two teeth came out in his hand.\nHer solicitor has written", "Two teeth came out in his hand."),
        ("He is threatening legal action because he fell.", "because he fell."),
        ("Chief complaint: crowding", "Chief complaint: crowding"),
    ],
)
def test_what_is_said_beside_it_is_left(text: str, left: str) -> None:
    assert without(text) == left
