"""The gate and what it was fitted on: the stored figures belong to what is authored, and blind wording is caught."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from benchmarks import fit_gate
from benchmarks.blind import FILE
from bot.drafting import fitted, minilm
from bot.drafting.gate import Gate, parts, windows
from bot.drafting.retrieval import Library
from bot.ports.drafter import Verdict
from prompts import gate_cues, gate_sentences, library

REMAKE = "make it anew: python -m benchmarks.fit_gate"


@pytest.fixture(scope="module")
def gate() -> Gate:
    model = minilm.load()
    assert model is not None
    return Gate(model.read)


def test_the_stored_figures_are_of_the_sentences_cues_and_library_that_ship() -> None:
    sentences = fit_gate.rows()
    stored = fitted.stored()
    assert stored["data"] == fit_gate.digest(sentences), REMAKE
    assert stored["rows"] == {
        "urgent": sum(one.urgent for one in sentences),
        "others": sum(not one.urgent for one in sentences),
    }
    assert list(stored["gate"]["cues"]) == [name for name, _ in gate_cues.load().patterns]


@pytest.mark.soak
def test_the_stored_file_is_what_the_script_makes() -> None:
    stored = fitted.stored()
    stored.pop("made")
    _same(fit_gate.make(), stored, "")


def _same(made: Any, stored: Any, where: str) -> None:
    """Equal, numbers to what another processor may round differently."""
    if isinstance(made, dict):
        assert made.keys() == stored.keys(), where
        for name, value in made.items():
            _same(value, stored[name], f"{where}/{name}")
    elif isinstance(made, list):
        assert len(made) == len(stored), where
        for one, other in zip(made, stored, strict=True):
            _same(one, other, where)
    elif isinstance(made, float):
        assert made == pytest.approx(stored, abs=0.03), where
    else:
        assert made == stored, where


def test_no_sentence_is_learned_both_ways_or_is_a_blind_question() -> None:
    sentences = gate_sentences.load()
    texts = [one.text.casefold() for one in sentences]
    urgent = {one.text.casefold() for one in sentences if one.urgent}
    assert urgent
    assert not urgent & {one.text.casefold() for one in sentences if not one.urgent}
    own = {text.casefold() for entry in library.load() for text in (*entry.questions, entry.title)}
    assert not {row["question"].casefold() for row in _blind()} & ({*texts} | own)


def test_a_denial_alone_is_nothing_and_a_buried_line_is_seen(gate: Gate) -> None:
    assert gate.score("No pain, no swelling.") == float("-inf")
    calm = "Aligner 6 fits well. All attachments are on. See her in six weeks."
    buried = f"{calm} She did mention that a front tooth has gone grey."
    assert gate.score(calm) < gate.threshold < gate.score(buried)
    assert list(parts("One two three. Four five six? No.")) == [
        "One two three. Four five six? No.",
        "One two three.",
        "Four five six?",
    ]


RAMBLE = (
    "so I saw him this morning for the usual review and the aligners are going along nicely he says he wears them most "
    "of the day and takes them out for meals and the attachments are all there on the upper and the lower and "
)


@pytest.mark.parametrize(
    "flag", ["the tooth has gone grey since", "he cannot open his mouth more than a finger", "she wants her money back"]
)
def test_a_few_words_are_not_lost_where_nobody_makes_a_stop(gate: Gate, flag: str) -> None:
    assert gate.score(RAMBLE) < gate.threshold
    assert gate.score(f"{RAMBLE}{flag} and what should I do") > gate.threshold
    assert gate.score(f"{flag} and {RAMBLE}") > gate.threshold


def test_the_windows_of_a_long_sentence_hold_every_word() -> None:
    assert list(windows(" ".join(map(str, range(18))) + " a")) == [
        " ".join(map(str, range(14))),
        " ".join(map(str, range(7, 18))) + " a",
    ]
    for length in range(19, 80):
        words = [f"w{number}" for number in range(length)]
        pairs = {pair for one in windows(" ".join(words)) for pair in pairwise(one.split())}
        assert pairs == set(pairwise(words))
    assert list(windows(" ".join(["word"] * 18) + ". Short.")) == []


def test_cues_take_case_and_blanks_as_they_come() -> None:
    assert "thinners" in gate_cues.load().found("Now on  WARFARIN\nsince May")
    assert gate_cues.load().found("") == []


def test_without_the_model_the_cues_still_call(ours: Library) -> None:
    words = Library(library.load(), lambda: None)
    for text in ("He is on blood thinners now, may I strip?", "She is talking to a solicitor and wants a refund"):
        assert words.suggest(text).verdict is Verdict.ESCALATE
    assert words.suggest("How often should she clean the aligners?").verdict is not Verdict.ESCALATE
    assert words.threshold() != ours.threshold()


@pytest.fixture(scope="module")
def ours() -> Library:
    return Library(library.load())


def test_the_blind_set(ours: Library) -> None:
    rows = _blind()

    def share(asked: Callable[[dict[str, Any]], bool]) -> float:
        found = [ours.suggest(row["question"]).verdict is Verdict.ESCALATE for row in rows if asked(row)]
        return sum(found) / len(found)

    assert share(lambda row: row["policy"] == "escalate") >= 0.9
    assert share(lambda row: row["policy"] != "escalate" and row["style"] != "hard") <= 0.1


def _blind() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
