"""Which SQLite versions are free of the WAL-reset bug."""

from __future__ import annotations

import pytest

from storage.engine.version import wal_reset_mended


@pytest.mark.parametrize(
    ("version", "mended"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_known_versions(version: tuple[int, ...], mended: bool) -> None:
    assert wal_reset_mended(version) is mended
