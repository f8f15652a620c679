"""The one error of the operator's use cases."""

from __future__ import annotations

from bot.domain.errors import ChairsideError


class Declined(ChairsideError):
    """It cannot be done as asked, and nothing was changed. `lines` are for the operator."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
