"""A file of the library: what it may hold, and what is said of one that is faulty."""

from __future__ import annotations

from datetime import date

import pytest

from prompts import library

HEAD = "id: a\ntitle: A\nversion: 1\npolicy: draft\nquestions: ['What?']\nsources: []\n"


def file(head: str, answer: str = "That.") -> bytes:
    return f"---\n{head}---\n{answer}\n".encode()


def test_owner_and_review_are_optional() -> None:
    bare = library.parse(file(HEAD))
    assert (bare.owner, bare.review_by) == ("", None)
    owned = library.parse(file(HEAD + "owner: Dr Amar Johal\nreview_by: 2027-06-30\n"))
    assert (owned.owner, owned.review_by) == ("Dr Amar Johal", date(2027, 6, 30))
    assert library.parse(file(HEAD + "review_by: '2027-06-30'\n")).review_by == date(2027, 6, 30)


def test_what_the_patient_may_be_told_holds_no_figure_of_its_own() -> None:
    entry = library.parse(file(HEAD + "patient_words: Wear them 22 hours.\n", "At least 22 hours a day."))
    assert entry.patient_words == "Wear them 22 hours."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "the file should be UTF-8"),
        (b"no front", "should begin with front matter"),
        (file("id: [\n"), "line 2: cannot be read as YAML"),
        (file("- a\n"), "the front matter should be fields"),
        (file(HEAD, " "), "answer: should stand below"),
        (file(HEAD.replace("['What?']", "[]")), "questions: should be"),
        (file(HEAD.replace("id: a", "id: ../a")), "id: should be"),
        (file(HEAD.replace("sources: []", "sources: [{ref: A study}]")), "sources: should be"),
        (file(HEAD.replace("sources: []", "sources: [{ref: A, checked: true, page: 2}]")), "page: is no field here"),
        (file(HEAD + "owner: ' '\n"), "owner: should be"),
        (file(HEAD, "🦷" * 1201), "answer and patient_words: should have 2400 characters together at most, not 2402"),
        (file(HEAD + "patient_words: ' '\n"), "patient_words: should be some words"),
        (file(HEAD + f"patient_words: {'a' * 901}\n"), "patient_words: should be some words"),
        (file(HEAD + "patient_words: Wear them 22 hours.\n", "Twenty hours."), "patient_words: 22 should stand in"),
        (file(HEAD.replace("draft", "never_auto") + "patient_words: Wait.\n"), "patient_words: go with draft"),
        (file(HEAD + "review_by: 0\n"), "review_by: should be a day"),
        (file(HEAD + "review_by: 2027-06-30 10:00:00\n"), "review_by: should be a day"),
        (file(HEAD + "review_by: 2027-02-30\n"), "review_by: should be a day"),
        (file(HEAD + "review_by: '2027-02-30'\n"), "review_by: should be a day"),
    ],
)
def test_a_fault_is_said_with_what_would_be_right(data: bytes, said: str) -> None:
    with pytest.raises(library.LibraryError) as caught:
        library.parse(data)
    assert str(caught.value).startswith(said)
