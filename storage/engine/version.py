"""What the SQLite at hand is known for; `chairside doctor` says it."""

from __future__ import annotations

import sqlite3


def sqlite_version() -> str:
    """As SQLite says it: "3.40.1"."""
    return sqlite3.sqlite_version


def wal_reset_mended(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (3.7.0-3.51.2, mended in 3.51.3, 3.50.7 and 3.44.6).

    With it, only other programs that write or checkpoint the file are a danger: see GroupCommit._checkpoint.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
