"""Telegram counts UTF-16 units, Python code points: one map between them for one text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class Units:
    """Offsets of one text in both counts. A text without characters beyond U+FFFF costs nothing."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [at for at, char in enumerate(text) if char > "\uffff"]
        self._wide_units = [at + before for before, at in enumerate(self._wide)]

    def offset(self, position: int) -> int:
        """The UTF-16 offset of a code point."""
        return position + bisect_left(self._wide, position)

    def position(self, offset: int, *, up: bool = False) -> int:
        """The code point at a UTF-16 offset; in the middle of a pair the one it belongs to, or with `up` the next."""
        passed = bisect_right(self._wide_units, offset - 2)
        within = passed < len(self._wide_units) and self._wide_units[passed] == offset - 1
        return offset - passed - (1 if within and not up else 0)
