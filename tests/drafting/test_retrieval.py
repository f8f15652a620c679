"""Retrieval and the escalation gate: what ships is ready made, wording the lexicon does not know is caught, and without
the model the words decide alone.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from benchmarks.faq_vectors import shipped
from bot.domain import redflags
from bot.domain.faq import Entry, Policy
from bot.drafting import evaluation, minilm, vectors
from bot.drafting.evaluation import Question
from bot.drafting.retrieval import Library
from bot.drafting.search import Found, Index
from bot.drafting.vectors import Vectors, mark
from bot.ports.drafter import SHOWN, Suggestion, Verdict
from prompts import library


@pytest.fixture(scope="module")
def ours() -> Library:
    return Library(library.load())


def test_every_shipped_text_has_its_vector_ready_made() -> None:
    ready = vectors.load_ready()
    texts = shipped()
    assert texts
    assert {mark(text) for text in texts} == set(ready), "make it anew: python -m benchmarks.faq_vectors"
    model = minilm.load()
    assert model is not None
    for text in texts[::90]:
        assert float(model.vector(text) @ ready[mark(text)]) > 0.999  # int8 loses nothing that matters


def test_meaning_not_words() -> None:
    model = minilm.load()
    assert model is not None
    ache, near, far = (model.vector(text) for text in ("Her tooth aches", "He has dental pain", "Where is my invoice?"))
    assert float(ache @ near) > float(ache @ far) + 0.3
    assert np.isclose(float(np.linalg.norm(ache)), 1.0, atol=1e-5)
    tall = unicodedata.normalize("NFD", "Zähne") + "\u200b\x00 " + "x" * 5_000
    assert np.isfinite(model.vector(tall)).all()
    assert np.isfinite(model.vector("")).all()


@pytest.mark.parametrize(
    "text",
    [
        "She came off her scooter and the front tooth is pushed right back",
        "His cheek has ballooned overnight and he looks unwell",
        "They want every penny back and mention their lawyer",
        "She wants to know what painkiller she may take and how many",
        "There is something white under his tongue that has not gone away since spring",
    ],
)
def test_wording_that_the_lexicon_does_not_know_calls_a_person(ours: Library, text: str) -> None:
    assert not redflags.found(text)
    found = ours.suggest(text)
    assert found.verdict is Verdict.ESCALATE
    assert found.candidates == ()


@pytest.mark.parametrize(
    "text",
    ["The chief complaint is crowding, is she suitable?", "How many hours a day should she wear them?", "Thanks a lot"],
)
def test_what_is_ordinary_calls_nobody(ours: Library, text: str) -> None:
    assert ours.suggest(text).verdict is not Verdict.ESCALATE


def test_a_question_gets_at_most_three_entries_none_kept_for_people(ours: Library) -> None:
    found = ours.suggest("One of the attachments has come off, shall I put it back now?")
    assert found.verdict is Verdict.DRAFT
    assert found.candidates[0].entry.id == "att_lost"
    assert len(found.candidates) <= SHOWN
    assert all(one.entry.policy is not Policy.NEVER_AUTO for one in found.candidates)
    assert [one.score for one in found.candidates] == sorted((one.score for one in found.candidates), reverse=True)


def test_without_the_model_the_words_decide() -> None:
    words = Library(library.load(), lambda: None)
    assert (
        words.suggest("The new aligner will not seat fully, what should I do?").candidates[0].entry.id == "not_seating"
    )
    assert words.suggest("He has severe pain").verdict is Verdict.ESCALATE
    assert words.suggest("Zebra crossings?").verdict is Verdict.NO_ANSWER


def test_what_is_like_nothing_in_the_library_scores_less_and_gets_no_draft(ours: Library) -> None:
    model = vectors.load()
    entries = library.rows(library.load())
    plain = Index(entries, model)
    bill, wear = "Where do I send the signed contract for the lease?", "How many hours should he keep them in?"
    aside = Index(entries, model, ("Who deals with the lease of your building?",))
    assert aside.search(bill)[0].score < plain.search(bill)[0].score - 0.1
    assert [one.topic for one in aside.search(bill)] == [one.topic for one in plain.search(bill)]
    assert ours.suggest("Could accounts send the statement for June again?").verdict is Verdict.NO_ANSWER
    assert ours.suggest(wear).candidates[0].entry.id == "wear_hours"


def test_a_refreshed_library_is_searched_at_once() -> None:
    model = minilm.load()
    assert model is not None
    ready = Library((), lambda: Vectors(model, vectors.load_ready()))
    entry = Entry("zebra", "Zebras", 1, Policy.DRAFT, ("How do I feed a zebra?",), (), (), (), "Hay.")
    ready.refresh((*library.load(), entry))
    assert ready.suggest("What does a zebra eat?").candidates[0].entry.id == "zebra"


def test_an_urgent_question_in_the_library_brings_no_draft_even_word_for_word() -> None:
    model = minilm.load()
    assert model is not None
    urgent = "The side of his face is puffy and hot, what now?"
    assert not redflags.found(urgent)  # only its meaning calls
    entry = Entry("puffy", "Puffy", 1, Policy.DRAFT, (urgent,), (), (), (), "Wait.", phrasings=(urgent,))
    ready = Library((*library.load(), entry), lambda: Vectors(model, vectors.load_ready()))
    assert ready.suggest(urgent).verdict is Verdict.ESCALATE


def test_an_entry_added_for_people_only_calls_one() -> None:
    model = minilm.load()
    assert model is not None
    entry = Entry("radio", "The press", 1, Policy.NEVER_AUTO, ("A journalist asks about a case",), (), (), (), "No.")
    ready = Library((*library.load(), entry), lambda: Vectors(model, vectors.load_ready()))
    found = ready.suggest("Could I talk to a journalist about this case?")
    assert (found.verdict, found.topics) == (Verdict.ESCALATE, ("radio",))


def test_the_figures() -> None:
    asked = [Question("a", "a", "draft"), Question("b", "b", "draft"), Question("c", None, "none")]
    scores = {"a": [Found("a", 0.9)], "b": [Found("a", 0.5), Found("b", 0.4)], "c": [Found("a", 0.5)]}
    got = evaluation.measure(asked, lambda text: scores[text], lambda text: Suggestion(Verdict.NO_ANSWER))
    assert (got["recall_at_1"], got["recall_at_5"], got["mrr_at_10"]) == (0.5, 1.0, 0.75)
    assert got["oos_auroc"] == 0.75  # one above, one level
    assert got["escalation_recall"] is None
    assert (got["false_escalation"], got["none_without_draft"]) == (0.0, 1.0)


@pytest.mark.parametrize("harm", ["gone", "cut", "empty", "other"])
def test_weights_that_cannot_be_used_leave_the_words(
    harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "broken_weights"
    shutil.copytree(str(files(minilm.PACKAGE)), place, ignore=shutil.ignore_patterns("__pycache__"))
    weights = place / "model" / "model.safetensors"
    size = weights.stat().st_size
    if harm == "gone":
        weights.unlink()
    elif harm == "other":
        with weights.open("r+b") as file:
            file.seek(size // 2)
            file.write(bytes(size // 4))
    else:
        os.truncate(weights, 0 if harm == "empty" else size // 2)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(minilm, "PACKAGE", "broken_weights")
    minilm.load.cache_clear()
    try:
        assert vectors.fault()
        assert harm == "other" or vectors.load() is None
        ready = Library(library.load())
        assert ready.suggest("Her face is swollen and she cannot breathe").verdict is Verdict.ESCALATE
        assert ready.suggest("How many hours a day should they wear the aligners?").verdict in Verdict
    finally:
        minilm.load.cache_clear()


def test_weights_as_installed_are_right() -> None:
    assert vectors.fault() == ""
