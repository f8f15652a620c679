"""docs/relay.md says what the tests prove, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.fidelity import COLUMNS, PAGE, Cell, collected, matrix, page


def test_the_matrix_is_what_the_tests_prove() -> None:
    cells = collected()
    text = PAGE.read_text(encoding="utf-8")

    assert {cell.way for cell in cells} == COLUMNS.keys()
    assert page(text, matrix(cells)) == text, "run python -m tests.support.fidelity"


def test_a_tick_that_nothing_proves_is_seen() -> None:
    text = PAGE.read_text(encoding="utf-8")
    cells = [Cell("Reply", "slack-slack", "", "tests/a.py::test_a")]

    assert page(text, matrix(cells)) != text
    assert "| Reply | – | – | ✓ | – |" in matrix(cells)


def test_a_test_that_is_not_run_proves_nothing(tmp_path: Path) -> None:
    test = tmp_path / "test_skipped.py"
    mark = '@pytest.mark.fidelity("x", ways="slack-slack")'
    test.write_text(f"import pytest\n\n\n@pytest.mark.skip\n{mark}\ndef test_x() -> None: ...\n", encoding="utf-8")

    with pytest.raises(RuntimeError, match="proves nothing while it is not run"):
        collected([test])
