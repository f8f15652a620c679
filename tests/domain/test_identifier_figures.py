"""The guard's figures do not get worse: floors for each set of sentences (docs/identifier-guard.md)."""

from __future__ import annotations

import pytest

from benchmarks import identifiers as measured
from bot.domain.identifier_types import Kind

HERE = measured.SHARED.is_dir()


@pytest.mark.parametrize(
    ("part", "recall", "precision"), [("own", 0.95, 0.95), ("kept back", 0.9, 0.9), ("in a hurry", 0.75, 0.9)]
)
def test_our_own_sentences(part: str, recall: float, precision: float) -> None:
    total = measured.measure(measured.own(part)).total
    assert total.marked >= 30
    assert total.found / total.marked >= recall
    assert total.right / (total.right + total.wrong) >= precision


def test_there_are_enough_of_them() -> None:
    sizes = [len(list(measured.own(part))) for part in measured.OWN_PARTS]
    assert sizes[0] >= 60
    assert sum(sizes) >= 120
    marked = measured.measure(measured.own("own")).by_kind
    assert all(marked[kind].marked for kind in Kind)


@pytest.mark.skipif(not HERE, reason="the development data are not beside this checkout")
def test_development_messages() -> None:
    result = measured.measure(measured.shared_messages())
    assert result.total.found / result.total.marked >= 0.95
    assert result.total.right / (result.total.right + result.total.wrong) >= 0.95
    assert result.alarms == 0


@pytest.mark.skipif(not HERE, reason="the development data are not beside this checkout")
def test_false_alarms_on_questions() -> None:
    result = measured.measure(measured.shared_questions())
    assert result.alarms / result.sentences <= 0.03


def test_false_alarms_on_our_own_clean_sentences() -> None:
    results = [measured.measure(measured.own(part)) for part in ("own", "kept back")]
    assert sum(result.alarms for result in results) / sum(result.clean for result in results) <= 0.03


def test_the_report_names_each_kind() -> None:
    words = measured.report("own", measured.measure(measured.own("own")))
    assert all(kind.value in words for kind in Kind)


def test_marks_are_read() -> None:
    assert measured.unmark("a {N|Kwame} b {T|1}") == ("a Kwame b 1", [(2, 7, "N"), (10, 11, "T")])
