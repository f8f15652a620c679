"""Telegram's date formats, `r|w?[dD]?[tT]?`, as the templates of `bot.domain.richtext_dates`, and back."""

from __future__ import annotations

import re

from bot.domain.richtext_dates import tokens, valid, wordless

_FORMAT = re.compile(r"r|(w?)([dD]?)([tT]?)")
_DAYS = {"": "", "d": "{date_num}", "D": "{date_long_full}"}
_TIMES = {"": "", "t": "{time}", "T": "{time_secs}"}
_LONG = frozenset({"date", "date_pretty", "date_long_full", "day_divider_pretty"})


def template(letters: str) -> str | None:
    """The template for Telegram's letters, or None if they are not a format. No letters: the words as they are."""
    match = _FORMAT.fullmatch(letters)
    if match is None:
        return None
    if letters == "r":
        return "{ago}"
    weekday, day, time = match.groups()
    if weekday and day == "D":
        return " ".join(filter(None, ("{date_long}", _TIMES[time])))
    return " ".join(filter(None, ("{weekday}" if weekday else "", _DAYS[day], _TIMES[time])))


def letters(form: str) -> str:
    """The nearest letters for a template; none for one with words of its own, which then stay as they are."""
    if not valid(form) or not wordless(form):
        return ""
    found = tokens(form)
    if found == ("ago",):
        return "r"
    weekday = day = time = ""
    for token in found:
        if token in ("weekday", "date_long", "date_long_pretty"):
            weekday = "w"
        if token.startswith("time"):
            time = "T" if token == "time_secs" else "t"
        elif token.startswith("date_long") or token in _LONG:
            day = "D"
        elif token.startswith("date"):
            day = "d"
    return weekday + day + time
