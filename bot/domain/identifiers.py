"""The identifier guard's eye: what in a text looks like it points at a person. Pure, and never raises.

It errs towards silence: tooth notation, scores, tray numbers, dates of visits and events, eponyms, makes, medicines
and places are left alone, and so are the people of the case itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot.domain import identifier_addresses, identifier_numbers
from bot.domain.identifier_cues import PROFESSIONAL, TITLES
from bot.domain.identifier_names import names
from bot.domain.identifier_terms import AMBIGUOUS, excluded
from bot.domain.identifier_tokens import tokens
from bot.domain.identifier_types import NOTHING, Finding, Kind, Known, folded, words_of
from bot.domain.identifier_words import ordinary

LONGEST = 20_000
"""Code points looked at: more than any platform lets people type."""
PRESSING = frozenset({Kind.NHS_NUMBER, Kind.PHONE, Kind.EMAIL, Kind.ADDRESS, Kind.POSTCODE})
"""Kinds that are asked about however often."""
_DIGIT = re.compile(r"\d")
NHS_DIGITS, PHONE_DIGITS, DATE_DIGITS, POSTCODE_DIGITS = 10, 7, 3, 2
"""Digits that the shortest of each has: with fewer in the whole text there is none, and none is searched for."""


def find(text: str, today: date, known: Known = NOTHING) -> tuple[Finding, ...]:
    """What looks like an identifier, in order and never overlapping. `today` bounds dates of birth."""
    text = text[:LONGEST]
    found = _Findings(text)
    found.add(identifier_numbers.emails(text))
    digits = len(_DIGIT.findall(text))
    if digits >= NHS_DIGITS:
        found.add(identifier_numbers.nhs_numbers(text))
    if digits >= PHONE_DIGITS:
        found.add(identifier_numbers.phones(text))
    if digits >= DATE_DIGITS:
        found.add(identifier_numbers.birth_dates(text, today))
    if digits >= POSTCODE_DIGITS:
        found.add(identifier_addresses.postcodes(text))
    found.add(identifier_addresses.addresses(text))
    people = _Findings(text, found)
    people.add(_vaulted(people.rest(), known))
    people.add(names(people.rest()))
    found.add(one for one in people.kept if not _is_exempt(text[one.start : one.end], known))
    beside = [one for one in found.kept if one.kind in (Kind.NAME, Kind.NHS_NUMBER)]
    found.add(identifier_numbers.dates_beside(text, beside, today))
    kept = (one for one in found.kept if (one.kind, folded(one.kind, text[one.start : one.end])) not in known.fine)
    return tuple(sorted(kept))


class _Findings:
    """Findings in one text that do not overlap: what comes first stays. `before` takes its places, but is not kept."""

    def __init__(self, text: str, before: _Findings | None = None) -> None:
        self.kept: list[Finding] = []
        self._text = text
        self._taken: bytearray = bytearray(len(text)) if before is None else bytearray(before._taken)

    def add(self, more: Iterable[Finding]) -> None:
        """Keep those whose place is free."""
        for one in more:
            if one.start < one.end and not any(self._taken[one.start : one.end]):
                self._taken[one.start : one.end] = b"\x01" * (one.end - one.start)
                self.kept.append(one)

    def rest(self) -> str:
        """The text with what is taken blanked out, every other character in its place."""
        if not any(self._taken):
            return self._text
        return "".join("\x00" if taken else letter for letter, taken in zip(self._text, self._taken, strict=True))


def kinds(found: Iterable[Finding]) -> tuple[Kind, ...]:
    """The kinds among the findings, each once, in the order of `Kind`."""
    present = {one.kind for one in found}
    return tuple(kind for kind in Kind if kind in present)


def is_full_name(name: str) -> bool:
    """More than a first name or a title and surname: "Sarah Whitcombe", "J. Abernathy"."""
    words = [word for word in words_of(name) if word not in TITLES and word not in PROFESSIONAL]
    return len(words) > 1 and any(len(word) > 2 for word in words)


def pressing(text: str, found: Iterable[Finding]) -> bool:
    """An NHS number, a phone number, an address, or a full name with a date of birth (people.md 24)."""
    every = list(found)
    born = any(one.kind is Kind.BIRTH_DATE for one in every)
    full = any(one.kind is Kind.NAME and is_full_name(text[one.start : one.end]) for one in every)
    return (born and full) or any(one.kind in PRESSING for one in every)


def _vaulted(text: str, known: Known) -> Iterable[Finding]:
    """Names this case has seen before, whole or one word of them, wherever they stand."""
    sure = {word for name in known.sure for word in words_of(name) if len(word) > 2 and word not in TITLES}
    seen = {word for name in known.seen for word in words_of(name) if len(word) > 2 and word not in TITLES}
    if not sure and not seen:
        return
    run: list[tuple[int, int]] = []
    for token in tokens(text):
        capital = token.text[0].isupper()
        plain = ordinary(token.low) or token.low in AMBIGUOUS or excluded(token.low)
        parts = {token.low, *token.low.split("-")}
        if plain:
            match = capital and not token.first and token.low in sure
        else:
            match = bool(parts & sure) or (capital and bool(parts & seen))
        if match and run and not token.before.strip(" "):
            run.append((token.start, token.end))
            continue
        if run:
            yield Finding(run[0][0], run[-1][1], Kind.NAME)
        run = [(token.start, token.end)] if match else []
    if run:
        yield Finding(run[0][0], run[-1][1], Kind.NAME)


def _is_exempt(name: str, known: Known) -> bool:
    """Every word of it, titles aside, is of one and the same person or place that may be named."""
    words = {word for word in words_of(name) if word not in TITLES and word not in PROFESSIONAL}
    return bool(words) and any(words <= set(words_of(other)) for other in known.exempt)
