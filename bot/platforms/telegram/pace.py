"""How long to wait after which failure; all in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`first` doubles up to `longest`; `slow` is for a refused token; `patience` failures in a row raise an alarm."""

    first: float = 0.5
    longest: float = 30.0
    conflict: float = 5.0
    slow: float = 60.0
    patience: int = 5
    grace: float = 15.0
    """What an answer may take beyond the long poll itself."""
    note: float = 30.0
    """How often it is written down that Telegram was heard."""
    recheck: float = 300.0
    """How often the webhook is looked at."""

    def after(self, failures: int) -> float:
        """The wait after this many failures in a row."""
        return min(self.longest, self.first * 2.0 ** min(max(failures - 1, 0), 16))
