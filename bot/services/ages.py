"""How long ago, in words people use: "12 min", "3 h", "2 days"."""

from __future__ import annotations

from bot.domain.rules import DAY, HOUR, MINUTE
from prompts.wording import say


def words(age: int) -> str:
    """A span of time (µs) as words; a negative one, after a clock was put back, is none."""
    age = max(age, 0)
    if age < HOUR:
        return say("age.minutes", n=age // MINUTE)
    return say("age.hours", n=age // HOUR) if age < DAY else say("age.days", n=age // DAY)
