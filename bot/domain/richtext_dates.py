"""Moments in rich text: templates of tokens in braces, each shown in the reader's own time zone, with words between.

The tokens are Slack's, which are the richer set, plus `{weekday}`, which Telegram has alone. The empty template
means: show the words as they are, and know the moment.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

DAY_TOKENS = frozenset(
    {
        "date_num", "date_slash", "date_long", "date_long_full", "date_long_pretty", "date", "date_pretty",
        "date_short", "date_short_pretty", "day_divider_pretty", "weekday",
    }
)  # fmt: skip
TIME_TOKENS = frozenset({"time", "time_secs"})
TOKENS = DAY_TOKENS | TIME_TOKENS | {"ago"}
_TOKEN = re.compile(r"\{(\w+)\}")
_JOINTS = re.compile(r"[\s,]*")


def tokens(form: str) -> tuple[str, ...]:
    """The template's tokens in order, without braces; unknown ones too."""
    return tuple(_TOKEN.findall(form))


def valid(form: str) -> bool:
    """The template has a token, and each one is known."""
    found = tokens(form)
    return bool(found) and TOKENS.issuperset(found)


def wordless(form: str) -> bool:
    """Nothing but tokens, blanks and commas: the template says no words of its own."""
    return _JOINTS.fullmatch(_TOKEN.sub("", form)) is not None


def render(seconds: int, form: str) -> str:
    """The template filled in for people who get no live date: ISO days and 24-hour times, in UTC and saying so."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return str(seconds)
    day = moment.strftime("%Y-%m-%d")
    if not valid(form):
        return f"{day} {moment:%H:%M} UTC"

    def fill(match: re.Match[str]) -> str:
        token = match[1]
        if token == "weekday":
            return f"{moment:%A}"
        if token in DAY_TOKENS:
            return day
        if token == "ago":
            return f"{day} {moment:%H:%M} UTC"
        return f"{moment:%H:%M:%S} UTC" if token == "time_secs" else f"{moment:%H:%M} UTC"

    return _TOKEN.sub(fill, form)
